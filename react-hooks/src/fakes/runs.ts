import type { Frame, RunColumns, ToldRun } from '../client/protocol.js';

/** A run's row, whole, as the service tells it. */
export function columns(id: string, told: Record<string, unknown> = {}): RunColumns {
  return {
    id,
    taskIdentifier: 'send-email',
    status: 'QUEUED',
    tags: [],
    createdAt: '2026-01-02T03:04:05.678Z',
    updatedAt: '2026-01-02T03:04:05.678Z',
    realtimeStreams: [],
    isTest: false,
    payload: { to: 'ada' },
    payloadType: 'application/json',
    output: null,
    metadata: null,
    error: null,
    ...told,
  };
}

/** A whole run of a snapshot. */
export function told(id: string, version: number, more: Record<string, unknown> = {}): ToldRun {
  return { version, run: columns(id, more) };
}

/** All there is, in one piece. */
export function fullRead(...runs: readonly ToldRun[]): Frame {
  return { type: 'snapshot', full: true, start: true, complete: true, runs, left: [] };
}

/** A change of the narrow columns of a run. */
export function change(id: string, version: number, more: Record<string, unknown>): Frame {
  return { type: 'run', version, whole: false, committedAt: undefined, run: { id, ...more } };
}

/** A frame as the `data` of its event. */
export function dataOf({ type, ...data }: Frame): unknown {
  return data;
}
