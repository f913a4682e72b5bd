'use client';

import type { SkipColumn } from '../client/feeds.js';
import type { RealtimeRun } from '../client/run.js';
import type { AnyTask } from '../client/task.js';
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
  const { onComplete, stopOnCompletion = true, skipColumns } = options;
  const { state, followed } = useSubscription(
    runId ? { run: runId, stopOnCompletion, skipColumns } : undefined,
    options,
    { completed: onComplete as Completed | undefined },
  );
  return { run: state.runs[0] as RealtimeRun<TTask> | undefined, ...followed };
}
