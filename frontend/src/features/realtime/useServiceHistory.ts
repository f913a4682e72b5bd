import { useQuery } from '@tanstack/react-query';
import { useRef } from 'react';
import { lookInside } from '../../api/service.ts';
import type { FeedState } from '../../live/feed.ts';
import { useService } from '../../live/Service.tsx';
import { type History, withLook } from './serviceHistory.ts';

/** Samples come at this pace. */
const EVERY_MS = 5_000;

interface ServiceHistory {
  readonly history: History | undefined;
  /** How what is shown relates to the service. */
  readonly feed: FeedState;
  readonly error: Error | undefined;
  readonly again: () => void;
}

/** Follows what the service tells of itself. */
export function useServiceHistory(): ServiceHistory {
  const { api } = useService();
  const known = useRef<History>(undefined);
  const { data, error, dataUpdatedAt, failureCount, refetch } = useQuery({
    queryKey: ['inside'],
    queryFn: async ({ signal }) => {
      const look = await lookInside(api, known.current?.samples.at(-1)?.at, signal);
      known.current = withLook(known.current, look, new Date());
      return known.current;
    },
    refetchInterval: EVERY_MS,
    // Begun anew by whoever comes back: it is of this mount.
    gcTime: 0,
    structuralSharing: false,
  });
  const failed = error !== null || failureCount > 0;
  return {
    history: data,
    feed: {
      connection: data === undefined ? 'connecting' : failed ? 'stale' : 'live',
      asOf: dataUpdatedAt === 0 ? undefined : new Date(dataUpdatedAt),
      error: undefined,
    },
    error: error ?? undefined,
    again: () => void refetch(),
  };
}
