import type { FollowedFeed, ServiceLook, ServiceSample } from '../../api/service.ts';

/** What was heard of the service so far. */
export interface History {
  readonly samples: readonly ServiceSample[];
  readonly position: string | undefined;
  readonly feeds: readonly FollowedFeed[];
  /** Which feeds were followed by how many, each time that it was asked. */
  readonly followed: readonly FollowedAt[];
  readonly everyMs: number;
}

/** How many followed each of the largest feeds at a time. */
export interface FollowedAt {
  readonly at: Date;
  readonly feeds: readonly FollowedFeed[];
}

/** As far as the plots go back. */
export const SPAN_MS = 15 * 60_000;

/**
 * The history with what was heard now; samples are told once, and the oldest go.
 *
 * @param at when it was heard, which is all that is known of how many follow what
 */
export function withLook(before: History | undefined, look: ServiceLook, at: Date): History {
  const known = before?.samples ?? [];
  const last = known.at(-1)?.at.getTime() ?? Number.NEGATIVE_INFINITY;
  const all = [...known, ...look.samples.filter(({ at }) => at.getTime() > last)];
  const newest = all.at(-1)?.at.getTime() ?? 0;
  const { position, feeds, everyMs } = look;
  return {
    samples: all.filter(({ at }) => at.getTime() > newest - SPAN_MS),
    position,
    feeds,
    followed: [...(before?.followed ?? []), { at, feeds }].filter(
      (known) => known.at.getTime() > at.getTime() - SPAN_MS,
    ),
    everyMs,
  };
}

/** Columns for a plot of some feeds: the times in seconds, then how many followed each of them. */
export function followersOf(
  followed: readonly FollowedAt[],
  wanted: readonly string[],
): (number | null)[][] {
  return [
    followed.map(({ at }) => at.getTime() / 1_000),
    ...wanted.map((feed) =>
      followed.map(({ feeds }) => feeds.find((known) => known.feed === feed)?.subscriptions ?? 0),
    ),
  ];
}

/** What of a sample is plotted. */
export type Measure = Exclude<keyof ServiceSample, 'at'>;

/** Columns for a plot: the times in seconds, then a line for each measure. */
export function columnsOf(
  samples: readonly ServiceSample[],
  measures: readonly Measure[],
): (number | null)[][] {
  return [
    samples.map(({ at }) => at.getTime() / 1_000),
    ...measures.map((measure) => samples.map((sample) => sample[measure])),
  ];
}

/** What was known last of a measure: there is no lag while nothing is delivered. */
export function lastOf(samples: readonly ServiceSample[], measure: Measure): number | undefined {
  for (let at = samples.length - 1; at >= 0; at--) {
    const value = samples[at]?.[measure];
    if (value !== null && value !== undefined) {
      return value;
    }
  }
  return undefined;
}

/** How the slot is, in a word that one can act upon. */
export type SlotHealth = 'well' | 'silent' | 'elsewhere' | 'unknown';

/** Ten horizons are a silence that somebody should look into. */
const SILENT_MS = 10_000;

export function slotHealth(sample: ServiceSample | undefined): SlotHealth {
  if (sample === undefined || sample.horizonAgeMs === null) {
    return 'unknown';
  }
  if (sample.horizonAgeMs > SILENT_MS) {
    return 'silent';
  }
  return sample.retainedBytes === null ? 'elsewhere' : 'well';
}

/** A number in as few letters as it needs. */
export function short(value: number): string {
  if (value >= 1_000) {
    return value.toLocaleString('en', { notation: 'compact', maximumSignificantDigits: 3 });
  }
  return value >= 100 || Number.isInteger(value)
    ? String(Math.round(value))
    : value.toFixed(value >= 10 ? 1 : 2).replace(/\.?0+$/, '');
}

/** Bytes, in the unit that fits. */
export function bytes(value: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB'];
  let size = value;
  let unit = 0;
  while (size >= 1_000 && unit < units.length - 1) {
    size /= 1_000;
    unit++;
  }
  return `${size >= 100 || unit === 0 ? Math.round(size) : size.toFixed(1)} ${units[unit]}`;
}

/** A length of time in the unit that fits. */
export function millis(value: number): string {
  if (value >= 1_000) {
    return `${(value / 1_000).toFixed(1)} s`;
  }
  return `${value >= 10 ? Math.round(value) : value.toFixed(1)} ms`;
}
