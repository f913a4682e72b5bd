import type { RunStatus } from '../run/run.js';

/**
 * Where each live feed of a service is. All are read with a token in the Authorization header, or
 * carried by a socket; docs/PROTOCOL.md describes what they send.
 *
 * `baseUrl` is the service's own address, with or without a slash at its end.
 */

/** Columns that need not be sent, by the names of either API. */
export type SkipColumn =
  | 'startedAt'
  | 'delayUntil'
  | 'delayedUntil'
  | 'queuedAt'
  | 'expiredAt'
  | 'completedAt'
  | 'finishedAt'
  | 'number'
  | 'isTest'
  | 'usageDurationMs'
  | 'durationMs'
  | 'costInCents'
  | 'baseCostInCents'
  | 'ttl'
  | 'payload'
  | 'payloadType'
  | 'metadata'
  | 'output'
  | 'outputType'
  | 'runTags'
  | 'tags'
  | 'error';

/** As the official package has it. */
export type RealtimeRunSkipColumns = SkipColumn[];

/** What narrows a feed of several runs. */
export interface Narrowing {
  /** Only runs created within this time before the feed began (`1h30m`), or since an instant. */
  readonly createdAt?: string | undefined;
  /** Only runs in one of these statuses; one that changes to another leaves. */
  readonly status?: RunStatus | readonly RunStatus[] | undefined;
  readonly taskIdentifier?: string | readonly string[] | undefined;
  readonly skipColumns?: readonly SkipColumn[] | undefined;
}

/** One run. */
export interface OneRun {
  readonly run: string;
  /** The feed ends with the run's final state. */
  readonly stopOnCompletion?: boolean | undefined;
  readonly skipColumns?: readonly SkipColumn[] | undefined;
  readonly batch?: never;
  readonly tags?: never;
  readonly parent?: never;
}

/** The runs of a batch, those with all of some tags, those that one triggered; or all there are. */
export interface ManyRuns extends Narrowing {
  readonly run?: never;
  readonly batch?: string | undefined;
  readonly tags?: string | readonly string[] | undefined;
  readonly parent?: string | undefined;
}

/** Which runs a feed is of. */
export type RunFilter = OneRun | ManyRuns;

/**
 * What a feed is to tell: its rows; rows beside proof that none is missing, where there are several;
 * or only how many there are.
 */
export type Told = 'rows' | 'proof' | 'counts';

/** The path and query of a feed. Filters that mean the same have the same one. */
export function feedPath(filter: RunFilter, told: Told = 'rows'): string {
  const query = new URLSearchParams();
  if (told === 'counts') {
    query.set('include', 'counts');
    query.set('rows', 'none');
  } else if (told === 'proof' && filter.run === undefined) {
    query.set('include', 'digest');
  }
  for (const tag of filter.tags === undefined ? [] : sorted(filter.tags)) {
    query.append('tag', tag);
  }
  if (filter.parent !== undefined) {
    query.set('parent', filter.parent);
  }
  if (filter.run === undefined) {
    narrow(query, filter);
  } else if (filter.stopOnCompletion === true) {
    query.set('stopOnCompletion', 'true');
  }
  if (filter.skipColumns !== undefined && filter.skipColumns.length > 0) {
    query.set('skipColumns', sorted(filter.skipColumns).join());
  }
  const text = query.toString();
  return text === '' ? place(filter) : `${place(filter)}?${text}`;
}

/** The feed of a run that tells some of its streams, too; `*` for all of them. */
export function withStreams(feed: string, streams: readonly string[]): string {
  const names = streams.map(encodeURIComponent).join();
  return names === '' ? feed : `${feed}${feed.includes('?') ? '&' : '?'}streams=${names}`;
}

/** Every run of the token's environment. */
export function environmentFeed(baseUrl: string): string {
  return root(baseUrl) + feedPath({});
}

/** One run. */
export function runFeed(baseUrl: string, runId: string): string {
  return root(baseUrl) + feedPath({ run: runId });
}

/** The runs that carry all of these tags. */
export function tagFeed(baseUrl: string, tags: readonly string[]): string {
  return root(baseUrl) + feedPath({ tags });
}

/** The runs of one batch. */
export function batchFeed(baseUrl: string, batchId: string): string {
  return root(baseUrl) + feedPath({ batch: batchId });
}

/** An address without the slash at its end. */
export function root(baseUrl: string): string {
  return baseUrl.replace(/\/$/, '');
}

function place(filter: RunFilter): string {
  if (filter.run !== undefined) {
    return `/realtime/v1/runs/${encodeURIComponent(filter.run)}`;
  }
  return filter.batch === undefined
    ? '/realtime/v1/runs'
    : `/realtime/v1/batches/${encodeURIComponent(filter.batch)}`;
}

function narrow(query: URLSearchParams, narrowing: Narrowing): void {
  const { createdAt, status, taskIdentifier } = narrowing;
  if (createdAt !== undefined) {
    query.set('createdAt', createdAt);
  }
  if (status !== undefined) {
    query.set('status', sorted(status).join());
  }
  if (taskIdentifier !== undefined) {
    query.set('taskIdentifier', sorted(taskIdentifier).join());
  }
}

function sorted(values: string | readonly string[]): readonly string[] {
  return typeof values === 'string' ? [values] : [...new Set(values)].sort();
}
