import { type RunSummary, STATUSES, type Status } from '../api/run.ts';
import type { UrlState } from '../lib/urlState.ts';
import type { FeedFilter } from '../live/feed.ts';

/** How far back a list goes. */
export const PERIODS = {
  '1h': 3_600_000,
  '24h': 86_400_000,
  '7d': 604_800_000,
  '30d': 2_592_000_000,
} as const;

export type Period = keyof typeof PERIODS;

/** The same in words. */
export const PERIOD_CHOICES: readonly { readonly value: Period; readonly label: string }[] = [
  { value: '1h', label: 'Last hour' },
  { value: '24h', label: 'Last 24 hours' },
  { value: '7d', label: 'Last 7 days' },
  { value: '30d', label: 'Last 30 days' },
];

/** Which runs are shown. An empty list leaves a thing open. */
export interface RunFilters {
  readonly status: readonly Status[];
  readonly task: readonly string[];
  /** A run needs one of them. */
  readonly tags: readonly string[];
  readonly batch: string | undefined;
  readonly version: readonly string[];
  readonly period: Period | undefined;
  /** How the id begins. */
  readonly id: string;
}

/** Every run there is. */
export const NO_FILTERS: RunFilters = {
  status: [],
  task: [],
  tags: [],
  batch: undefined,
  version: [],
  period: undefined,
  id: '',
};

/** Reads filters from an address; what does not make sense there is passed over. */
export function filtersOf(url: UrlState): RunFilters {
  const asked = new Set(values(url.status));
  return {
    status: STATUSES.filter((status) => asked.has(status)),
    task: values(url.task),
    tags: values(url.tags),
    batch: url.batch === undefined || url.batch === '' ? undefined : url.batch,
    version: values(url.version),
    period: isPeriod(url.period) ? url.period : undefined,
    id: url.id ?? '',
  };
}

/** Writes filters into an address. */
export function urlOf(filters: RunFilters): UrlState {
  const members = {
    status: filters.status.join(),
    task: filters.task.join(),
    tags: filters.tags.join(),
    batch: filters.batch ?? '',
    version: filters.version.join(),
    period: filters.period ?? '',
    id: filters.id,
  };
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== ''));
}

/** The same as the service's list takes them. */
export function queryOf(filters: RunFilters): URLSearchParams {
  const query = new URLSearchParams();
  const put = (name: string, list: readonly string[]) => {
    if (list.length > 0) {
      query.set(`filter[${name}]`, list.join());
    }
  };
  put('id', beginningsOf(filters.id));
  put('status', filters.status);
  put('taskIdentifier', filters.task);
  put('tag', filters.tags);
  put('batch', filters.batch === undefined ? [] : [filters.batch]);
  put('version', filters.version);
  put('createdAt][period', filters.period === undefined ? [] : [filters.period]);
  return query;
}

/**
 * The feed that tells of those runs. It is wider where a feed has no such filter or one of another
 * meaning: one by status would take away the run that one looks at, one by tags wants all of them,
 * and the bound of one by time does not move.
 */
export function feedFilterOf({ task, tags, batch }: RunFilters): FeedFilter {
  return {
    ...(batch !== undefined && { batch }),
    ...(batch === undefined && tags.length === 1 && { tags }),
    ...(task.length > 0 && { taskIdentifier: task }),
  };
}

/** The feed whose runs are all of those but for their status; undefined if there is none. */
export function countedFeedOf(filters: RunFilters): FeedFilter | undefined {
  const { tags, batch, version, period, id } = filters;
  if (id.trim() !== '' || version.length > 0 || tags.length > (batch === undefined ? 1 : 0)) {
    return undefined;
  }
  return { ...feedFilterOf(filters), ...(period !== undefined && { createdAt: period }) };
}

/** Whether a run is one of those. */
export function matches(filters: RunFilters, run: RunSummary, now: number): boolean {
  const { status, task, tags, batch, version, period, id } = filters;
  const beginnings = beginningsOf(id);
  return (
    (beginnings.length === 0 || beginnings.some((text) => run.id.startsWith(text))) &&
    oneOf(status, run.status) &&
    oneOf(task, run.task) &&
    (tags.length === 0 || tags.some((tag) => run.tags.includes(tag))) &&
    (batch === undefined || batch === run.batchId) &&
    (version.length === 0 || (run.version !== undefined && version.includes(run.version))) &&
    (period === undefined || run.createdAt.getTime() >= now - PERIODS[period])
  );
}

/** How ids may begin of which somebody has typed the beginning, with or without what all have. */
function beginningsOf(typed: string): readonly string[] {
  const text = typed.trim();
  const isWhole = text.startsWith(KIND) || KIND.startsWith(text);
  return text === '' ? [] : isWhole ? [text] : [text, KIND + text];
}

const KIND = 'run_';

/** Whether anything narrows the list. */
export function isNarrowed(filters: RunFilters): boolean {
  return Object.keys(urlOf(filters)).length > 0;
}

function oneOf<T>(list: readonly T[], value: T): boolean {
  return list.length === 0 || list.includes(value);
}

function values(text: string | undefined): readonly string[] {
  return [...new Set((text ?? '').split(',').filter((value) => value !== ''))];
}

function isPeriod(text: string | undefined): text is Period {
  return text !== undefined && Object.hasOwn(PERIODS, text);
}
