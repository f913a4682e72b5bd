import type { Activity } from '../../api/taskList.ts';
import { exactHour } from '../../lib/format.ts';
import { useNow } from '../../lib/useNow.ts';
import { activityWords, barsOf } from './activityBars.ts';
import classes from './Sparkline.module.css';

interface Props {
  readonly activity: Activity;
  /** Whether it has a section to itself. */
  readonly tall?: boolean;
}

const BAR = 4;
const GAP = 1;
const HEIGHT = 24;

const COLOURS = {
  done: 'var(--done)',
  canceled: 'var(--queued)',
  queued: 'var(--queued)',
  waiting: 'var(--waiting)',
  moving: 'var(--moving)',
  failed: 'var(--failed)',
} as const;

/** The runs of the last day by the hour, coloured by what has come of them. */
export function Sparkline({ activity, tall = false }: Props) {
  const now = useNow();
  const words = activityWords(activity, now);
  const bars = barsOf(activity, now);
  return (
    <svg
      className={tall ? classes.tall : classes.line}
      viewBox={`0 0 ${bars.length * (BAR + GAP) - GAP} ${HEIGHT + 1}`}
      preserveAspectRatio="none"
      role="img"
      aria-label={words}
    >
      <title>{words}</title>
      {bars.map((bar, index) => (
        <g key={bar.at.getTime()} transform={`translate(${index * (BAR + GAP)} 0)`}>
          {bar.total > 0 && (
            <title>{`${exactHour(bar.at)}: ${bar.total.toLocaleString('en')}`}</title>
          )}
          <rect
            y={HEIGHT}
            width={BAR}
            height={1}
            fill="var(--line)"
            opacity={bar.known ? 1 : 0.35}
          />
          {bar.parts.map(({ group, from, size }) => (
            <rect
              key={group}
              y={HEIGHT * (1 - from - size)}
              width={BAR}
              height={HEIGHT * size}
              fill={COLOURS[group]}
            />
          ))}
        </g>
      ))}
    </svg>
  );
}
