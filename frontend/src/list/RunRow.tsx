import { memo } from 'react';
import type { RunSummary } from '../api/run.ts';
import { Elapsed } from '../ui/Elapsed.tsx';
import { StatusBadge } from '../ui/StatusBadge.tsx';
import { Timestamp } from '../ui/Timestamp.tsx';
import classes from './RunsTable.module.css';

interface Place {
  /** Where it is in the list, in pixels. */
  readonly top: number;
  readonly height: number;
  /** The number of the row, with the head as 1. */
  readonly index: number;
}

interface Props extends Place {
  readonly id: string;
  readonly run: RunSummary;
  /** Whether the keys are at it. */
  readonly current: boolean;
  readonly selected: boolean;
  readonly onToggle: (id: string) => void;
}

/** A run in a line; in two where there is little room. Rendered again only when it changes. */
export const RunRow = memo(function RunRow(props: Props) {
  const { id, run, top, height, index, current, selected, onToggle } = props;
  return (
    <div
      id={id}
      role="row"
      aria-rowindex={index}
      aria-selected={selected}
      data-current={current}
      data-run={run.id}
      className={classes.row}
      style={{ height, top }}
    >
      <span role="gridcell" className={classes.check}>
        <input
          type="checkbox"
          className={classes.box}
          aria-label={`Select ${run.id}`}
          tabIndex={-1}
          checked={selected}
          onChange={() => onToggle(run.id)}
        />
      </span>
      <span role="gridcell" className={classes.status}>
        <StatusBadge status={run.status} still />
      </span>
      <span role="gridcell" className={`${classes.task} ellipsis`} title={run.task}>
        {run.task}
      </span>
      <span role="gridcell" className={`${classes.id} ellipsis`}>
        {/* Not the router's own, which takes as long to draw as all the rest: see useRunLinks. */}
        <a
          href={`/runs/${encodeURIComponent(run.id)}`}
          className={classes.link}
          title={run.id}
          tabIndex={-1}
        >
          {run.id}
        </a>
      </span>
      <span role="gridcell" className={classes.tags}>
        {run.tags.map((tag) => (
          <span key={tag} className={classes.tag} title={tag}>
            {tag}
          </span>
        ))}
      </span>
      <span role="gridcell" className={classes.took}>
        <Elapsed from={run.startedAt} to={run.finishedAt} />
      </span>
      <span role="gridcell" className={classes.created}>
        <Timestamp time={run.createdAt} />
      </span>
    </div>
  );
});

/** A run that is there and not read yet. */
export const PlaceHolder = memo(function PlaceHolder({ top, height, index }: Place) {
  return (
    <div
      role="row"
      aria-rowindex={index}
      aria-busy="true"
      className={classes.row}
      style={{ height, top }}
    >
      <span role="gridcell" className={classes.blank} aria-label="Not read yet" />
    </div>
  );
});
