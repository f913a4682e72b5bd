import { describe, expect, it } from 'vitest';
import { columns } from '../../fakes/runs.js';
import { viewOf } from './runView.js';

describe('viewOf', () => {
  it('shows times as dates and leaves out what is null or was skipped', () => {
    const { payload, ...rest } = columns('r', { startedAt: '2026-01-02T03:04:06.000Z' });

    const view = viewOf({ ...rest, id: 'r', finishedAt: null });

    expect(view.createdAt).toEqual(new Date('2026-01-02T03:04:05.678Z'));
    expect(view.startedAt).toEqual(new Date('2026-01-02T03:04:06.000Z'));
    for (const name of ['payload', 'output', 'error', 'metadata', 'finishedAt']) {
      expect(view).not.toHaveProperty(name);
    }
    expect(view).toMatchObject({ durationMs: 0, costInCents: 0, tags: [], isTest: false });
  });

  it('shows what JSON does not have as what it was', () => {
    const view = viewOf(
      columns('r', {
        payload: { at: '1970-01-01T00:00:00.007Z' },
        payloadMeta: { values: { at: ['Date'] } },
        output: '9',
        outputMeta: { values: ['bigint'] },
      }),
    );

    expect(view.payload).toEqual({ at: new Date(7) });
    expect(view.output).toBe(9n);
    expect(view).not.toHaveProperty('payloadMeta');
  });

  it.each([
    ['QUEUED', 'isQueued'],
    ['DELAYED', 'isQueued'],
    ['PENDING_VERSION', 'isQueued'],
    ['DEQUEUED', 'isExecuting'],
    ['EXECUTING', 'isExecuting'],
    ['WAITING', 'isWaiting'],
    ['COMPLETED', 'isSuccess', 'isCompleted'],
    ['FAILED', 'isFailed', 'isCompleted'],
    ['CRASHED', 'isFailed', 'isCompleted'],
    ['SYSTEM_FAILURE', 'isFailed', 'isCompleted'],
    ['EXPIRED', 'isFailed', 'isCompleted'],
    ['TIMED_OUT', 'isFailed', 'isCompleted'],
    ['CANCELED', 'isCancelled'],
    ['UNHEARD_OF'],
  ])('says what %s comes to', (status, ...flags) => {
    const view = viewOf(columns('r', { status }));

    const set = Object.entries(view).filter(([name, value]) => name !== 'isTest' && value === true);
    expect(set.map(([name]) => name).sort()).toEqual([...flags].sort());
  });

  it.each([
    [
      { type: 'BUILT_IN_ERROR', name: 'TypeError', message: 'no', stackTrace: 'at' },
      { name: 'TypeError', message: 'no', stackTrace: 'at' },
    ],
    [
      {
        type: 'BUILT_IN_ERROR',
        name: 'E',
        message: 'no',
        stackTrace: 'at',
        causes: [{ message: 'why' }],
      },
      { name: 'E', message: 'no', stackTrace: 'at', causes: [{ message: 'why' }] },
    ],
    [{ type: 'STRING_ERROR', raw: 'no' }, { message: 'no' }],
    [{ type: 'CUSTOM_ERROR', raw: '{"a":1}' }, { message: '{"a":1}' }],
    [
      { type: 'INTERNAL_ERROR', code: 'TASK_RUN_CRASHED', message: 'secret' },
      { message: 'trigger.dev internal error (TASK_RUN_CRASHED)' },
    ],
    [{ message: 'none', causes: [] }, { message: 'none' }],
    [{ code: 7 }, { message: '{"code":7}' }],
    ['no', { message: 'no' }],
    [7, { message: '7' }],
  ])('shows the error %j as the official hooks do', (error, shown) => {
    expect(viewOf(columns('r', { error })).error).toEqual(shown);
  });
});
