import type { RunSummary } from '../api/run.ts';
import type { Columns } from '../api/runs.ts';

/** How what is shown relates to the service. */
export type Connection = 'connecting' | 'live' | 'stale' | 'ended';

/** How a feed stands. */
export interface FeedState {
  readonly connection: Connection;
  /** When what is shown was last known to be right. */
  readonly asOf: Date | undefined;
  readonly error: Error | undefined;
}

/** Which runs a feed is of: one run, those of a batch, the children of a run, or all with a tag. */
export interface FeedFilter {
  readonly tags?: readonly string[];
  readonly taskIdentifier?: readonly string[];
  readonly batch?: string;
  readonly parent?: string;
}

/** What was read before, to go on from without a gap. */
export interface FeedStart {
  readonly columns: readonly Columns[];
  /** Undefined if the service could not say; then the feed begins with all that there is. */
  readonly cursor: string | undefined;
}

/** Is told of a feed. */
export interface FeedListener {
  news(runs: readonly RunSummary[]): void;
  state(state: FeedState): void;
}

/** A feed that is open. */
export interface RunFeed {
  /** Has it tell of changes to runs that were read elsewhere meanwhile. */
  add(columns: readonly Columns[]): void;
  close(): void;
}

/** Opens a feed. */
export type OpenFeed = (filter: FeedFilter, start: FeedStart, listener: FeedListener) => RunFeed;

/** Is told of one run. */
export interface RunListener {
  /** The run as it stands, its members as the feed calls them. */
  run(columns: Columns): void;
  state(state: FeedState): void;
}

/** One part of a stream of a run. */
export interface StreamPart {
  readonly chunk: unknown;
  /** When it was stored, in milliseconds. */
  readonly timestamp: number;
}

/** What goes on at the service, live. */
export interface Live {
  readonly openFeed: OpenFeed;
  /** Follows one run until the result is called. */
  readonly openRun: (id: string, listener: RunListener) => () => void;
  /** The parts of a stream from its first on; ends when the run is over, or by the signal. */
  readonly readStream: (id: string, key: string, signal: AbortSignal) => AsyncIterable<StreamPart>;
  /** Ends all of it. */
  readonly close: () => void;
}
