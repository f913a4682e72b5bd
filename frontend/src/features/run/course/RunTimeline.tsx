import { Link } from '@tanstack/react-router';
import { isFinal, type RunSummary } from '../../../api/run.ts';
import { duration } from '../../../lib/format.ts';
import { useNow } from '../../../lib/useNow.ts';
import { Lasted, type Tone } from '../../../ui/Lasted.tsx';
import classes from './RunTimeline.module.css';
import { type Bar, placeOf, type StreamSpan, type Timeline, timelineOf } from './timeline.ts';
import type { Waiting } from './waiting.ts';

interface Props {
  readonly run: RunSummary;
  readonly waiting: Waiting | undefined;
  readonly runs: readonly RunSummary[];
  readonly streams: readonly StreamSpan[];
}

/** What took how long: the run's own states, its children, its streams. */
export function RunTimeline(props: Props) {
  const { run, waiting, runs, streams } = props;
  const moving = !isFinal(run.status) || runs.some(({ status }) => !isFinal(status));
  return moving ? (
    <Moving {...props} />
  ) : (
    <Bars timeline={timelineOf(run, waiting, runs, streams, run.updatedAt.getTime())} />
  );
}

function Moving({ run, waiting, runs, streams }: Props) {
  return <Bars timeline={timelineOf(run, waiting, runs, streams, useNow())} />;
}

function Bars({ timeline }: { readonly timeline: Timeline }) {
  return (
    <ul className={classes.bars}>
      {timeline.bars.map((bar) => (
        <TimelineBar key={bar.key} bar={bar} timeline={timeline} />
      ))}
    </ul>
  );
}

function TimelineBar({ bar, timeline }: { readonly bar: Bar; readonly timeline: Timeline }) {
  const { left, width } = placeOf(bar, timeline);
  return (
    <li className={classes.row} data-kind={bar.kind}>
      <span className={`${classes.label} ellipsis`} title={bar.label}>
        {bar.runId === undefined ? (
          bar.label
        ) : (
          <Link to="/runs/$runId" params={{ runId: bar.runId }}>
            {bar.label}
          </Link>
        )}
      </span>
      <Lasted
        left={left}
        width={width}
        tone={toneOf(bar)}
        took={duration((bar.to ?? timeline.to) - bar.from)}
      />
    </li>
  );
}

const FAILED: ReadonlySet<string | undefined> = new Set([
  'FAILED',
  'CRASHED',
  'SYSTEM_FAILURE',
  'TIMED_OUT',
  'EXPIRED',
]);

function toneOf({ kind, status }: Bar): Tone {
  if (kind === 'child') {
    return FAILED.has(status) ? 'failed' : status === 'COMPLETED' ? 'done' : 'child';
  }
  return OWN[kind];
}

const OWN: Readonly<Record<Exclude<Bar['kind'], 'child'>, Tone>> = {
  delayed: 'queued',
  queued: 'queued',
  executing: 'moving',
  waiting: 'waiting',
  stream: 'quiet',
};
