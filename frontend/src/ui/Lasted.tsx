import classes from './Lasted.module.css';

/** How a bar looks. */
export type Tone = 'queued' | 'moving' | 'child' | 'done' | 'failed' | 'waiting' | 'quiet';

interface Props {
  /** Where the bar begins and how wide it is, in percent of the whole. */
  readonly left: number;
  readonly width: number;
  readonly tone: Tone;
  /** How long that was, in words. */
  readonly took: string;
  /** Of the bar's track. */
  readonly className?: string | undefined;
}

/** Two cells of a row: what part of a time something took, as a bar, and how long that was. */
export function Lasted({ left, width, tone, took, className = '' }: Props) {
  return (
    <>
      <span className={`${classes.track} ${className}`} aria-hidden="true">
        <span
          className={classes.bar}
          data-tone={tone}
          style={{ left: `${left}%`, width: `${width}%` }}
        />
      </span>
      <span className={classes.took}>{took}</span>
    </>
  );
}
