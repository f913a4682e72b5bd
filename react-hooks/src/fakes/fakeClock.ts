import type { Clock } from '../client/backoff.js';

interface Task {
  readonly at: number;
  readonly run: () => void;
}

const LONGEST_PAUSE_MS = 5000;

/** A clock that stands still until it is told to go on. */
export class FakeClock implements Clock {
  #now = Date.parse('2026-01-02T03:04:05.000Z');
  #tasks: Task[] = [];

  now(): number {
    return this.#now;
  }

  after(ms: number, run: () => void): () => void {
    const task = { at: this.#now + ms, run };
    this.#tasks.push(task);
    return () => {
      this.#tasks = this.#tasks.filter((other) => other !== task);
    };
  }

  /** Lets time pass and runs what is due, in its order. */
  advance(ms: number): void {
    const end = this.#now + ms;
    for (let next = this.#next(end); next !== undefined; next = this.#next(end)) {
      const task = next;
      this.#now = task.at;
      this.#tasks = this.#tasks.filter((other) => other !== task);
      task.run();
    }
    this.#now = end;
  }

  /** Lets a wait between attempts pass, but none for an answer: those are longer. */
  skipPause(): void {
    const next = this.#next(this.#now + LONGEST_PAUSE_MS);
    if (next !== undefined) {
      this.advance(next.at - this.#now);
    }
  }

  /** How many things are still to be run. */
  get waiting(): number {
    return this.#tasks.length;
  }

  #next(end: number): Task | undefined {
    return this.#tasks.filter(({ at }) => at <= end).sort((a, b) => a.at - b.at)[0];
  }
}
