import { useEffect, useRef } from 'react';

/** The service ends a token a moment after its time. */
const AFTERWARDS_MS = 1_000;

const MOST_WAIT_MS = 2 ** 31 - 1;

/** Has something done when a time has come, and once more each while until another one is given. */
export function useAgainAt(time: number | undefined, act: () => Promise<unknown>) {
  const now = useRef(act);
  now.current = act;
  useEffect(() => {
    if (time === undefined) {
      return;
    }
    let timer: ReturnType<typeof setTimeout>;
    const wait = (ms: number) => {
      timer = setTimeout(() => {
        void now.current();
        wait(AFTERWARDS_MS);
      }, ms);
    };
    wait(Math.min(Math.max(0, time - Date.now()) + AFTERWARDS_MS, MOST_WAIT_MS));
    return () => clearTimeout(timer);
  }, [time]);
}
