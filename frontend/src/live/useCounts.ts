import { useEffect, useState } from 'react';
import type { Counts, FeedFilter, FeedState } from './feed.ts';
import { useService } from './Service.tsx';

/** How many runs there are. */
export interface Counted {
  /** By status; undefined until it is known. */
  readonly counts: Counts | undefined;
  readonly total: number | undefined;
  readonly feed: FeedState;
}

const NOT_YET: Counted = {
  counts: undefined,
  total: undefined,
  feed: { connection: 'connecting', asOf: undefined, error: undefined },
};

/** Counts the runs of a feed by their status, live; undefined counts none. */
export function useCounts(filter: FeedFilter | undefined): Counted {
  const { openCounts } = useService();
  const key = filter === undefined ? undefined : JSON.stringify(filter);
  const [counted, setCounted] = useState({ key, ...NOT_YET });
  useEffect(() => {
    if (key === undefined) {
      return;
    }
    setCounted({ key, ...NOT_YET });
    return openCounts(JSON.parse(key), {
      counts: (counts, total) => setCounted((known) => ({ ...known, counts, total })),
      state: (feed) => setCounted((known) => ({ ...known, feed })),
    });
  }, [openCounts, key]);
  return key !== undefined && counted.key === key ? counted : NOT_YET;
}
