import { useDocumentTitle } from '@mantine/hooks';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { lazy } from 'react';
import { LiveRuns } from '../../list/LiveRuns.tsx';
import {
  countedFeedOf,
  filtersOf,
  isNarrowed,
  NO_FILTERS,
  type RunFilters,
  urlOf,
} from '../../list/runFilters.ts';
import { StatusCounts } from '../../list/StatusCounts.tsx';
import { groupOf } from '../../list/statusGroups.ts';
import { useService } from '../../live/Service.tsx';
import { useCounts } from '../../live/useCounts.ts';
import { RunFilterBar } from './RunFilterBar.tsx';
import classes from './RunsPage.module.css';

const NoRuns = lazy(async () => ({ default: (await import('./NoRuns.tsx')).NoRuns }));

/** All runs that the address asks for, live. */
export function RunsPage() {
  const { session } = useService();
  useDocumentTitle(`Runs · ${session.environment.slug} · Runcast`);
  const navigate = useNavigate();
  const filters = filtersOf(useSearch({ from: '/runs' }));
  const { counts, total } = useCounts(countedFeedOf(filters));
  const change = (next: RunFilters) =>
    void navigate({ to: '/runs', search: urlOf(next), replace: true });
  // What was read for other filters is none of theirs; the id is looked for in what was read.
  const key = JSON.stringify({ ...filters, id: '' });
  return (
    <div className={classes.page}>
      <RunFilterBar filters={filters} onChange={change} />
      <StatusCounts
        counts={counts}
        total={total}
        shown={filters.status.length === 0 ? 'all' : groupOf(filters.status)?.name}
        onShow={(group) => change({ ...filters, status: group?.statuses ?? [] })}
      />
      <LiveRuns
        key={key}
        filters={filters}
        title="Runs"
        order={1}
        empty={<NoRuns narrowed={isNarrowed(filters)} onClear={() => change(NO_FILTERS)} />}
      />
    </div>
  );
}
