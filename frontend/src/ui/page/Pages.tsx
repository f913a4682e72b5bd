import { Button, Group } from '@mantine/core';

interface Props {
  /** From 1. */
  readonly page: number;
  readonly pages: number;
  readonly onPage: (page: number) => void;
}

/** Leads through the pages of a list, if there is more than one. */
export function Pages({ page, pages, onPage }: Props) {
  if (pages <= 1) {
    return null;
  }
  return (
    <Group justify="center" pb="md" component="nav" aria-label="Pages of the list">
      <Button
        variant="default"
        size="xs"
        disabled={page <= 1}
        onClick={() => onPage(Math.min(page - 1, pages))}
      >
        Back
      </Button>
      <span className="numbers">
        {page} of {pages}
      </span>
      <Button variant="default" size="xs" disabled={page >= pages} onClick={() => onPage(page + 1)}>
        On
      </Button>
    </Group>
  );
}
