'use client';

import type { OneRun, SkipColumn } from '../client/feed/feeds.js';
import type { RealtimeRun } from '../client/run/run.js';
import type { AnyTask } from '../client/run/task.js';
import type { Completed } from '../client/view.js';
import { type Followed, type UseRealtimeRunOptions, useSubscription } from './useSubscription.js';

export interface UseRealtimeSingleRunOptions<TTask extends AnyTask = AnyTask>
  extends UseRealtimeRunOptions {
  /** Called once, when the run is over. */
  onComplete?: ((run: RealtimeRun<TTask>, error?: Error) => void) | undefined;
  /** Whether to follow no further than to the run's final state; true by default. */
  stopOnCompletion?: boolean | undefined;
  /** Columns that need not be sent. */
  skipColumns?: readonly SkipColumn[] | undefined;
}

export interface UseRealtimeRunInstance<TTask extends AnyTask = AnyTask> extends Followed {
  /** The run; undefined until it is known. */
  run: RealtimeRun<TTask> | undefined;
}

/** Follows one run. Without an id it waits for one. */
export function useRealtimeRun<TTask extends AnyTask = AnyTask>(
  runId?: string,
  options: UseRealtimeSingleRunOptions<TTask> = {},
): UseRealtimeRunInstance<TTask> {
  return useOneRun(runId, options);
}

/** The feed of one run that hooks with these options share. */
export function oneRun(run: string, options: UseRealtimeSingleRunOptions): OneRun {
  const { stopOnCompletion = true, skipColumns } = options;
  return { run, stopOnCompletion, skipColumns };
}

/** @param streams what its feed is to tell of its streams: `*` for all */
export function useOneRun<TTask extends AnyTask = AnyTask>(
  runId: string | undefined,
  options: UseRealtimeSingleRunOptions<TTask>,
  streams?: string,
): UseRealtimeRunInstance<TTask> {
  const { state, followed } = useSubscription(
    runId ? oneRun(runId, options as UseRealtimeSingleRunOptions) : undefined,
    options,
    { completed: options.onComplete as Completed | undefined, streams },
  );
  return { run: state.runs[0] as RealtimeRun<TTask> | undefined, ...followed };
}
