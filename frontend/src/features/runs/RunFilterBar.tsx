import { Button, Center, Loader, NativeSelect, Popover, TextInput } from '@mantine/core';
import { useHotkeys } from '@mantine/hooks';
import { IconFilter, IconSearch } from '@tabler/icons-react';
import { useNavigate } from '@tanstack/react-router';
import { type KeyboardEvent, lazy, Suspense, useRef } from 'react';
import { PERIOD_CHOICES, type Period, type RunFilters } from '../../list/runFilters.ts';
import { FilterPills } from './FilterPills.tsx';
import classes from './RunFilterBar.module.css';

const FilterFields = lazy(async () => ({
  default: (await import('./FilterFields.tsx')).FilterFields,
}));

interface Props {
  readonly filters: RunFilters;
  readonly onChange: (filters: RunFilters) => void;
}

const WHOLE_ID = /^(run|batch)_[A-Za-z0-9_-]{8,}$/;

/** What narrows the list. All of it is in the address. */
export function RunFilterBar({ filters, onChange }: Props) {
  const search = useRef<HTMLInputElement>(null);
  const navigate = useNavigate();
  useHotkeys([['/', () => search.current?.focus()]]);
  const set = (change: Partial<RunFilters>) => onChange({ ...filters, ...change });
  const onKeyDown = (event: KeyboardEvent<HTMLInputElement>) => {
    const id = filters.id.trim();
    const kind = WHOLE_ID.exec(id)?.[1];
    if (event.key === 'Enter' && kind === 'run') {
      void navigate({ to: '/runs/$runId', params: { runId: id } });
    } else if (event.key === 'Enter' && kind === 'batch') {
      void navigate({ to: '/batches/$batchId', params: { batchId: id }, search: {} });
    } else if (event.key === 'Escape') {
      search.current?.blur();
    }
  };
  return (
    <search className={classes.bar} aria-label="Filters">
      <div className={classes.row}>
        <TextInput
          ref={search}
          className={classes.search}
          aria-label="Search by id"
          placeholder="Run or batch id"
          leftSection={<IconSearch size={16} />}
          value={filters.id}
          onChange={(event) => set({ id: event.currentTarget.value })}
          onKeyDown={onKeyDown}
        />
        <NativeSelect
          className={classes.period}
          aria-label="Time"
          data={[{ value: '', label: 'Any time' }, ...PERIOD_CHOICES]}
          value={filters.period ?? ''}
          onChange={(event) => set({ period: (event.currentTarget.value || undefined) as Period })}
        />
        <MoreFilters filters={filters} set={set} />
      </div>
      <FilterPills filters={filters} onChange={onChange} />
    </search>
  );
}

interface MoreProps {
  readonly filters: RunFilters;
  readonly set: (change: Partial<RunFilters>) => void;
}

function MoreFilters({ filters, set }: MoreProps) {
  return (
    <Popover position="bottom-end" width={320} trapFocus shadow="md" withinPortal>
      <Popover.Target>
        <Button variant="default" leftSection={<IconFilter size={16} />}>
          Filters
        </Button>
      </Popover.Target>
      <Popover.Dropdown>
        <Suspense
          fallback={
            <Center h={320}>
              <Loader size="sm" aria-label="Loading the filters" />
            </Center>
          }
        >
          <FilterFields filters={filters} set={set} />
        </Suspense>
      </Popover.Dropdown>
    </Popover>
  );
}
