import type { Batch } from '../../api/batches.ts';
import { type GroupName, STATUS_GROUPS, sizeOf } from '../../list/statusGroups.ts';
import type { Counts } from '../../live/feed.ts';

/** How many runs had finished at a time. */
export interface Sample {
  readonly at: number;
  readonly finished: number;
}

/** A stretch of the bar. */
export interface Part {
  readonly name: GroupName | 'coming';
  readonly size: number;
}

/** How far a batch has come, and how it goes on. */
export interface Progress {
  readonly total: number;
  readonly finished: number;
  readonly failed: number;
  /** Of 0 to 100, and 100 only when it is over. */
  readonly percent: number;
  readonly over: boolean;
  /** What the bar is made of, all of the total. */
  readonly parts: readonly Part[];
  /** How many finish in a minute, as of late; undefined before any has. */
  readonly perMinute: number | undefined;
  /** When it will be over if it goes on so; undefined if nothing can be said. */
  readonly end: Date | undefined;
}

/** How long ago a sample may be for it to tell how things go now. */
const RECENT_MS = 60_000;

/** Two samples nearer to each other than this tell nothing. */
const LEAST_MS = 4_000;

/** One is kept in so long. */
const APART_MS = 500;

const ENDS: ReadonlySet<GroupName> = new Set(['done', 'failed', 'canceled']);

const BAR: readonly GroupName[] = ['done', 'failed', 'canceled', 'moving', 'waiting', 'queued'];

/** How many runs are over. */
export function finishedOf(counts: Counts): number {
  return STATUS_GROUPS.filter(({ name }) => ENDS.has(name)).reduce(
    (sum, group) => sum + sizeOf(group, counts),
    0,
  );
}

/** The samples with one more; those that tell nothing any more are left out. */
export function withSample(samples: readonly Sample[], sample: Sample): readonly Sample[] {
  const last = samples.at(-1);
  const kept = samples.slice(firstOf(samples, sample.at));
  return last !== undefined && kept.length > 1 && sample.at - last.at < APART_MS
    ? [...kept.slice(0, -1), { at: last.at, finished: sample.finished }]
    : [...kept, sample];
}

/** Where the samples begin that tell how things go: with the newest of those that are older. */
function firstOf(samples: readonly Sample[], now: number): number {
  const recent = samples.findIndex(({ at }) => now - at < RECENT_MS);
  return Math.max(0, (recent < 0 ? samples.length : recent) - 1);
}

/** Puts together what is known of a batch. */
export function progressOf(
  batch: Batch,
  counts: Counts,
  samples: readonly Sample[],
  now: number,
): Progress {
  const sizes = new Map(STATUS_GROUPS.map((group) => [group.name, sizeOf(group, counts)]));
  const size = (name: GroupName) => sizes.get(name) ?? 0;
  const counted = [...sizes.values()].reduce((sum, each) => sum + each, 0);
  const finished = finishedOf(counts);
  const over = batch.status === 'COMPLETED' && finished === counted;
  // A run that was there already counts for the batch, but is not one of its own.
  const total = over ? counted : Math.max(batch.runCount, counted);
  const perMinute = over ? wholeRate(batch, finished) : rateOf(batch, finished, samples, now);
  const left = total - finished;
  return {
    total,
    finished,
    failed: size('failed'),
    percent: over ? 100 : Math.min(99, Math.floor((100 * finished) / Math.max(1, total))),
    over,
    parts: [
      ...BAR.map((name) => ({ name, size: size(name) })),
      { name: 'coming' as const, size: total - counted },
    ].filter((part) => part.size > 0),
    perMinute,
    end:
      over || perMinute === undefined || perMinute <= 0
        ? undefined
        : new Date(now + (left / perMinute) * 60_000),
  };
}

function wholeRate({ createdAt, completedAt }: Batch, finished: number): number | undefined {
  const ms = completedAt === undefined ? 0 : completedAt.getTime() - createdAt.getTime();
  return ms > 0 && finished > 0 ? (finished / ms) * 60_000 : undefined;
}

/** By what was seen of late; until enough was, by all of its life. */
function rateOf(
  { createdAt }: Batch,
  finished: number,
  samples: readonly Sample[],
  now: number,
): number | undefined {
  const first = samples[firstOf(samples, now)];
  if (first !== undefined && now - first.at >= LEAST_MS) {
    return ((finished - first.finished) / (now - first.at)) * 60_000;
  }
  const age = now - createdAt.getTime();
  return finished > 0 && age > 0 ? (finished / age) * 60_000 : undefined;
}

/** A rate as people say it. */
export function rateText(perMinute: number): string {
  if (perMinute >= 600) {
    return `${Math.round(perMinute / 60).toLocaleString('en')} a second`;
  }
  return perMinute >= 10 || perMinute === 0
    ? `${Math.round(perMinute).toLocaleString('en')} a minute`
    : `${perMinute.toFixed(1)} a minute`;
}
