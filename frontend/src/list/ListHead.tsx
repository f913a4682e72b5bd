import { Button } from '@mantine/core';
import { IconArrowUp } from '@tabler/icons-react';
import { count } from '../lib/format.ts';
import { ConnectionBadge } from '../ui/ConnectionBadge.tsx';
import classes from './ListHead.module.css';
import type { RunsState } from './source/runsSource.ts';

interface Props {
  readonly title: string;
  /** Where the title is among those of the page. */
  readonly order: 1 | 2;
  readonly state: RunsState;
  readonly onReveal: () => void;
}

/** How many runs there are, whether they are current, and that there are new ones. */
export function ListHead({ title, order, state, onReveal }: Props) {
  const { list, length, isWhole, feed } = state;
  const Title = order === 1 ? 'h1' : 'h2';
  return (
    <div className={classes.head}>
      <Title className={classes.title}>{title}</Title>
      <span className="quiet numbers nowrap">
        {length.toLocaleString('en')}
        {isWhole ? '' : '+'}
      </span>
      <div className={classes.news} aria-live="polite">
        {list.waiting > 0 && (
          <Button
            size="compact-sm"
            radius="xl"
            leftSection={<IconArrowUp size={14} />}
            onClick={onReveal}
          >
            {list.overrun
              ? `More than ${count(list.waiting, 'new run')}`
              : count(list.waiting, 'new run')}
          </Button>
        )}
      </div>
      <ConnectionBadge connection={feed.connection} asOf={feed.asOf} />
    </div>
  );
}
