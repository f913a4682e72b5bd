import type { RealtimeError } from '../errors.js';
import type { Counts, Frame, RunColumns } from '../protocol.js';
import type { RealtimeRun } from '../run/run.js';
import type { Parts } from '../stream/parts.js';

/**
 * How what is shown relates to the service: `live` is current; `stale` was, and may be old now;
 * `connecting` has never been complete; `ended` changes no more.
 */
export type ConnectionState = 'connecting' | 'live' | 'stale' | 'ended';

/** A run that is held. */
export interface Row {
  readonly version: number;
  readonly columns: RunColumns;
  readonly view: RealtimeRun;
}

export interface FeedState {
  readonly connection: ConnectionState;
  readonly rows: ReadonlyMap<string, Row>;
  /** The rows as people see them, oldest first. */
  readonly runs: readonly RealtimeRun[];
  /** What the last step told, in the order of its telling. */
  readonly news: readonly RealtimeRun[];
  /** When what is shown was last known to be right. */
  readonly asOf: Date | undefined;
  readonly error: RealtimeError | undefined;
  /** How many runs there are; undefined where that is not asked for, or not known yet. */
  readonly counts: Counts | undefined;
  /** What the run's streams have told, where they are asked for. */
  readonly chunks: Parts;
  /** What the rows add up to, by their ids and versions. */
  readonly sum: bigint;
  /** Whether the service has found that the rows are not what they should be. */
  readonly isWrong: boolean;
  /** The ids that a full read has given so far; it may go on after a reconnect. */
  readonly reading: ReadonlySet<string> | undefined;
}

/** What happens to a feed. `at` is the client's own time. */
export type FeedEvent =
  | { readonly type: 'frame'; readonly frame: Frame; readonly at: number }
  | { readonly type: 'down'; readonly error: RealtimeError | undefined; readonly at: number }
  | { readonly type: 'refused'; readonly error: RealtimeError; readonly at: number }
  | { readonly type: 'stopped'; readonly at: number };

/** Nothing is held yet. */
export const NOTHING: FeedState = {
  connection: 'connecting',
  rows: new Map(),
  runs: [],
  news: [],
  asOf: undefined,
  error: undefined,
  counts: undefined,
  chunks: new Map(),
  sum: 0n,
  isWrong: false,
  reading: undefined,
};
