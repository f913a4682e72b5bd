'use client';

import type { ManyRuns, SkipColumn } from '../client/feeds.js';
import type { RealtimeRun } from '../client/run.js';
import type { AnyTask } from '../client/task.js';
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

/** Follows the runs that a filter lets through; `{}` for every run of the environment. */
export function useRealtimeRuns<TTask extends AnyTask = AnyTask>(
  filter: ManyRuns | undefined,
  options?: UseRealtimeRunOptions,
): UseRealtimeRunsInstance<TTask> {
  const { state, followed } = useSubscription(filter, options);
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
