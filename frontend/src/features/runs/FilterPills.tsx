import { Button, CloseButton } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { NO_FILTERS, type RunFilters } from '../../list/runFilters.ts';
import { groupOf } from '../../list/statusGroups.ts';
import { statusWord } from '../../ui/StatusBadge.tsx';
import classes from './RunFilterBar.module.css';

interface Props {
  readonly filters: RunFilters;
  readonly onChange: (filters: RunFilters) => void;
}

interface Pill {
  readonly what: string;
  readonly value: string;
  readonly without: RunFilters;
}

/** What narrows the list now, each with a way to be rid of it. */
export function FilterPills({ filters, onChange }: Props) {
  const pills = pillsOf(filters);
  if (pills.length === 0) {
    return null;
  }
  return (
    <div className={classes.pills}>
      {pills.map(({ what, value, without }) => (
        <span key={`${what} ${value}`} className={classes.pill}>
          <span className="quiet">{what}</span>
          <span className="ellipsis">{value}</span>
          <CloseButton
            size="xs"
            radius="xl"
            aria-label={`Without ${what} ${value}`}
            onClick={() => onChange(without)}
          />
        </span>
      ))}
      {filters.batch !== undefined && (
        <Link
          to="/batches/$batchId"
          params={{ batchId: filters.batch }}
          search={{}}
          className={classes.lead}
        >
          Look at the batch
        </Link>
      )}
      <Button size="compact-xs" variant="subtle" onClick={() => onChange(NO_FILTERS)}>
        Clear
      </Button>
    </div>
  );
}

function pillsOf(filters: RunFilters): Pill[] {
  const { status, task, tags, version, batch, period } = filters;
  // A whole group of statuses shows in the strip of counts already.
  const alone = groupOf(status) === undefined || status.length === 1 ? status : [];
  const pills: Pill[] = [
    ...alone.map((value) => ({
      what: 'status',
      value: statusWord(value),
      without: { ...filters, status: status.filter((other) => other !== value) },
    })),
    ...each('task', task, (rest) => ({ ...filters, task: rest })),
    ...each('tag', tags, (rest) => ({ ...filters, tags: rest })),
    ...each('version', version, (rest) => ({ ...filters, version: rest })),
  ];
  if (batch !== undefined) {
    pills.push({ what: 'batch', value: batch, without: { ...filters, batch: undefined } });
  }
  if (period !== undefined) {
    pills.push({ what: 'last', value: period, without: { ...filters, period: undefined } });
  }
  return pills;
}

function each(
  what: string,
  list: readonly string[],
  leaving: (rest: readonly string[]) => RunFilters,
): Pill[] {
  return list.map((value) => ({
    what,
    value,
    without: leaving(list.filter((other) => other !== value)),
  }));
}
