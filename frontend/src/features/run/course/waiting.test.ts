import { describe, expect, it } from 'vitest';
import type { Course, Wait } from '../../../api/course.ts';
import { aRun } from '../../../testing/runs.ts';
import { waitingOf, waitingWords } from './waiting.ts';

const SINCE = new Date('2026-01-02T03:05:00Z');
const UNTIL = new Date('2026-01-02T04:00:00Z');
const RUN = aRun('r', { status: 'WAITING', updatedAt: new Date('2026-01-02T03:06:00Z') });

const wait = (more: Partial<Wait>): Wait => ({
  kind: 'MANUAL',
  id: 'x',
  input: undefined,
  batch: undefined,
  task: undefined,
  status: undefined,
  until: undefined,
  ended: false,
  ...more,
});

const course = (...waits: readonly Wait[]): Course => ({
  waitingSince: SINCE,
  holdup: undefined,
  attempts: [],
  waits,
  moreWaits: 0,
});

describe('what a run waits for', () => {
  it('is nothing where it goes on, whatever its course said before', () => {
    const going = aRun('r', { status: 'EXECUTING' });
    expect(waitingOf(going, course(wait({})))).toBeUndefined();
  });

  it('is told with when it began and when it ends by itself', () => {
    const time = wait({ kind: 'DATETIME', id: undefined, until: UNTIL });
    expect(waitingOf(RUN, course(time))).toEqual({
      since: SINCE.getTime(),
      what: 'time',
      input: undefined,
      until: UNTIL,
    });
  });

  it('is named for each kind, with a sentence of its own', () => {
    const all = [
      wait({ kind: 'DATETIME' }),
      wait({}),
      wait({ input: 'chat' }),
      wait({ kind: 'RUN' }),
      wait({ kind: 'BATCH' }),
      wait({ kind: 'ELSE' }),
    ].flatMap((each) => waitingOf(RUN, course(each)) ?? []);
    expect(all.map(({ what }) => what)).toEqual([
      'time',
      'token',
      'input',
      'run',
      'batch',
      undefined,
    ]);
    expect(new Set(all.map(waitingWords)).size).toBe(6);
    expect(waitingWords({ since: 0, what: 'input', input: 'chat', until: UNTIL })).toBe(
      'It goes on when something is sent in to it as chat; its patience ends',
    );
  });

  it('is the batch, for one of its runs too, and not what has ended', () => {
    const runs = [
      wait({ kind: 'BATCH', ended: true }),
      wait({ kind: 'RUN', batch: 'b', ended: true }),
      wait({ kind: 'RUN', batch: 'b' }),
    ];
    expect(waitingOf(RUN, course(...runs))?.what).toBe('batch');
  });

  it('is not known of a run that no engine executes: since it was last changed', () => {
    const known = { ...course(), waitingSince: undefined };
    const since = RUN.updatedAt.getTime();
    expect(waitingOf(RUN, known)).toMatchObject({ since, what: undefined });
    expect(waitingOf(RUN, undefined)).toMatchObject({ since, what: undefined });
  });
});
