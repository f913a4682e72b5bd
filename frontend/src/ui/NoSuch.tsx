import { Text } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { EmptyState } from './EmptyState.tsx';

interface Props {
  /** What is not there, in a word. */
  readonly what: string;
  readonly id: string;
}

/** An address names something that the environment does not have. */
export function NoSuch({ what, id }: Props) {
  return (
    <EmptyState title={`There is no such ${what}`}>
      <Text>
        <code>{id}</code> is not in this environment: it was never made here, or it is past the time
        that finished runs are kept.
      </Text>
      <Text mt="md">
        <Link to="/runs" search={{}}>
          All runs
        </Link>
      </Text>
    </EmptyState>
  );
}
