import type { Clock } from './backoff.js';
import type { RealtimeError } from './errors.js';
import { type FeedEvent, type FeedState, NOTHING } from './feedState.js';
import type { Frame } from './protocol.js';
import { reduce } from './reducer.js';
import type { TokenSource } from './token.js';
import type { Link, Transport } from './transport/link.js';

/** What happens within a frame of the screen is told at once. */
const FRAME_MS = 16;
const REPAIR_MS = 60_000;

/** What a feed that was read before goes on from. */
export interface Seed {
  readonly state: FeedState;
  readonly cursor: string | undefined;
}

/**
 * What is held of one feed, for as many as want to know. Listeners are told at most once a frame of
 * the screen, and right away of an end.
 */
export class Subscription implements Link {
  readonly feed: string;
  readonly token: TokenSource;
  readonly #transport: Transport;
  readonly #clock: Clock;
  readonly #listeners = new Set<() => void>();
  #state: FeedState;
  #cursor: string | undefined;
  #waiting: FeedEvent[] = [];
  #repairedAt = Number.NEGATIVE_INFINITY;
  #cancelFlush: (() => void) | undefined;

  constructor(
    feed: string,
    token: TokenSource,
    transport: Transport,
    clock: Clock,
    seed: Seed = { state: NOTHING, cursor: undefined },
  ) {
    this.feed = feed;
    this.token = token;
    this.#transport = transport;
    this.#clock = clock;
    this.#state = seed.state;
    this.#cursor = seed.cursor;
    transport.open(this);
  }

  /** What is held: the same object until something changes. */
  readonly getSnapshot = (): FeedState => this.#state;

  /** Tells of each change; what is returned ends that. */
  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /** What another subscription to the same feed may begin with. */
  seed(): Seed {
    this.#flush();
    return { state: { ...this.#state, connection: 'stale' }, cursor: this.#cursor };
  }

  /** Ends it; what has come is told before. */
  close(): void {
    this.#event({ type: 'stopped', at: this.#clock.now() });
    this.#finish();
  }

  after(): string | undefined {
    return this.#cursor;
  }

  take(frame: Frame, cursor: string | undefined): void {
    this.#cursor = cursor;
    this.#event({ type: 'frame', frame, at: this.#clock.now() });
    if (frame.type === 'end' && !frame.retryable) {
      this.#finish();
    }
  }

  down(error?: RealtimeError): void {
    this.#event({ type: 'down', error, at: this.#clock.now() });
  }

  refuse(error: RealtimeError): void {
    this.#event({ type: 'refused', error, at: this.#clock.now() });
    this.#finish();
  }

  #event(event: FeedEvent): void {
    this.#waiting.push(event);
    this.#cancelFlush ??= this.#clock.after(FRAME_MS, () => this.#flush());
  }

  #finish(): void {
    this.#transport.close(this);
    this.#flush();
  }

  #flush(): void {
    this.#cancelFlush?.();
    this.#cancelFlush = undefined;
    if (this.#waiting.length === 0) {
      return;
    }
    this.#state = reduce(this.#state, this.#waiting);
    this.#waiting = [];
    this.#repair();
    for (const listener of [...this.#listeners]) {
      listener();
    }
  }

  /** What is not what it should be is read anew; if that does not help, not again and again. */
  #repair(): void {
    const now = this.#clock.now();
    if (
      this.#state.isWrong &&
      this.#state.connection !== 'ended' &&
      now - this.#repairedAt > REPAIR_MS
    ) {
      this.#repairedAt = now;
      this.#cursor = undefined;
      this.#transport.close(this);
      this.#transport.open(this);
    }
  }
}
