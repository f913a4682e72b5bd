'use client';

import { useCallback, useEffect, useRef, useState } from 'react';

/** How the last request stands. */
export interface RequestState<TResult> {
  isLoading: boolean;
  result: TResult | undefined;
  error: Error | undefined;
}

/**
 * A request that a page makes when its user does something. Only the last one counts, and nothing
 * is told to a component that is gone. What it fails with is the state's `error` and never thrown.
 */
export function useRequest<TArguments extends unknown[], TResult>(
  request: (...args: TArguments) => Promise<TResult>,
): RequestState<TResult> & { send: (...args: TArguments) => void } {
  const [state, setState] = useState<RequestState<TResult>>(IDLE);
  const latest = useRef(request);
  const count = useRef(0);
  useEffect(() => {
    latest.current = request;
  });
  useEffect(
    () => () => {
      count.current = -1;
    },
    [],
  );
  const perform = useCallback(async (...args: TArguments) => {
    const own = Math.abs(count.current) + 1;
    count.current = own;
    const tell = (told: Partial<RequestState<TResult>>) => {
      if (count.current === own) {
        setState((before) => ({ ...before, isLoading: false, error: undefined, ...told }));
      }
    };
    tell({ isLoading: true });
    try {
      tell({ result: await latest.current(...args) });
    } catch (cause) {
      tell({ error: cause instanceof Error ? cause : new Error(String(cause)) });
    }
  }, []);
  const send = useCallback(
    (...args: TArguments) => {
      perform(...args);
    },
    [perform],
  );
  return { ...state, send };
}

const IDLE = { isLoading: false, result: undefined, error: undefined };
