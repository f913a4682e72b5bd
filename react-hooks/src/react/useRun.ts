'use client';

import { useEffect, useState, useSyncExternalStore } from 'react';
import type { RealtimeRun } from '../client/run/run.js';
import { RunQuery } from '../client/run/runQuery.js';
import type { AnyTask } from '../client/run/task.js';
import { type UseApiClientOptions, useAccess } from './useAccess.js';

export interface CommonTriggerHookOptions extends UseApiClientOptions {
  /** Asks again and again, in milliseconds, until the run is over. Following it costs less. */
  refreshInterval?: number | undefined;
  /** Asks again when the browser is online again; true by default. */
  revalidateOnReconnect?: boolean | undefined;
  /** Asks again when the page is looked at again; true by default. */
  revalidateOnFocus?: boolean | undefined;
}

export interface UseRunInstance<TTask extends AnyTask = AnyTask> {
  run: RealtimeRun<TTask> | undefined;
  error: Error | undefined;
  /** Whether the first answer is still to come. */
  isLoading: boolean;
  /** Whether it is being asked for. */
  isValidating: boolean;
  isError: boolean;
}

/** Asks for a run. To see it move, follow it with `useRealtimeRun`. */
export function useRun<TTask extends AnyTask = AnyTask>(
  runId: string,
  options: CommonTriggerHookOptions = {},
): UseRunInstance<TTask> {
  const { refreshInterval = 0, revalidateOnFocus = true, revalidateOnReconnect = true } = options;
  const enabled = options.enabled !== false;
  const access = useAccess(options);
  const [query] = useState(() => new RunQuery());
  const read = () => query.read(runId);
  const state = useSyncExternalStore(query.subscribe, read, read);

  useEffect(() => {
    query.refreshMs = refreshInterval;
  }, [query, refreshInterval]);
  useEffect(() => {
    if (access === undefined || !runId || !enabled) {
      return;
    }
    query.start(runId, () => access.client.retrieveRun(runId, access.credential));
    return query.stop;
  }, [query, access, runId, enabled]);
  useEffect(() => on(window, 'focus', revalidateOnFocus, query.ask), [query, revalidateOnFocus]);
  useEffect(
    () => on(window, 'online', revalidateOnReconnect, query.ask),
    [query, revalidateOnReconnect],
  );

  const { error, isValidating } = state;
  const run = state.run as RealtimeRun<TTask> | undefined;
  const isLoading = isValidating && run === undefined;
  return { run, error, isLoading, isValidating, isError: error !== undefined };
}

function on(target: Window, event: string, wanted: boolean, run: () => void) {
  if (!wanted) {
    return;
  }
  target.addEventListener(event, run);
  return () => target.removeEventListener(event, run);
}
