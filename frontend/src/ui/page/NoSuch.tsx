import { Text } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { EmptyState } from './EmptyState.tsx';

interface Props {
  /** What is not there, in a word. */
  readonly what: 'run' | 'batch' | 'task';
  readonly id: string;
}

const NEVER_MADE =
  'is not in this environment: it was never made here, or it is past the time that finished runs are kept.';

const WHY: Readonly<Record<Props['what'], string>> = {
  run: NEVER_MADE,
  batch: NEVER_MADE,
  task: 'is in no build of this environment, and no run was triggered of it that is still kept.',
};

/** An address names something that the environment does not have. */
export function NoSuch({ what, id }: Props) {
  return (
    <EmptyState title={`There is no such ${what}`}>
      <Text>
        <code>{id}</code> {WHY[what]}
      </Text>
      <Text mt="md">
        {what === 'task' ? (
          <Link to="/tasks" search={{}}>
            All tasks
          </Link>
        ) : (
          <Link to="/runs" search={{}}>
            All runs
          </Link>
        )}
      </Text>
    </EmptyState>
  );
}
