'use client';

import type { ManyRuns, SkipColumn } from '../client/feed/feeds.js';
import type { RealtimeRun } from '../client/run/run.js';
import type { AnyTask } from '../client/run/task.js';
import { type Followed, type UseRealtimeRunOptions, useSubscription } from './useSubscription.js';

export interface UseRealtimeRunsInstance<TTask extends AnyTask = AnyTask> extends Followed {
  /** The runs, oldest first. */
  runs: RealtimeRun<TTask>[];
}

export interface UseRealtimeRunsWithTagOptions extends UseRealtimeRunOptions {
  /** Only runs created within this time before now, such as `1h`; all by default. */
  createdAt?: string | undefined;
  skipColumns?: readonly SkipColumn[] | undefined;
}

export interface UseRealtimeRunsOptions extends UseRealtimeRunOptions {
  /**
   * How many runs to hold at most, those that were created last. What falls out is not told of any
   * more: when one that is held leaves, no older one takes its place. It takes no `initialData`.
   * Without, all are held.
   */
  limit?: number | undefined;
}

/** Follows the runs that a filter lets through; `{}` for every run of the environment. */
export function useRealtimeRuns<TTask extends AnyTask = AnyTask>(
  filter: ManyRuns | undefined,
  options: UseRealtimeRunsOptions = {},
): UseRealtimeRunsInstance<TTask> {
  const { limit } = options;
  // What is held can only be proven where it is all that there is.
  const told = limit === undefined ? 'proof' : 'rows';
  const { state, followed } = useSubscription(filter, options, { told, limit });
  // The list is never changed in place; its type is the official one.
  return { runs: state.runs as RealtimeRun<TTask>[], ...followed };
}

/** Follows the runs that carry a tag, or all of several. */
export function useRealtimeRunsWithTag<TTask extends AnyTask = AnyTask>(
  tag: string | string[],
  options: UseRealtimeRunsWithTagOptions = {},
): UseRealtimeRunsInstance<TTask> {
  const { createdAt, skipColumns } = options;
  return useRealtimeRuns<TTask>({ tags: tag, createdAt, skipColumns }, options);
}

/** Follows the runs of a batch. */
export function useRealtimeBatch<TTask extends AnyTask = AnyTask>(
  batchId: string,
  options?: UseRealtimeRunOptions,
): UseRealtimeRunsInstance<TTask> {
  return useRealtimeRuns<TTask>(batchId ? { batch: batchId } : undefined, options);
}
