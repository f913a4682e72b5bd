import { type Clock, systemClock } from '../backoff.js';
import type { ConnectionState } from '../feed/feedState.js';
import type { StreamPart } from './parts.js';

/** What has been read of a stream. */
export interface StreamState<TPart> {
  readonly parts: TPart[];
  readonly lastEventId: string | undefined;
  readonly connection: ConnectionState;
  readonly error: Error | undefined;
}

/** Opens a stream after a part; undefined for its beginning. */
export type OpenStream<TPart> = (
  after: string | undefined,
  signal: AbortSignal,
) => AsyncIterable<StreamPart<TPart>>;

const FRAME_MS = 16;

/**
 * One component's look at a stream. Parts are shown together once a frame of the screen, or as
 * seldom as wanted; those that wait are shown when it looks away.
 */
export class StreamView<TPart> {
  throttleMs = FRAME_MS;
  /** How many parts to keep, the newest. */
  maxParts: number | undefined;
  told: { part?: (part: TPart) => void; parts?: (parts: StreamPart<TPart>[]) => void } = {};
  readonly #clock: Clock;
  readonly #listeners = new Set<() => void>();
  #key: string | undefined;
  #state: StreamState<TPart> = UNREAD;
  #waiting: StreamPart<TPart>[] = [];
  #cancelShow: (() => void) | undefined;
  #reading: AbortController | undefined;

  constructor(clock: Clock = systemClock) {
    this.#clock = clock;
  }

  /** Reads the stream of this name, on from where it was if it is the same as before. */
  follow(key: string, open: OpenStream<TPart>): void {
    this.release();
    if (this.#key !== key) {
      this.#key = key;
      this.#set(UNREAD);
    }
    const reading = new AbortController();
    this.#reading = reading;
    this.#take(open(this.#state.lastEventId, reading.signal), reading.signal);
  }

  /** Looks away; what came until then is shown. */
  readonly release = (): void => {
    this.#reading?.abort();
    this.#reading = undefined;
    this.#show();
  };

  /** Looks away for good. */
  readonly stop = (): void => {
    if (this.#reading !== undefined) {
      this.release();
      this.#set({ ...this.#state, connection: 'ended' });
    }
  };

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /** What has been read of a stream, which may be one that is yet to be followed. */
  read(key: string): StreamState<TPart> {
    return this.#key === key ? this.#state : UNREAD;
  }

  async #take(parts: AsyncIterable<StreamPart<TPart>>, signal: AbortSignal): Promise<void> {
    try {
      for await (const part of parts) {
        if (signal.aborted) {
          return;
        }
        this.#waiting.push(part);
        this.#cancelShow ??= this.#clock.after(this.throttleMs, () => this.#show());
      }
      this.#end(signal, undefined);
    } catch (cause) {
      this.#end(signal, cause instanceof Error ? cause : new Error(String(cause)));
    }
  }

  #end(signal: AbortSignal, error: Error | undefined): void {
    if (!signal.aborted) {
      this.#show();
      this.#set({ ...this.#state, connection: 'ended', error });
    }
  }

  #show(): void {
    this.#cancelShow?.();
    this.#cancelShow = undefined;
    const news = this.#waiting;
    if (news.length === 0) {
      return;
    }
    this.#waiting = [];
    const parts = [...this.#state.parts, ...news.map(({ chunk }) => chunk)];
    const kept = this.maxParts === undefined ? parts : parts.slice(-this.maxParts);
    this.#set({
      parts: this.maxParts === 0 ? [] : kept,
      lastEventId: news.at(-1)?.id,
      connection: 'live',
      error: undefined,
    });
    for (const { chunk } of news) {
      this.told.part?.(chunk);
    }
    this.told.parts?.(news);
  }

  #set(state: StreamState<TPart>): void {
    this.#state = state;
    for (const listener of [...this.#listeners]) {
      listener();
    }
  }
}

const UNREAD: StreamState<never> = {
  parts: [],
  lastEventId: undefined,
  connection: 'connecting',
  error: undefined,
};
