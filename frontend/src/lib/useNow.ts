import { useSyncExternalStore } from 'react';

const TICK_MS = 1_000;

/** One clock for all that show how old something is. */
class Ticker {
  readonly #listeners = new Set<() => void>();
  #now = Date.now();
  #timer: ReturnType<typeof setInterval> | undefined;

  readonly now = () => this.#now;

  readonly subscribe = (listener: () => void) => {
    if (this.#listeners.size === 0) {
      this.#now = Date.now();
      this.#timer = setInterval(this.#tick, TICK_MS);
    }
    this.#listeners.add(listener);
    return () => {
      this.#listeners.delete(listener);
      if (this.#listeners.size === 0) {
        clearInterval(this.#timer);
      }
    };
  };

  readonly #tick = () => {
    this.#now = Date.now();
    for (const listener of this.#listeners) {
      listener();
    }
  };
}

const ticker = new Ticker();

/** The time, by the second. */
export function useNow(): number {
  return useSyncExternalStore(ticker.subscribe, ticker.now);
}
