import { Button } from '@mantine/core';
import { IconArrowUp } from '@tabler/icons-react';
import { count } from '../../lib/format.ts';
import { ConnectionBadge } from '../../ui/ConnectionBadge.tsx';
import classes from './RunsHead.module.css';
import type { RunsState } from './runsSource.ts';

interface Props {
  readonly state: RunsState;
  /** How many runs the table has. */
  readonly shown: number;
  readonly onReveal: () => void;
}

/** How many runs there are, whether they are current, and that there are new ones. */
export function RunsHead({ state, shown, onReveal }: Props) {
  const { list, older, feed } = state;
  return (
    <div className={classes.head}>
      <h1 className={classes.title}>Runs</h1>
      <span className="quiet numbers nowrap">
        {shown.toLocaleString('en')}
        {older === 'none' ? '' : '+'}
      </span>
      <div className={classes.news} aria-live="polite">
        {list.waiting > 0 && (
          <Button
            size="compact-sm"
            radius="xl"
            leftSection={<IconArrowUp size={14} />}
            onClick={onReveal}
          >
            {count(list.waiting, 'new run')}
          </Button>
        )}
      </div>
      <ConnectionBadge connection={feed.connection} asOf={feed.asOf} />
    </div>
  );
}
