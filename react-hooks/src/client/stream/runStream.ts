import type { RealtimeError } from '../errors.js';
import type { Hold } from '../feed/registry.js';
import type { RealtimeRun } from '../run/run.js';
import type { AnyTask } from '../run/task.js';

/**
 * Runs as they change, for `for await`: first those that there are, then each that has changed, as
 * it is by then. It ends when the feed does, when the loop is left, and by its signal; it throws
 * what the service says no with. Each loop over it is a follower of its own.
 */
export class RunStream<TTask extends AnyTask = AnyTask>
  implements AsyncIterable<RealtimeRun<TTask>>
{
  readonly #acquire: () => Hold;
  readonly #signal: AbortSignal | undefined;

  constructor(acquire: () => Hold, signal?: AbortSignal) {
    this.#acquire = acquire;
    this.#signal = signal;
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<RealtimeRun<TTask>, void, void> {
    if (this.#signal?.aborted) {
      return;
    }
    const follower = new Follower(this.#acquire(), this.#signal);
    try {
      for (;;) {
        const runs = await follower.next();
        if (runs === undefined) {
          return;
        }
        yield* runs as RealtimeRun<TTask>[];
      }
    } finally {
      follower.leave();
    }
  }
}

/** What one loop has not taken yet: of each run the newest. */
class Follower {
  readonly #hold: Hold;
  readonly #signal: AbortSignal | undefined;
  readonly #unsubscribe: () => void;
  readonly #waiting = new Map<string, RealtimeRun>();
  #over = false;
  #error: RealtimeError | undefined;
  #wake: () => void = () => {};

  constructor(hold: Hold, signal: AbortSignal | undefined) {
    this.#hold = hold;
    this.#signal = signal;
    this.#unsubscribe = hold.subscription.subscribe(() => this.#note('news'));
    signal?.addEventListener('abort', this.#abort);
    this.#note('runs');
  }

  /** The next runs; undefined at the end. */
  async next(): Promise<RealtimeRun[] | undefined> {
    while (this.#waiting.size === 0 && !this.#over) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
    if (this.#waiting.size > 0) {
      const runs = [...this.#waiting.values()];
      this.#waiting.clear();
      return runs;
    }
    if (this.#error !== undefined) {
      throw this.#error;
    }
    return undefined;
  }

  leave(): void {
    this.#signal?.removeEventListener('abort', this.#abort);
    this.#unsubscribe();
    this.#hold.release();
  }

  readonly #abort = () => {
    this.#waiting.clear();
    this.#over = true;
    this.#wake();
  };

  #note(what: 'runs' | 'news'): void {
    const state = this.#hold.subscription.getSnapshot();
    for (const run of state[what]) {
      this.#waiting.delete(run.id);
      this.#waiting.set(run.id, run);
    }
    if (state.connection === 'ended') {
      this.#over = true;
      this.#error = state.error;
    }
    this.#wake();
  }
}
