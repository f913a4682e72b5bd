import { useEffect, useMemo, useState } from 'react';
import { count, duration } from '../../../lib/format.ts';
import { useNow } from '../../../lib/useNow.ts';
import { useService } from '../../../live/Service.tsx';
import { Lasted, type Tone } from '../../../ui/Lasted.tsx';
import { Section } from '../../../ui/page/Section.tsx';
import { Json } from '../../../ui/text/Json.tsx';
import classes from './RunTrace.module.css';
import { NO_PARTS, readAll, type StreamState } from './streamReader.ts';
import { type TraceRow, type TraceView, traceOf } from './trace.ts';

/** The name that a run's spans and logs are kept under. */
const TRACE = '$$trace';

/** Beyond so many rows the rest is left to whoever asks the service. */
const SHOWN_ROWS = 500;

interface Props {
  readonly runId: string;
  /** Whether the run is done. */
  readonly over: boolean;
}

/** What a run traces and logs, as it comes; nothing for one that does not. */
export function RunTrace({ runId, over }: Props) {
  const { readStream } = useService();
  const [state, setState] = useState<StreamState>(NO_PARTS);
  useEffect(() => {
    const leaving = new AbortController();
    void readAll(readStream(runId, TRACE, leaving.signal), leaving.signal, setState);
    return () => leaving.abort();
  }, [readStream, runId]);
  if (state.chunks.length === 0) {
    return null;
  }
  return (
    <Section title="Trace">
      {over ? <Ended chunks={state.chunks} /> : <Moving chunks={state.chunks} />}
    </Section>
  );
}

interface ChunksProps {
  readonly chunks: readonly unknown[];
}

function Moving({ chunks }: ChunksProps) {
  const now = useNow();
  return <Rows view={useMemo(() => traceOf(chunks, now), [chunks, now])} over={false} />;
}

function Ended({ chunks }: ChunksProps) {
  return <Rows view={useMemo(() => traceOf(chunks, 0), [chunks])} over />;
}

interface RowsProps {
  readonly view: TraceView;
  readonly over: boolean;
}

function Rows({ view, over }: RowsProps) {
  const left = view.rows.length - SHOWN_ROWS;
  return (
    <>
      <ul className={classes.rows}>
        {view.rows.slice(0, SHOWN_ROWS).map((row) => (
          <li key={row.key}>
            {row.more === undefined ? (
              <div className={classes.row} data-kind={row.kind}>
                <Line row={row} view={view} over={over} />
              </div>
            ) : (
              <details className={classes.details}>
                <summary className={classes.row} data-kind={row.kind}>
                  <Line row={row} view={view} over={over} />
                </summary>
                <Json value={row.more} label={`Attributes of ${row.name}`} />
              </details>
            )}
          </li>
        ))}
      </ul>
      {left > 0 && (
        <p className="quiet">
          {count(left, 'more entry', 'more entries')} at /api/v1/runs/…/events
        </p>
      )}
    </>
  );
}

interface LineProps extends RowsProps {
  readonly row: TraceRow;
}

function Line({ row, view, over }: LineProps) {
  const whole = view.to - view.from;
  const left = (100 * (row.at - view.from)) / whole;
  const to = row.to ?? (row.kind === 'log' ? row.at : view.to);
  const width = Math.max((100 * (to - row.at)) / whole, 0.6);
  return (
    <>
      <span
        className={`${classes.name} ellipsis`}
        data-level={row.failed ? 'error' : row.level}
        style={{ paddingInlineStart: `${row.depth * 0.9}rem` }}
        title={row.name}
      >
        {row.kind === 'log' && <span className={classes.level}>{row.level}</span>} {row.name}
      </span>
      <Lasted
        left={Math.min(left, 100 - width)}
        width={width}
        tone={toneOf(row, over)}
        took={tookOf(row, to, view.from)}
        className={classes.track}
      />
    </>
  );
}

/** Of a span how long it took, of a log when it came. */
function tookOf(row: TraceRow, to: number, from: number): string {
  return row.kind === 'span' ? duration(to - row.at) : `+${duration(row.at - from)}`;
}

function toneOf({ kind, to, failed }: TraceRow, over: boolean): Tone {
  if (failed) {
    return 'failed';
  }
  return kind === 'log' ? 'quiet' : to === undefined && !over ? 'moving' : 'done';
}
