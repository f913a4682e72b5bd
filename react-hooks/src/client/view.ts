import { type Clock, systemClock } from './backoff.js';
import type { RealtimeClient } from './client.js';
import type { RealtimeError } from './errors.js';
import { type FeedState, NOTHING } from './feed/feedState.js';
import type { Hold, Wanted } from './feed/registry.js';
import { isFinal, type RealtimeRun } from './run/run.js';

/** Told of a run that is over, once. */
export type Completed = (run: RealtimeRun, error: RealtimeError | undefined) => void;

/**
 * One component's look at a feed: which one can change, it can be slower than the feed, and what was
 * seen last stays when the component stops looking.
 */
export class View {
  /** Called once for each run that is over, whatever is told of it again. */
  completed: Completed | undefined;
  /** What happens within this time is shown at once; a frame of the screen at least. */
  throttleMs = 0;
  readonly #clock: Clock;
  readonly #listeners = new Set<() => void>();
  readonly #reported = new Set<string>();
  #wanted: Wanted | undefined;
  #hold: Hold | undefined;
  #unsubscribe: () => void = () => {};
  #state: FeedState = NOTHING;
  #cancelShow: (() => void) | undefined;

  constructor(clock: Clock = systemClock) {
    this.#clock = clock;
  }

  /** Looks at a feed from now on. */
  follow(client: RealtimeClient, wanted: Wanted): void {
    this.release();
    this.#hold = client.registry.acquire(wanted);
    this.#unsubscribe = this.#hold.subscription.subscribe(() => this.#changed());
    this.#wanted = wanted;
    this.#show();
  }

  /** Looks away; what came until then is shown. */
  release(): void {
    if (this.#hold !== undefined) {
      this.#show();
      this.#unsubscribe();
      this.#hold.release();
      this.#hold = undefined;
    }
  }

  /** Looks away for good. */
  readonly stop = (): void => {
    if (this.#hold !== undefined) {
      this.release();
      this.#state = { ...this.#state, connection: 'ended' };
      this.#tell();
    }
  };

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /** What is seen of a feed, which may be one that this view is yet to follow. */
  read(client: RealtimeClient, wanted: Wanted): FeedState {
    if (this.#wanted === wanted) {
      return this.#state;
    }
    return client.registry.peek(wanted)?.getSnapshot() ?? wanted.seed?.state ?? NOTHING;
  }

  #changed(): void {
    if (this.throttleMs <= 0 || this.#hold?.subscription.getSnapshot().connection === 'ended') {
      this.#show();
    } else {
      this.#cancelShow ??= this.#clock.after(this.throttleMs, () => this.#show());
    }
  }

  #show(): void {
    this.#cancelShow?.();
    this.#cancelShow = undefined;
    const state = this.#hold?.subscription.getSnapshot() ?? this.#state;
    if (state !== this.#state) {
      this.#state = state;
      this.#tell();
    }
    this.#report();
  }

  #report(): void {
    for (const run of this.completed === undefined ? [] : this.#state.runs) {
      if (isFinal(run.status) && !this.#reported.has(run.id)) {
        this.#reported.add(run.id);
        this.completed?.(run, this.#state.error);
      }
    }
  }

  #tell(): void {
    for (const listener of [...this.#listeners]) {
      listener();
    }
  }
}
