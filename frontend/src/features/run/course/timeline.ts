import { isFinal, type RunSummary, type Status } from '../../../api/run.ts';
import type { Waiting } from './waiting.ts';

/** What a bar is of. */
export type BarKind = 'delayed' | 'queued' | 'executing' | 'waiting' | 'child' | 'stream';

/** Something that took a while, or still does. */
export interface Bar {
  readonly key: string;
  readonly kind: BarKind;
  readonly label: string;
  readonly from: number;
  /** Undefined while it goes on. */
  readonly to: number | undefined;
  /** Of a child, how it stands. */
  readonly status: Status | undefined;
  /** Of a child, its id. */
  readonly runId: string | undefined;
}

/** When the first and the last part of a stream that were seen had been stored. */
export interface StreamSpan {
  readonly key: string;
  readonly first: number;
  readonly last: number;
}

export interface Timeline {
  readonly from: number;
  readonly to: number;
  readonly bars: readonly Bar[];
}

/** A bar's place in percent of the whole. */
export interface Place {
  readonly left: number;
  readonly width: number;
}

/**
 * What happened when: the run's own states, then its children and streams as they began.
 *
 * @param waiting what the run waits for, while it does; what it waited for before is not told
 */
export function timelineOf(
  run: RunSummary,
  waiting: Waiting | undefined,
  children: readonly RunSummary[],
  streams: readonly StreamSpan[],
  now: number,
): Timeline {
  const others = [...children.map(ofChild), ...streams.map(ofStream)].sort(
    (a, b) => a.from - b.from || (a.key < b.key ? -1 : 1),
  );
  const bars = [...ofRun(run, waiting), ...others];
  const from = run.createdAt.getTime();
  const ends = bars.map(({ to }) => to ?? Math.max(now, from));
  return { from, to: Math.max(from + 1, ...ends), bars };
}

/** Where a bar lies in its timeline; nothing is too short to be seen. */
export function placeOf(bar: Bar, { from, to }: Timeline): Place {
  const share = (time: number) => (100 * (Math.min(Math.max(time, from), to) - from)) / (to - from);
  const width = Math.max(share(bar.to ?? to) - share(bar.from), 0.6);
  return { left: Math.min(share(bar.from), 100 - width), width };
}

function ofRun(run: RunSummary, waiting: Waiting | undefined): Bar[] {
  const created = run.createdAt.getTime();
  const started = run.startedAt?.getTime();
  const over =
    run.finishedAt?.getTime() ?? (isFinal(run.status) ? run.updatedAt.getTime() : undefined);
  const wanted = run.delayedUntil?.getTime();
  const until = wanted === undefined ? created : Math.min(wanted, started ?? over ?? wanted);
  const delayed = run.status === 'DELAYED';
  const bars: Bar[] = [];
  if (until > created) {
    bars.push(own('delayed', 'Delayed', created, delayed ? undefined : until));
  }
  if (!delayed) {
    bars.push(own('queued', 'Queued', until, started ?? over));
  }
  return started === undefined ? bars : [...bars, ...begun(started, over, waiting)];
}

/** It is one or the other. */
function begun(started: number, over: number | undefined, waiting: Waiting | undefined): Bar[] {
  if (waiting === undefined) {
    return [own('executing', 'Executing', started, over)];
  }
  const paused = Math.max(started, waiting.since);
  const label = waiting.what === undefined ? 'Waiting' : `Waiting: ${waiting.what}`;
  return [own('executing', 'Executing', started, paused), own('waiting', label, paused, undefined)];
}

function own(kind: BarKind, label: string, from: number, to: number | undefined): Bar {
  return { key: kind, kind, label, from, to, status: undefined, runId: undefined };
}

function ofChild(run: RunSummary): Bar {
  return {
    key: run.id,
    kind: 'child',
    label: run.task,
    from: (run.startedAt ?? run.createdAt).getTime(),
    to: run.finishedAt?.getTime() ?? (isFinal(run.status) ? run.updatedAt.getTime() : undefined),
    status: run.status,
    runId: run.id,
  };
}

function ofStream({ key, first, last }: StreamSpan): Bar {
  return {
    key: `stream ${key}`,
    kind: 'stream',
    label: key,
    from: first,
    to: last,
    status: undefined,
    runId: undefined,
  };
}
