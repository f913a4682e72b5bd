import { isRecord } from './http.ts';
import { type NumberedList, numberedList, numberOf, PER_PAGE, textOf, timeOf } from './lists.ts';
import type { Api } from './session.ts';

/** A queue, as it stands. */
export interface Queue {
  readonly id: string;
  readonly name: string;
  /** Whether it is that of a task, or one with a name of its own. */
  readonly type: 'task' | 'custom';
  readonly queued: number;
  readonly running: number;
  readonly paused: boolean;
  readonly limit: QueueLimit;
}

/** How many of its runs may run at once; undefined for as many as there are. */
export interface QueueLimit {
  readonly current: number | undefined;
  /** As the code declares it. */
  readonly base: number | undefined;
  /** As it was set over that. */
  readonly override: number | undefined;
  readonly overriddenAt: Date | undefined;
}

/** A concurrency key: a limit holds for each of its own. */
export interface QueueKey {
  readonly key: string;
  readonly queued: number;
  readonly running: number;
}

/** A page of the queues, by name. */
export async function listQueues(
  api: Api,
  page: number,
  signal?: AbortSignal,
): Promise<NumberedList<Queue>> {
  const { body } = await api.ask(`/api/v1/queues?perPage=${PER_PAGE}&page=${page}`, { signal });
  return numberedList(body, parse);
}

function parse(body: unknown): Queue | undefined {
  if (!isRecord(body) || typeof body.id !== 'string' || typeof body.name !== 'string') {
    return undefined;
  }
  const limit = isRecord(body.concurrency) ? body.concurrency : {};
  return {
    id: body.id,
    name: body.name,
    type: body.type === 'task' ? 'task' : 'custom',
    queued: numberOf(body.queued) ?? 0,
    running: numberOf(body.running) ?? 0,
    paused: body.paused === true,
    limit: {
      current: numberOf(limit.current),
      base: numberOf(limit.base),
      override: numberOf(limit.override),
      overriddenAt: timeOf(limit.overriddenAt),
    },
  };
}

/** The keys of a queue that have runs, those first with the most. */
export async function listQueueKeys(
  api: Api,
  id: string,
  signal?: AbortSignal,
): Promise<readonly QueueKey[]> {
  const { body } = await api.ask(`${path(id)}/keys`, { signal });
  const keys = isRecord(body) && Array.isArray(body.keys) ? body.keys.filter(isRecord) : [];
  return keys.flatMap((entry) => {
    const key = textOf(entry.key);
    return key === undefined
      ? []
      : [{ key, queued: numberOf(entry.queued) ?? 0, running: numberOf(entry.running) ?? 0 }];
  });
}

/** Has the runs of a queue wait, or go on. */
export async function pauseQueue(api: Api, id: string, pause: boolean): Promise<void> {
  await api.ask(`${path(id)}/pause`, {
    method: 'POST',
    body: { action: pause ? 'pause' : 'resume' },
  });
}

/** Has another limit hold than the declared one. */
export async function overrideLimit(api: Api, id: string, limit: number): Promise<void> {
  await api.ask(`${path(id)}/concurrency/override`, {
    method: 'POST',
    body: { concurrencyLimit: limit },
  });
}

/** Has the declared limit hold again. */
export async function resetLimit(api: Api, id: string): Promise<void> {
  await api.ask(`${path(id)}/concurrency/reset`, { method: 'POST', body: {} });
}

function path(id: string): string {
  return `/api/v1/queues/${encodeURIComponent(id)}`;
}
