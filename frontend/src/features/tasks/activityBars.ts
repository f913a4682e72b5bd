import type { Status } from '../../api/run.ts';
import type { Activity } from '../../api/taskList.ts';
import { count } from '../../lib/format.ts';
import { type GroupName, STATUS_GROUPS, sizeOf } from '../../list/statusGroups.ts';

const HOUR_MS = 3_600_000;

/** So many hours, with the one that is not over. */
export const HOURS = 24;

/** A part of a bar: how much of the tallest bar it takes up, and from where on. */
export interface Part {
  readonly group: GroupName;
  readonly from: number;
  readonly size: number;
}

/** An hour. */
export interface Bar {
  readonly at: Date;
  readonly total: number;
  /** Whether it is known how many there were. */
  readonly known: boolean;
  /** From below: what went well, what is under way, what did not. */
  readonly parts: readonly Part[];
}

const FROM_BELOW: readonly GroupName[] = [
  'done',
  'canceled',
  'queued',
  'waiting',
  'moving',
  'failed',
];

/** The last hours up to now, the oldest first. */
export function barsOf({ since, hours }: Activity, now: number): readonly Bar[] {
  const newest = Math.floor(now / HOUR_MS) * HOUR_MS;
  const runs = new Map(hours.map((hour) => [hour.at.getTime(), hour.runs]));
  const bars = Array.from({ length: HOURS }, (_, index) => {
    const at = newest - (HOURS - 1 - index) * HOUR_MS;
    return { at, known: at + HOUR_MS > since.getTime(), runs: runs.get(at) ?? {} };
  });
  const tallest = Math.max(1, ...bars.map((bar) => totalOf(bar.runs)));
  return bars.map((bar) => ({
    at: new Date(bar.at),
    known: bar.known,
    total: totalOf(bar.runs),
    parts: partsOf(bar.runs, tallest),
  }));
}

type Runs = Partial<Record<Status, number>>;

function totalOf(runs: Runs): number {
  return Object.values(runs).reduce((sum, number) => sum + number, 0);
}

function partsOf(runs: Runs, tallest: number): readonly Part[] {
  let from = 0;
  return FROM_BELOW.flatMap((name) => {
    const group = STATUS_GROUPS.find((known) => known.name === name);
    const size = group === undefined ? 0 : sizeOf(group, runs) / tallest;
    const part = { group: name, from, size };
    from += size;
    return size === 0 ? [] : [part];
  });
}

/** The same in words, for those who do not see it. */
export function activityWords({ since, hours }: Activity, now: number): string {
  const runs: Runs = {};
  for (const hour of hours) {
    for (const [status, number] of Object.entries(hour.runs)) {
      runs[status as Status] = (runs[status as Status] ?? 0) + number;
    }
  }
  const total = totalOf(runs);
  const span = Math.max(1, Math.ceil((now - since.getTime()) / HOUR_MS));
  const within = span >= HOURS ? '24 hours' : count(span, 'hour');
  if (total === 0) {
    return `No runs in the last ${within}`;
  }
  const told = STATUS_GROUPS.flatMap((group) => {
    const size = sizeOf(group, runs);
    return size === 0 ? [] : [`${size.toLocaleString('en')} ${group.word.toLowerCase()}`];
  });
  return `${count(total, 'run')} in the last ${within}: ${told.join(', ')}`;
}
