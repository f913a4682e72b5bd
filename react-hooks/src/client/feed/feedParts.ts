import { isFinal } from '../run/run.js';
import { indexFrom, numberOf, type StreamPart } from '../stream/parts.js';
import type { Hold } from './registry.js';

/** Which part of a stream to begin with, and until when to read. */
export interface PartsWanted {
  readonly key: string;
  /** The id of the last part that was seen; undefined for the beginning. */
  readonly after: string | undefined;
  readonly signal: AbortSignal | undefined;
}

/**
 * The parts of a stream as they come beside their run. What the feed does not tell is read alone:
 * all of it, where it tells no streams, and what is written yet after the run's end.
 *
 * @param alone reads on after a part, by a request for this stream
 * @throws RealtimeError where the service says no
 */
export async function* feedParts<TChunk>(
  hold: Hold,
  { key, after, signal }: PartsWanted,
  alone: (after: string | undefined) => AsyncIterable<StreamPart<TChunk>>,
): AsyncGenerator<StreamPart<TChunk>, void, void> {
  const reader = new Reader(hold, key, after, signal);
  try {
    for (let parts = await reader.next(); parts !== undefined; parts = await reader.next()) {
      yield* parts as readonly StreamPart<TChunk>[];
    }
  } finally {
    reader.leave();
  }
  if (reader.isCut()) {
    yield* alone(reader.last);
  }
}

/** What one loop has not taken yet. */
class Reader {
  last: string | undefined;
  readonly #hold: Hold;
  readonly #key: string;
  readonly #signal: AbortSignal | undefined;
  readonly #unsubscribe: () => void;
  #wake: () => void = () => {};

  constructor(hold: Hold, key: string, after: string | undefined, signal: AbortSignal | undefined) {
    this.#hold = hold;
    this.#key = key;
    this.#signal = signal;
    this.last = after;
    this.#unsubscribe = hold.subscription.subscribe(this.#news);
    signal?.addEventListener('abort', this.#news);
  }

  /** The next parts; undefined where no more come by this feed. */
  async next(): Promise<readonly StreamPart[] | undefined> {
    for (;;) {
      const parts = this.#signal?.aborted ? [] : this.#fresh();
      if (parts.length > 0) {
        this.last = parts.at(-1)?.id;
        return parts;
      }
      if (this.#isOver()) {
        return undefined;
      }
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }

  leave(): void {
    this.#signal?.removeEventListener('abort', this.#news);
    this.#unsubscribe();
    this.#hold.release();
  }

  /** Whether the stream may go on where this feed does not tell it. */
  isCut(): boolean {
    const { subscription } = this.#hold;
    const { error, runs } = subscription.getSnapshot();
    if (this.#signal?.aborted) {
      return false;
    }
    if (error !== undefined && !error.retryable) {
      throw error;
    }
    return !subscription.tellsStreams || runs.some(({ status }) => isFinal(status));
  }

  readonly #news = () => this.#wake();

  #fresh(): readonly StreamPart[] {
    const parts = this.#hold.subscription.getSnapshot().chunks.get(this.#key) ?? [];
    return parts.slice(indexFrom(parts, this.last === undefined ? 0 : numberOf(this.last) + 1));
  }

  #isOver(): boolean {
    const { subscription } = this.#hold;
    return (
      this.#signal?.aborted === true ||
      !subscription.tellsStreams ||
      subscription.getSnapshot().connection === 'ended'
    );
  }
}
