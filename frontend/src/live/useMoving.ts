import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import type { FeedState } from './feed.ts';
import { Paced } from './paced.ts';
import { useService } from './Service.tsx';

/** What was read, and how it relates to the service. */
export interface Moving<T> {
  /** Undefined until it is read. */
  readonly data: T | undefined;
  readonly error: Error | undefined;
  readonly feed: FeedState;
  /** Reads it again now, as after something that was done here. */
  readonly again: () => Promise<unknown>;
}

/** People see no difference below, and reading may take the service a while: a tenth of its time. */
const LEAST_PAUSE_MS = 1_000;
const PAUSES = 10;

const CONNECTING: FeedState = { connection: 'connecting', asOf: undefined, error: undefined };

/**
 * Follows what is told by no feed, queues and the like: it is read anew when runs of the environment
 * move, which the counts by status tell (by themselves, a few bytes for however many runs), and when
 * one comes back to the window, for what moves no run. There is no polling.
 *
 * @param key of all that the reading depends on
 * @param also has it read anew too, whenever it is another one
 */
export function useMoving<T>(
  key: readonly unknown[],
  read: (signal: AbortSignal) => Promise<T>,
  also?: unknown,
): Moving<T> {
  const { openCounts } = useService();
  const [feed, setFeed] = useState(CONNECTING);
  const { data, error, refetch } = useQuery({
    queryKey: key,
    queryFn: ({ signal }) => read(signal),
    placeholderData: keepPreviousData,
    refetchOnWindowFocus: true,
  });
  const pace = useRef<Paced>(undefined);
  const seen = useRef(also);
  const readAgain = useRef(refetch);
  readAgain.current = refetch;
  useEffect(() => {
    const paced = new Paced(
      // Nobody looks at a hidden page; who comes back to it has it read then.
      () => (document.hidden ? Promise.resolve() : readAgain.current({ cancelRefetch: true })),
      (tookMs) => Math.max(LEAST_PAUSE_MS, PAUSES * tookMs),
    );
    pace.current = paced;
    let known = '';
    let live = false;
    const close = openCounts(
      {},
      {
        counts: (counts) => {
          const told = JSON.stringify(counts);
          if (told !== known) {
            known = told;
            paced.ask();
          }
        },
        state: (state) => {
          const isLive = state.connection === 'live';
          if (isLive && !live) {
            paced.ask();
          }
          live = isLive;
          setFeed(state);
        },
      },
    );
    return () => {
      close();
      paced.stop();
    };
  }, [openCounts]);
  useEffect(() => {
    if (seen.current !== also) {
      seen.current = also;
      pace.current?.ask();
    }
  }, [also]);
  return { data, error: error ?? undefined, feed, again: () => refetch() };
}
