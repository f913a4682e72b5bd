import type { Clock } from '../backoff.js';
import type { RealtimeError } from '../errors.js';
import type { Frame, Left, ToldRun } from '../protocol.js';
import type { RealtimeRun } from '../run/run.js';
import { viewOf } from '../run/runView.js';
import type { TokenSource } from '../token.js';
import type { Link, Transport } from '../transport/link.js';
import { type ConnectionState, type FeedEvent, type FeedState, NOTHING } from './feedState.js';
import { reduce } from './reducer.js';

/** What has happened in a feed since one was told last. */
export interface FeedNews {
  /** Runs as they are now, each once. What an update left alone is absent, as it is on the wire. */
  readonly runs: readonly RealtimeRun[];
  /** The ids of runs that are no longer in the feed. */
  readonly left: readonly string[];
  readonly connection: ConnectionState;
  readonly asOf: Date | undefined;
  readonly error: RealtimeError | undefined;
}

/** How a tap is to run. */
export interface TapOptions {
  /** The cursor to go on from; undefined for the beginning. */
  readonly after: string | undefined;
  /** What happens within this time is told at once. */
  readonly everyMs: number;
}

/**
 * Tells what changes in a feed and keeps none of it, so that what it costs does not grow with the
 * feed: for who holds a part of a large one. A run that changes often is told as it is in the end.
 */
export class Tap implements Link {
  readonly feed: string;
  readonly token: TokenSource;
  readonly #transport: Transport;
  readonly #clock: Clock;
  readonly #everyMs: number;
  readonly #listener: (news: FeedNews) => void;
  readonly #runs = new Map<string, ToldRun>();
  readonly #left = new Set<string>();
  #state: FeedState = NOTHING;
  #cursor: string | undefined;
  #waiting: FeedEvent[] = [];
  #cancelFlush: (() => void) | undefined;

  constructor(
    { feed, token }: { readonly feed: string; readonly token: TokenSource },
    transport: Transport,
    clock: Clock,
    { after, everyMs }: TapOptions,
    listener: (news: FeedNews) => void,
  ) {
    this.feed = feed;
    this.token = token;
    this.#transport = transport;
    this.#clock = clock;
    this.#cursor = after;
    this.#everyMs = everyMs;
    this.#listener = listener;
    transport.open(this);
  }

  /** Ends it; nothing is told any more. */
  close(): void {
    this.#cancelFlush?.();
    this.#cancelFlush = () => {};
    this.#transport.close(this);
  }

  after(): string | undefined {
    return this.#cursor;
  }

  take(frame: Frame, cursor: string | undefined): void {
    this.#cursor = cursor;
    this.#note(frame);
    this.#event({ type: 'frame', frame: withoutRows(frame), at: this.#clock.now() });
    if (frame.type === 'end' && !frame.retryable) {
      this.#transport.close(this);
    }
  }

  down(error?: RealtimeError): void {
    this.#event({ type: 'down', error, at: this.#clock.now() });
  }

  refuse(error: RealtimeError): void {
    this.#event({ type: 'refused', error, at: this.#clock.now() });
    this.#transport.close(this);
  }

  #note(frame: Frame): void {
    if (frame.type === 'run') {
      this.#put(frame, frame.whole);
    } else if (frame.type === 'leave') {
      this.#drop(frame);
    } else if (frame.type === 'snapshot') {
      for (const told of frame.runs) {
        this.#put(told, true);
      }
      for (const left of frame.left) {
        this.#drop(left);
      }
    }
  }

  #put({ version, run }: ToldRun, whole: boolean): void {
    const known = this.#runs.get(run.id);
    if (known === undefined || known.version <= version) {
      this.#left.delete(run.id);
      this.#runs.set(run.id, { version, run: whole ? run : { ...known?.run, ...run } });
    }
  }

  #drop({ id, version }: Left): void {
    const known = this.#runs.get(id);
    if (known === undefined || version === null || known.version <= version) {
      this.#runs.delete(id);
      this.#left.add(id);
    }
  }

  #event(event: FeedEvent): void {
    this.#waiting.push(event);
    this.#cancelFlush ??= this.#clock.after(this.#everyMs, () => this.#flush());
  }

  #flush(): void {
    this.#cancelFlush = undefined;
    this.#state = reduce(this.#state, this.#waiting);
    const { connection, asOf, error } = this.#state;
    const runs = [...this.#runs.values()].map(({ run }) => viewOf(run));
    const left = [...this.#left];
    this.#waiting = [];
    this.#runs.clear();
    this.#left.clear();
    this.#listener({ runs, left, connection, asOf, error });
  }
}

/** What a frame says of the feed beside its rows: those would be kept. */
function withoutRows(frame: Frame): Frame {
  if (frame.type === 'snapshot') {
    return { ...frame, full: false, runs: [], left: [] };
  }
  return frame.type === 'run' ? { ...frame, whole: false } : frame;
}
