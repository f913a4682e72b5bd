import { ApiError, isRecord } from './http.ts';
import { numberOf, textOf } from './lists.ts';
import { parseSummary, type RunSummary } from './run.ts';
import type { Api } from './session.ts';

/** A run's members as they came. */
export type Columns = Readonly<Record<string, unknown>>;

/** A page of a list, newest first. */
export interface RunPage {
  readonly runs: readonly RunSummary[];
  /** Where the next page is; undefined after the last. */
  readonly next: string | undefined;
  /** Where the page before it is; undefined before the first. */
  readonly previous: string | undefined;
  /** Where a feed goes on from here; undefined before the service has heard the log. */
  readonly cursor: string | undefined;
  /** How many rows there were to be passed over, if there is nothing behind them. */
  readonly passed: number | undefined;
}

/** Where a page begins, or ends: at the mark of another one, or the beginning of the list. */
export interface PageMark {
  readonly after?: string;
  readonly before?: string;
  /** So many rows are passed over on the way. */
  readonly skip?: number;
}

/** One run with all that is told of it. */
export interface RunDetails {
  readonly run: RunSummary;
  /** Its members as they came. */
  readonly columns: Columns;
  readonly root: RunSummary | undefined;
  readonly parent: RunSummary | undefined;
  readonly children: readonly RunSummary[];
  readonly cursor: string | undefined;
}

const PAGE = 100;

/** A page of the runs that a query of `filter[…]` members asks for. */
export async function listRuns(
  api: Api,
  query: URLSearchParams,
  { after, before, skip }: PageMark,
  signal?: AbortSignal,
): Promise<RunPage> {
  const asked = new URLSearchParams(query);
  asked.set('page[size]', String(PAGE));
  for (const [name, value] of Object.entries({ after, before, skip })) {
    if (value !== undefined) {
      asked.set(`page[${name}]`, String(value));
    }
  }
  const { body, cursor } = await api.ask(`/api/v1/runs?${asked}`, { signal });
  const pagination = isRecord(body) && isRecord(body.pagination) ? body.pagination : {};
  const data = isRecord(body) && Array.isArray(body.data) ? body.data : [];
  return {
    runs: summaries(data),
    next: textOf(pagination.next),
    previous: textOf(pagination.previous),
    cursor,
    passed: numberOf(pagination.passed),
  };
}

/** One run; undefined if there is none of this id. */
export async function retrieveRun(
  api: Api,
  id: string,
  signal?: AbortSignal,
): Promise<RunDetails | undefined> {
  try {
    const { body, cursor } = await api.ask(`/api/v3/runs/${encodeURIComponent(id)}`, { signal });
    const run = parseSummary(body);
    if (run === undefined || !isRecord(body)) {
      throw new ApiError('The service’s answer is no run.', 0);
    }
    const related = isRecord(body.relatedRuns) ? body.relatedRuns : {};
    return {
      run,
      columns: body,
      root: parseSummary(related.root),
      parent: parseSummary(related.parent),
      children: summaries(related.children),
      cursor,
    };
  } catch (error) {
    if (error instanceof ApiError && error.status === 404) {
      return undefined;
    }
    throw error;
  }
}

/** Cancels a run; of one that has finished nothing comes. */
export async function cancelRun(api: Api, id: string): Promise<void> {
  await api.ask(`/api/v2/runs/${encodeURIComponent(id)}/cancel`, { method: 'POST' });
}

/**
 * Runs a run again and gives the new one's id.
 *
 * @param payload in the place of the old one; undefined leaves it as it was
 */
export async function replayRun(api: Api, id: string, payload?: unknown): Promise<string> {
  const { body } = await api.ask(`/api/v1/runs/${encodeURIComponent(id)}/replay`, {
    method: 'POST',
    body: payload === undefined ? {} : { payload },
  });
  if (isRecord(body) && typeof body.id === 'string') {
    return body.id;
  }
  throw new ApiError('The service gave no run.', 0);
}

/** Has a delayed run wait until another time, or for `1h` and the like. */
export async function rescheduleRun(api: Api, id: string, delay: string): Promise<void> {
  await api.ask(`/api/v1/runs/${encodeURIComponent(id)}/reschedule`, {
    method: 'POST',
    body: { delay },
  });
}

function summaries(value: unknown): RunSummary[] {
  return Array.isArray(value)
    ? value.flatMap((entry) => {
        const run = parseSummary(entry);
        return run === undefined ? [] : [run];
      })
    : [];
}
