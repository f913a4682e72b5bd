import { Text } from '@mantine/core';
import { useDocumentTitle } from '@mantine/hooks';
import { Link } from '@tanstack/react-router';
import { EmptyState } from '../../ui/page/EmptyState.tsx';

/** There is no such page. */
export function NotFoundPage() {
  useDocumentTitle('Runcast');
  return (
    <EmptyState title="There is no such page">
      <Text>
        Go to{' '}
        <Link to="/runs" search={{}}>
          the runs
        </Link>
        .
      </Text>
    </EmptyState>
  );
}
