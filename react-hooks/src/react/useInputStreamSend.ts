'use client';

import { type UseApiClientOptions, useAccess } from './useAccess.js';
import { useRequest } from './useRequest.js';

export interface InputStreamSendInstance<TData> {
  /** Sends something in. What it fails with is `error`. */
  send: (data: TData) => void;
  isLoading: boolean;
  /** Whether there is a run to send to. */
  isReady: boolean;
  error: Error | undefined;
}

/** Sends in to a run, by an input stream of it. */
export function useInputStreamSend<TData>(
  streamId: string,
  runId?: string,
  options?: UseApiClientOptions,
): InputStreamSendInstance<TData> {
  const access = useAccess(options);
  const { isLoading, error, send } = useRequest(async (data: TData) => {
    if (access === undefined || !runId) {
      throw new Error('There is no run to send to yet.');
    }
    await access.client.sendInputStream(runId, streamId, data, access.credential);
  });
  return { send, isLoading, isReady: Boolean(runId) && access !== undefined, error };
}
