import { isFinal, type RunSummary, type Status } from '../../api/run.ts';

/** What a bar is of. */
export type BarKind = 'delayed' | 'queued' | 'executing' | 'child' | 'stream';

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

/** What happened when: the run's own states, then its children and streams as they began. */
export function timelineOf(
  run: RunSummary,
  children: readonly RunSummary[],
  streams: readonly StreamSpan[],
  now: number,
): Timeline {
  const others = [...children.map(ofChild), ...streams.map(ofStream)].sort(
    (a, b) => a.from - b.from || (a.key < b.key ? -1 : 1),
  );
  const bars = [...ofRun(run), ...others];
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

function ofRun(run: RunSummary): Bar[] {
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
  if (started !== undefined) {
    bars.push(own('executing', 'Executing', started, over));
  }
  return bars;
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
