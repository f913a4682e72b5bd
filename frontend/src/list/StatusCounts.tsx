import type { Counts } from '../live/feed.ts';
import classes from './StatusCounts.module.css';
import { type GroupName, STATUS_GROUPS, type StatusGroup, sizeOf } from './statusGroups.ts';

interface Props {
  /** Undefined while they are not known. */
  readonly counts: Counts | undefined;
  readonly total: number | undefined;
  /** The group that is shown alone, or all; undefined for some other choice of statuses. */
  readonly shown: GroupName | 'all' | undefined;
  /** Told which group is to be shown; undefined for all. */
  readonly onShow: (group: StatusGroup | undefined) => void;
}

/** How many runs are where, each a way to see just those. Nothing moves when a number does. */
export function StatusCounts({ counts, total, shown, onShow }: Props) {
  return (
    <section className={classes.strip} aria-label="Runs by status">
      <Choice
        word="All"
        look="all"
        size={total}
        on={shown === 'all'}
        go={() => onShow(undefined)}
      />
      {STATUS_GROUPS.map((group) => (
        <Choice
          key={group.name}
          word={group.word}
          look={group.name}
          size={counts === undefined ? undefined : sizeOf(group, counts)}
          on={shown === group.name}
          go={() => onShow(shown === group.name ? undefined : group)}
        />
      ))}
    </section>
  );
}

interface ChoiceProps {
  readonly word: string;
  readonly look: GroupName | 'all';
  readonly size: number | undefined;
  readonly on: boolean;
  readonly go: () => void;
}

function Choice({ word, look, size, on, go }: ChoiceProps) {
  return (
    <button
      type="button"
      className={classes.choice}
      data-look={look}
      aria-pressed={on}
      onClick={go}
    >
      <span className={classes.word}>
        <span className={classes.mark} aria-hidden="true" />
        {word}
      </span>
      <span className={`${classes.size} numbers`} data-none={size === 0}>
        {size === undefined ? '–' : size.toLocaleString('en')}
      </span>
    </button>
  );
}
