import type { Clock } from '../backoff.js';

const SILENCE_MS = 30_000;
const ANSWER_MS = 15_000;

/**
 * Finds out whether anybody is at the other end: asks when nothing has been heard for a while, and
 * gives up without an answer.
 */
export class Pulse {
  readonly #clock: Clock;
  readonly #ask: () => void;
  readonly #dead: () => void;
  #cancel: () => void;

  /** Expects a first sign of life, to which nobody is asked. */
  constructor(clock: Clock, ask: () => void, dead: () => void) {
    this.#clock = clock;
    this.#ask = ask;
    this.#dead = dead;
    this.#cancel = clock.after(ANSWER_MS, dead);
  }

  /** Asks now. */
  ask(): void {
    this.stop();
    this.#cancel = this.#clock.after(ANSWER_MS, this.#dead);
    this.#ask();
  }

  /** Something came. */
  heard(): void {
    this.stop();
    this.#cancel = this.#clock.after(SILENCE_MS, () => this.ask());
  }

  stop(): void {
    this.#cancel();
  }
}
