import type { Clock } from '../backoff.js';
import type { RealtimeError } from '../errors.js';
import type { Frame } from '../protocol.js';
import type { TokenSource } from '../token.js';
import type { Link, Transport } from '../transport/link.js';
import { type FeedEvent, type FeedState, NOTHING } from './feedState.js';
import { withStreams } from './feeds.js';
import { reduce } from './reducer.js';

/** What happens within a frame of the screen is told at once. */
const FRAME_MS = 16;
const REPAIR_MS = 60_000;
/** A component that is mounted anew is back sooner than this. */
const LINGER_MS = 100;

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
  readonly token: TokenSource;
  /** The feed without its streams. */
  readonly #rows: string;
  readonly #limit: number | undefined;
  readonly #transport: Transport;
  readonly #clock: Clock;
  readonly #listeners = new Set<() => void>();
  #state: FeedState;
  #cursor: string | undefined;
  #waiting: FeedEvent[] = [];
  #repairedAt = Number.NEGATIVE_INFINITY;
  #cancelFlush: (() => void) | undefined;
  /** The feed as it is asked for at present; undefined before it is. */
  #asked: string | undefined;
  /** What each user wants of the streams, as often as it is wanted. */
  readonly #wants: string[] = [];
  #tellsStreams = true;

  constructor(
    { feed, limit }: { readonly feed: string; readonly limit?: number | undefined },
    token: TokenSource,
    transport: Transport,
    clock: Clock,
    seed: Seed = { state: NOTHING, cursor: undefined },
  ) {
    this.#rows = feed;
    this.#limit = limit;
    this.token = token;
    this.#transport = transport;
    this.#clock = clock;
    this.#state = seed.state;
    this.#cursor = seed.cursor;
  }

  get feed(): string {
    return this.#asked ?? this.#rows;
  }

  /** Whether streams come beside their run; false where the service, or the way to it, has none. */
  get tellsStreams(): boolean {
    return this.#tellsStreams;
  }

  /** Begins to follow. */
  open(): void {
    const feed = this.#wanted();
    if (feed !== this.#rows) {
      // A cursor is of the feed with its streams, or of that without.
      this.#cursor = undefined;
    }
    this.#asked = feed;
    this.#transport.open(this);
  }

  /**
   * Has the feed tell a stream of its run, too, or all of them (`*`): one that is there already
   * begins anew, and tells what is stored. What is returned ends that, in a moment.
   */
  want(streams: string): () => void {
    this.#wants.push(streams);
    // Those who are mounted together are asked for together.
    queueMicrotask(() => this.#review());
    return () => {
      this.#wants.splice(this.#wants.indexOf(streams), 1);
      this.#clock.after(LINGER_MS, () => this.#review());
    };
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
    const state = { ...this.#state, chunks: NOTHING.chunks, connection: 'stale' as const };
    return { state, cursor: this.feed === this.#rows ? this.#cursor : undefined };
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
    if (error.param === 'streams' && this.feed !== this.#rows) {
      this.#tellsStreams = false;
      this.open();
      this.#tell();
      return;
    }
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
    this.#state = reduce(this.#state, this.#waiting, this.#limit);
    this.#waiting = [];
    this.#repair();
    this.#tell();
  }

  #tell(): void {
    for (const listener of [...this.#listeners]) {
      listener();
    }
  }

  /** The feed with all that is wanted of its streams. */
  #wanted(): string {
    const streams = this.#tellsStreams ? [...new Set(this.#wants)].sort() : [];
    return withStreams(this.#rows, streams.includes('*') ? ['*'] : streams);
  }

  /** Asks for another feed where other streams are wanted than before. */
  #review(): void {
    const isOpen = this.#asked !== undefined && this.#state.connection !== 'ended';
    if (isOpen && this.#wanted() !== this.#asked) {
      this.#transport.close(this);
      this.open();
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
      this.open();
    }
  }
}
