'use client';

import { useEffect, useRef, useState } from 'react';

/**
 * A function that stays the same while the one that it stands for is made anew at each render;
 * undefined for undefined.
 */
export function useStableFunction<TArguments extends unknown[], TResult>(
  given: ((...args: TArguments) => TResult) | undefined,
): ((...args: TArguments) => TResult) | undefined {
  const latest = useRef(given);
  useEffect(() => {
    latest.current = given;
  });
  const [stable] = useState(() => (...args: TArguments) => {
    if (latest.current === undefined) {
      throw new Error('The function that was given to this hook is not there any more.');
    }
    return latest.current(...args);
  });
  return given === undefined ? undefined : stable;
}
