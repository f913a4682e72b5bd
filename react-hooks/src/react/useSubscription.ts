'use client';

import { useEffect, useMemo, useState, useSyncExternalStore } from 'react';
import type { RealtimeError } from '../client/errors.js';
import { type ConnectionState, type FeedState, NOTHING } from '../client/feed/feedState.js';
import { feedPath, type RunFilter, type Told } from '../client/feed/feeds.js';
import type { InitialData } from '../client/feed/initialData.js';
import { type Completed, View } from '../client/view.js';
import { type UseApiClientOptions, useAccess } from './useAccess.js';
import { useStableFunction } from './useStableFunction.js';

/** What every hook that follows runs can be told. */
export interface UseRealtimeRunOptions extends UseApiClientOptions {
  /** Taken for the sake of the official package: what is followed twice is shared anyway. */
  id?: string | undefined;
  /** What happens within this time is rendered at once; 16 ms at least. */
  throttleInMs?: number | undefined;
  /** What a server has read by `client.snapshot`: goes on from there without a gap. */
  initialData?: InitialData | undefined;
}

/** What every hook that follows runs tells beside them. */
export interface Followed {
  /** Why nothing more will come, or what is in the way for now. */
  error: RealtimeError | undefined;
  /** Stops following; what is there stays. */
  stop: () => void;
  /** How what is shown relates to the service. */
  connection: ConnectionState;
  /** When what is shown was last known to be right. */
  asOf: Date | undefined;
}

/** What a hook wants of its feed beside the rows. */
interface Asked {
  readonly completed?: Completed | undefined;
  readonly told?: Told;
  /** A stream of the one run, `*` for all of them. */
  readonly streams?: string | undefined;
  /** How many rows to hold at most. */
  readonly limit?: number | undefined;
}

/**
 * The one hook with machinery: what a feed holds, followed for as long as the component is there.
 *
 * @param filter undefined for nothing yet
 */
export function useSubscription(
  filter: RunFilter | undefined,
  options: UseRealtimeRunOptions = {},
  { completed, told = 'proof', streams, limit }: Asked = {},
): { state: FeedState; followed: Followed } {
  const { enabled = true, throttleInMs = 0, initialData } = options;
  const access = useAccess(options);
  const [view] = useState(() => new View());
  const onCompleted = useStableFunction(completed);
  const feed = filter && feedPath(filter, told);
  const wanted = useMemo(
    () =>
      access && feed !== undefined
        ? access.client.wanted(feed, { ...access.credential, initialData }, streams, limit)
        : undefined,
    [access, feed, initialData, streams, limit],
  );

  const read = () => (access && wanted ? view.read(access.client, wanted) : NOTHING);
  const state = useSyncExternalStore(view.subscribe, read, () => wanted?.seed?.state ?? NOTHING);

  useEffect(() => {
    view.completed = onCompleted;
    view.throttleMs = throttleInMs;
  }, [view, onCompleted, throttleInMs]);
  useEffect(() => {
    if (access === undefined || wanted === undefined || !enabled) {
      return;
    }
    view.follow(access.client, wanted);
    return () => view.release();
  }, [view, access, wanted, enabled]);

  const { error, connection, asOf } = state;
  return { state, followed: { error, stop: view.stop, connection, asOf } };
}
