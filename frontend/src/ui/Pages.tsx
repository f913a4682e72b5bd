import { Group, Pagination } from '@mantine/core';

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
      <Pagination
        size="sm"
        total={pages}
        value={page}
        onChange={onPage}
        getControlProps={(control) => ({ 'aria-label': `${control} page` })}
        getItemProps={(number) => ({ 'aria-label': `Page ${number}` })}
      />
    </Group>
  );
}
