import type { RunSummary, Status } from '../api/run.ts';
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

/** Which runs a feed is of: those of a batch, the children of a run, all with some tags; or all. */
export interface FeedFilter {
  readonly tags?: readonly string[];
  readonly taskIdentifier?: readonly string[];
  readonly batch?: string;
  readonly parent?: string;
  /** Only those created within this time before the feed began, such as `1h`. */
  readonly createdAt?: string;
}

/** Is told of a feed. */
export interface FeedListener {
  /** Runs have changed. */
  news(runs: readonly RunSummary[]): void;
  state(state: FeedState): void;
}

/**
 * Has a feed told until the result is called. Nothing of it is kept.
 *
 * @param cursor of what was read before, to go on from there without a gap; undefined if the service
 *   could not say, and then the feed begins with all that there is
 */
export type OpenFeed = (
  filter: FeedFilter,
  cursor: string | undefined,
  listener: FeedListener,
) => () => void;

/** How many runs there are in each status that has any. */
export type Counts = Partial<Record<Status, number>>;

/** Is told how many runs a feed has. */
export interface CountsListener {
  counts(counts: Counts, total: number): void;
  state(state: FeedState): void;
}

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
  /** Has the runs of a feed counted until the result is called. */
  readonly openCounts: (filter: FeedFilter, listener: CountsListener) => () => void;
  /** Follows one run until the result is called. */
  readonly openRun: (id: string, listener: RunListener) => () => void;
  /** The parts of a stream from its first on; ends when the run is over, or by the signal. */
  readonly readStream: (id: string, key: string, signal: AbortSignal) => AsyncIterable<StreamPart>;
  /** Ends all of it. */
  readonly close: () => void;
}
