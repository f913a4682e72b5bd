import { describe, expect, it } from 'vitest';
import type { Queue } from '../../api/queues.ts';
import { heldOf, matching, shownOf } from './queueRows.ts';

function queue(name: string, change: Partial<Queue> = {}): Queue {
  const limit = {
    current: undefined,
    base: undefined,
    override: undefined,
    overriddenAt: undefined,
  };
  return { id: name, name, type: 'task', queued: 0, running: 0, paused: false, limit, ...change };
}

function limited(current: number) {
  return { current, base: current, override: undefined, overriddenAt: undefined };
}

describe('queues', () => {
  const idle = queue('send-email');
  const busy = queue('Emails', { queued: 3 });
  const paused = queue('reports', { paused: true });

  it('are found by a part of their name, however it is written', () => {
    expect(matching([idle, busy, paused], ' EMAIL', 'all')).toEqual([idle, busy]);
  });

  it('are narrowed to those with runs, those paused, and those with another limit', () => {
    const overridden = queue('calls', { limit: { ...limited(5), override: 5 } });
    expect(matching([idle, busy, paused], '', 'busy')).toEqual([busy]);
    expect(matching([idle, busy, paused], '', 'paused')).toEqual([paused]);
    expect(matching([idle, overridden], '', 'overridden')).toEqual([overridden]);
    expect(shownOf('paused')).toBe('paused');
    expect(shownOf('whatever')).toBe('all');
  });

  it('are held up by a pause, or by their limit when runs wait for it', () => {
    expect(heldOf(queue('a', { paused: true, queued: 1 }))).toBe('paused');
    expect(heldOf(queue('a', { queued: 1, running: 2, limit: limited(2) }))).toBe('full');
    expect(heldOf(queue('a', { queued: 0, running: 2, limit: limited(2) }))).toBeUndefined();
    expect(heldOf(queue('a', { queued: 1, running: 1, limit: limited(2) }))).toBeUndefined();
    expect(heldOf(queue('a', { queued: 9, running: 9 }))).toBeUndefined();
    expect(heldOf(queue('a', { queued: 3, running: 6, limit: limited(4) }))).toBeUndefined();
  });
});
