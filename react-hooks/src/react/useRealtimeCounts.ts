'use client';

import type { ManyRuns } from '../client/feed/feeds.js';
import type { RunStatus } from '../client/run/run.js';
import { type Followed, type UseRealtimeRunOptions, useSubscription } from './useSubscription.js';

export interface UseRealtimeCountsInstance extends Followed {
  /** How many runs are in each status that has any; undefined until it is known. */
  counts: Partial<Record<RunStatus, number>> | undefined;
  /** How many runs there are in all. */
  total: number | undefined;
}

/**
 * Follows how many runs a filter lets through, by status, without the runs themselves: 100,000 of
 * them cost what ten do. There are five changes a second at the most.
 */
export function useRealtimeCounts(
  filter: Omit<ManyRuns, 'skipColumns'> | undefined,
  options?: Omit<UseRealtimeRunOptions, 'initialData'>,
): UseRealtimeCountsInstance {
  const { state, followed } = useSubscription(filter, options, { told: 'counts' });
  return { counts: state.counts?.counts, total: state.counts?.members, ...followed };
}
