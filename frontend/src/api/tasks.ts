import { ApiError, isRecord } from './http.ts';
import type { Columns } from './runs.ts';
import { listRuns } from './runs.ts';
import type { Api } from './session.ts';

/** A run to be started: a body of the trigger's own form. */
export interface TriggerBody {
  readonly payload?: unknown;
  readonly options: Readonly<Record<string, unknown>>;
}

/** What came of it. */
export interface Triggered {
  readonly id: string;
  /** Whether it is a run that its idempotency key had made before. */
  readonly isCached: boolean;
}

/** Starts a run of a task. */
export async function triggerTask(api: Api, task: string, asked: TriggerBody): Promise<Triggered> {
  const { body } = await api.ask(`/api/v1/tasks/${encodeURIComponent(task)}/trigger`, {
    method: 'POST',
    body: asked,
  });
  if (isRecord(body) && typeof body.id === 'string') {
    return { id: body.id, isCached: body.isCached === true };
  }
  throw new ApiError('The service gave no run.', 0);
}

const MOST_QUEUES = 100;

/** The tasks that have been seen: those of recent runs first, then all that have a queue. */
export async function seenTasks(api: Api, signal: AbortSignal): Promise<readonly string[]> {
  const [{ runs }, { body }] = await Promise.all([
    listRuns(api, new URLSearchParams(), {}, signal),
    api.ask(`/api/v1/queues?perPage=${MOST_QUEUES}`, { signal }),
  ]);
  const queues = isRecord(body) && Array.isArray(body.data) ? body.data : [];
  const named = queues.flatMap((queue) =>
    isRecord(queue) && queue.type === 'task' && typeof queue.name === 'string' ? [queue.name] : [],
  );
  return [...new Set([...runs.map(({ task }) => task), ...named])];
}

/** The newest run of a task with all that it was started with; undefined for none. */
export async function lastRunOf(
  api: Api,
  task: string,
  signal?: AbortSignal,
): Promise<Columns | undefined> {
  const query = new URLSearchParams({ 'filter[taskIdentifier]': task, 'page[size]': '1' });
  const { body: page } = await api.ask(`/api/v1/runs?${query}`, { signal });
  const [first] = isRecord(page) && Array.isArray(page.data) ? page.data : [];
  if (!isRecord(first) || typeof first.id !== 'string') {
    return undefined;
  }
  const { body } = await api.ask(`/api/v3/runs/${encodeURIComponent(first.id)}`, { signal });
  return isRecord(body) ? body : undefined;
}
