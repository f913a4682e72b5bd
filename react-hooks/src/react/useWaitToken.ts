'use client';

import { type UseApiClientOptions, useAccess } from './useAccess.js';
import { useRequest } from './useRequest.js';

export interface WaitTokenInstance<TOutput> {
  /** Completes the token. What it fails with is `error`. */
  complete: (output: TOutput) => void;
  isLoading: boolean;
  /** Whether it was completed from here. */
  isCompleted: boolean;
  /** Whether there is a token to complete. */
  isReady: boolean;
  error: Error | undefined;
}

/** Completes a wait token, for which a run may be waiting. */
export function useWaitToken<TOutput>(
  waitpointId?: string,
  options?: UseApiClientOptions,
): WaitTokenInstance<TOutput> {
  const access = useAccess(options);
  const { isLoading, error, result, send } = useRequest(async (output: TOutput) => {
    if (access === undefined || !waitpointId) {
      throw new Error('There is no wait token to complete yet.');
    }
    await access.client.completeWaitToken(waitpointId, output, access.credential);
    return waitpointId;
  });
  return {
    complete: send,
    isLoading,
    isCompleted: result !== undefined && result === waitpointId,
    isReady: Boolean(waitpointId),
    error,
  };
}
