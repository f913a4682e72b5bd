import type { RealtimeError } from '../errors.js';
import type { Counts, Frame, Left, RunColumns, ToldRun } from '../protocol.js';
import type { RealtimeRun } from '../run/run.js';
import { viewOf } from '../run/runView.js';
import { type Parts, withTold } from '../stream/parts.js';
import { digestText, hashOf } from './digest.js';
import type { ConnectionState, FeedEvent, FeedState, Row } from './feedState.js';

/**
 * How what a client holds of one feed changes. Pure: the rules of docs/PROTOCOL.md, 'Being right',
 * stand here and nowhere else.
 */

/**
 * Takes what has happened since, in its order. Many at once cost one copy of the rows.
 *
 * @param limit how many rows to keep, those that were created last; all without
 */
export function reduce(
  state: FeedState,
  events: readonly FeedEvent[],
  limit = Number.POSITIVE_INFINITY,
): FeedState {
  const draft = new Draft(state);
  for (const event of events) {
    if (draft.connection !== 'ended') {
      draft.take(event);
    }
  }
  return draft.state(limit);
}

type Cause = Frame['type'] | 'end-for-good' | Exclude<FeedEvent['type'], 'frame'>;

const SAME = { connecting: 'connecting', live: 'live', stale: 'stale' } as const;
const ENDED = { connecting: 'ended', live: 'ended', stale: 'ended' } as const;

/** Each state but the last, which nothing leads out of, by what happens. */
const NEXT: Record<Cause, Record<Exclude<ConnectionState, 'ended'>, ConnectionState>> = {
  snapshot: SAME,
  run: SAME,
  chunk: SAME,
  leave: SAME,
  counts: SAME,
  digest: SAME,
  live: { connecting: 'live', live: 'live', stale: 'live' },
  stale: { connecting: 'stale', live: 'stale', stale: 'stale' },
  'token-expiring': SAME,
  // The client comes back at once; if that fails, it is told so by `down`.
  end: SAME,
  'end-for-good': ENDED,
  down: { connecting: 'connecting', live: 'stale', stale: 'stale' },
  refused: ENDED,
  stopped: ENDED,
};

/** A state while it changes: the rows are copied when the first of them does. */
class Draft {
  connection: ConnectionState;
  readonly #before: FeedState;
  #rows: Map<string, Row> | undefined;
  #reading: Set<string> | undefined;
  #asOf: number | undefined;
  #error: RealtimeError | undefined;
  #counts: Counts | undefined;
  #chunks: Parts;
  #sum: bigint;
  #isWrong: boolean;
  readonly #told = new Set<string>();
  readonly #changed = new Set<string>();

  constructor(before: FeedState) {
    this.#before = before;
    this.connection = before.connection;
    this.#reading = before.reading && new Set(before.reading);
    this.#asOf = before.asOf?.getTime();
    this.#error = before.error;
    this.#counts = before.counts;
    this.#chunks = before.chunks;
    this.#sum = before.sum;
    this.#isWrong = before.isWrong;
  }

  take(event: FeedEvent): void {
    this.#step(causeOf(event));
    if (event.type === 'refused') {
      this.#error = event.error;
    } else if (event.type === 'down') {
      this.#error = event.error ?? this.#error;
    } else if (event.type === 'frame') {
      this.#frame(event.frame, event.at);
    }
  }

  state(limit: number): FeedState {
    const runs = this.#order(limit);
    const rows = this.#rows ?? this.#before.rows;
    const { asOf } = this.#before;
    return {
      connection: this.connection,
      rows,
      runs,
      news: [...this.#told].flatMap((id) => rows.get(id)?.view ?? []),
      asOf: asOf?.getTime() === this.#asOf ? asOf : dateOf(this.#asOf),
      error: this.#error,
      counts: this.#counts,
      chunks: this.#chunks,
      sum: this.#sum,
      isWrong: this.#isWrong,
      reading: this.#reading,
    };
  }

  /** Only what has changed is put in its place. */
  #order(limit: number): readonly RealtimeRun[] {
    const rows = this.#rows;
    if (rows === undefined) {
      return this.#before.runs;
    }
    const kept = this.#before.runs.filter(({ id }) => !this.#changed.has(id));
    const news = [...this.#changed].flatMap((id) => rows.get(id)?.view ?? []).sort(byAge);
    const runs = merged(kept, news);
    const fallen = Math.max(0, runs.length - limit);
    for (const { id } of runs.slice(0, fallen)) {
      rows.delete(id);
    }
    return runs.slice(fallen);
  }

  #step(cause: Cause): void {
    if (this.connection !== 'ended') {
      this.connection = NEXT[cause][this.connection];
    }
  }

  #frame(frame: Frame, at: number): void {
    if (frame.type === 'snapshot') {
      this.#snapshot(frame);
    } else if (frame.type === 'run') {
      this.#update(frame, frame.whole);
      this.#known(frame.committedAt === undefined ? at : Date.parse(frame.committedAt));
    } else if (frame.type === 'chunk') {
      const parts = withTold(this.#chunks.get(frame.stream), frame);
      this.#chunks = new Map(this.#chunks).set(frame.stream, parts);
    } else if (frame.type === 'leave') {
      this.#leave(frame);
    } else if (frame.type === 'live') {
      this.#error = undefined;
      this.#known(at);
    } else if (frame.type === 'stale') {
      this.#asOf = Date.parse(frame.since);
    } else if (frame.type === 'counts') {
      this.#counts = { members: frame.members, counts: frame.counts };
      this.#known(frame.committedAt === undefined ? at : Date.parse(frame.committedAt));
    } else if (frame.type === 'digest') {
      const { size } = this.#rows ?? this.#before.rows;
      this.#isWrong = frame.members !== size || frame.digest !== digestText(this.#sum);
    }
  }

  #known(at: number): void {
    this.#asOf = Math.max(at, this.#asOf ?? at);
  }

  #snapshot(frame: Extract<Frame, { type: 'snapshot' }>): void {
    if (frame.full && frame.start) {
      this.#reading = new Set();
      // They are told anew before it is complete. Whoever shows them keeps what is shown.
      this.#chunks = new Map();
    }
    for (const told of frame.runs) {
      const first = frame.full && this.#reading?.has(told.run.id) === false;
      if (first) {
        this.#reading?.add(told.run.id);
        this.#replace(told, this.#row(told.run.id));
      } else {
        this.#update(told, true);
      }
    }
    for (const left of frame.left) {
      this.#leave(left);
    }
    if (frame.full && frame.complete) {
      this.#dropUnread();
    }
  }

  /** What is not whole is laid over a row that is older, and is nothing without one. */
  #update(told: ToldRun, whole: boolean): void {
    const held = this.#row(told.run.id);
    if (whole) {
      if (held === undefined || told.version >= held.version) {
        this.#replace(told, held);
      }
    } else if (held !== undefined && told.version > held.version) {
      this.#put(laidOver(held.columns, told.run), told.version);
    }
  }

  #leave(left: Left): void {
    const held = this.#row(left.id);
    if (held !== undefined && (left.version === null || held.version <= left.version)) {
      this.#drop(left.id, held);
    }
  }

  /** What a full read did not give is gone. A beginning that was never seen proves nothing. */
  #dropUnread(): void {
    const given = this.#reading;
    this.#reading = undefined;
    for (const [id, held] of given === undefined ? [] : [...(this.#rows ?? this.#before.rows)]) {
      if (given?.has(id) === false) {
        this.#drop(id, held);
      }
    }
  }

  /** Being told the same again, as after a reconnect, is no news. */
  #replace(told: ToldRun, held: Row | undefined): void {
    if (held?.version !== told.version || !isSame(held.columns, told.run)) {
      this.#put(told.run, told.version);
    }
  }

  #drop(id: string, held: Row): void {
    this.#sum -= hashOf(id, held.version);
    this.#copy().delete(id);
    this.#changed.add(id);
  }

  #put(columns: RunColumns, version: number): void {
    const held = this.#row(columns.id);
    this.#sum += hashOf(columns.id, version) - (held ? hashOf(columns.id, held.version) : 0n);
    this.#copy().set(columns.id, { version, columns, view: viewOf(columns) });
    this.#changed.add(columns.id);
    this.#told.delete(columns.id);
    this.#told.add(columns.id);
  }

  #row(id: string): Row | undefined {
    return (this.#rows ?? this.#before.rows).get(id);
  }

  #copy(): Map<string, Row> {
    this.#rows ??= new Map(this.#before.rows);
    return this.#rows;
  }
}

function causeOf(event: FeedEvent): Cause {
  if (event.type !== 'frame') {
    return event.type;
  }
  const { frame } = event;
  return frame.type === 'end' && !frame.retryable ? 'end-for-good' : frame.type;
}

/** What a value was made of is told with it, or it was nothing special. */
function laidOver(held: RunColumns, told: RunColumns): RunColumns {
  const meta = { payload: 'payloadMeta', output: 'outputMeta' };
  const columns = { ...held };
  for (const [name, notes] of Object.entries(meta)) {
    if (name in told) {
      delete columns[notes];
    }
  }
  return { ...columns, ...told };
}

function isSame(held: RunColumns, told: RunColumns): boolean {
  return JSON.stringify(held) === JSON.stringify(told);
}

function byAge(a: RealtimeRun, b: RealtimeRun): number {
  return a.createdAt.getTime() - b.createdAt.getTime() || (a.id < b.id ? -1 : 1);
}

/** Two lists that are in order, as one. */
function merged(kept: readonly RealtimeRun[], news: readonly RealtimeRun[]): RealtimeRun[] {
  const runs: RealtimeRun[] = [];
  let next = 0;
  for (const run of news) {
    for (let old = kept[next]; old !== undefined && byAge(old, run) < 0; old = kept[++next]) {
      runs.push(old);
    }
    runs.push(run);
  }
  return runs.concat(kept.slice(next));
}

function dateOf(time: number | undefined): Date | undefined {
  return time === undefined ? undefined : new Date(time);
}
