import { delayMs } from '../backoff.js';
import { RealtimeError } from '../errors.js';
import type { HttpWorld } from './http.js';
import type { Link, Transport } from './link.js';

/** How one round of requests for a link ended. */
export interface Round {
  /** Whether the service said anything in it. */
  readonly heard: boolean;
  /** Whether to go on at once: nothing was wrong. */
  readonly again: boolean;
  /** What was, where the page can do something about it. */
  readonly error?: RealtimeError;
}

/**
 * A transport that serves each link by requests of its own, one after the other. What a request
 * does is said by who makes one of these; this is the coming back.
 */
export class Rounds implements Transport {
  readonly #world: HttpWorld;
  readonly #round: (link: Link, signal: AbortSignal) => Promise<Round>;
  readonly #open = new Map<Link, AbortController>();

  constructor(world: HttpWorld, round: (link: Link, signal: AbortSignal) => Promise<Round>) {
    this.#world = world;
    this.#round = round;
  }

  open(link: Link): void {
    const controller = new AbortController();
    this.#open.set(link, controller);
    this.#serve(link, controller.signal);
  }

  close(link: Link): void {
    this.#open.get(link)?.abort();
    this.#open.delete(link);
  }

  /** How many links there are. */
  get size(): number {
    return this.#open.size;
  }

  async #serve(link: Link, signal: AbortSignal): Promise<void> {
    for (let attempt = 0; !signal.aborted; ) {
      const round = await this.#attempt(link, signal);
      if (signal.aborted) {
        return;
      }
      attempt = round.heard ? 0 : attempt + 1;
      if (!round.again) {
        link.down(round.error);
        await pause(this.#world, delayMs(attempt, this.#world.random()), signal);
      }
    }
  }

  async #attempt(link: Link, signal: AbortSignal): Promise<Round> {
    try {
      return await this.#round(link, signal);
    } catch (cause) {
      const error = cause instanceof RealtimeError ? cause : RealtimeError.malformed(cause);
      if (!signal.aborted && !error.retryable) {
        this.close(link);
        link.refuse(error);
      }
      return error.code === 'token-unavailable'
        ? { heard: false, again: false, error }
        : { heard: false, again: false };
    }
  }
}

/** Waits, but no longer than until the signal. */
export function pause(world: HttpWorld, ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const wake = () => {
      cancel();
      signal.removeEventListener('abort', wake);
      resolve();
    };
    const cancel = world.clock.after(ms, wake);
    signal.addEventListener('abort', wake);
    if (signal.aborted) {
      wake();
    }
  });
}
