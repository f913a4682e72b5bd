import { ApiError, isRecord } from './http.ts';
import { parseSummary, type RunSummary } from './run.ts';
import type { Api } from './session.ts';
import { listTasks } from './taskList.ts';

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

/** The tasks that there are, a hundred at most: those first that the newest build has. */
export async function seenTasks(api: Api, signal: AbortSignal): Promise<readonly string[]> {
  const { items } = await listTasks(api, 1, signal);
  const current = items.filter(({ build }) => build?.current === true);
  const others = items.filter(({ build }) => build?.current !== true);
  return [...current, ...others].map(({ id }) => id);
}

/** The newest runs of a task. */
export async function lastRunsOf(
  api: Api,
  task: string,
  most: number,
  signal?: AbortSignal,
): Promise<readonly RunSummary[]> {
  const query = new URLSearchParams({ 'filter[taskIdentifier]': task, 'page[size]': String(most) });
  const { body } = await api.ask(`/api/v1/runs?${query}`, { signal });
  const data = isRecord(body) && Array.isArray(body.data) ? body.data : [];
  return data.flatMap((run) => parseSummary(run) ?? []);
}

/** What a run was started with; undefined for nothing, or for what is kept apart. */
export async function payloadOf(api: Api, run: string): Promise<unknown> {
  const { body } = await api.ask(`/api/v3/runs/${encodeURIComponent(run)}`);
  return isRecord(body) ? body.payload : undefined;
}
