import { useQuery } from '@tanstack/react-query';
import { useEffect, useRef } from 'react';
import { type Batch, retrieveBatch } from '../../api/batches.ts';
import { useNow } from '../../lib/useNow.ts';
import type { Counts, FeedState } from '../../live/feed.ts';
import { useService } from '../../live/Service.tsx';
import { useCounts } from '../../live/useCounts.ts';
import { finishedOf, type Progress, progressOf, type Sample, withSample } from './batchProgress.ts';

/** A batch, as it stands. */
export interface BatchState {
  /** Null if there is no such batch; undefined while it is read. */
  readonly batch: Batch | null | undefined;
  readonly error: unknown;
  readonly again: () => void;
  /** Undefined while it is not known. */
  readonly counts: Counts | undefined;
  readonly total: number | undefined;
  readonly progress: Progress | undefined;
  readonly feed: FeedState;
}

/** No feed tells of the batch itself: when its runs are over, it is asked whether more will come. */
const ASK_AGAIN_MS = 3_000;

/** Follows a batch. */
export function useBatch(id: string): BatchState {
  const { api } = useService();
  const { counts, total, feed } = useCounts({ batch: id });
  const samples = useRef<readonly Sample[]>([]);
  const now = useNow();
  const finished = counts === undefined ? undefined : finishedOf(counts);
  const { data, error, refetch } = useQuery({
    queryKey: ['batch', id],
    queryFn: ({ signal }) => retrieveBatch(api, id, signal),
    refetchInterval: ({ state }) =>
      state.data && state.data.status !== 'COMPLETED' && finished === total ? ASK_AGAIN_MS : false,
  });
  useEffect(() => {
    if (finished !== undefined) {
      samples.current = withSample(samples.current, { at: Date.now(), finished });
    }
  }, [finished]);
  const allOver = finished !== undefined && finished === total && finished > 0;
  useEffect(() => {
    if (allOver) {
      void refetch();
    }
  }, [allOver, refetch]);
  return {
    batch: data,
    error,
    again: () => void refetch(),
    counts,
    total,
    progress: data && counts ? progressOf(data, counts, samples.current, now) : undefined,
    feed,
  };
}
