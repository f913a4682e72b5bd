import { useDebouncedValue, useDocumentTitle } from '@mantine/hooks';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { lazy } from 'react';
import type { Status } from '../../api/run.ts';
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
import type { Counts } from '../../live/feed.ts';
import { useService } from '../../live/Service.tsx';
import { useCounts } from '../../live/useCounts.ts';
import { RunFilterBar } from './RunFilterBar.tsx';
import classes from './RunsPage.module.css';

const NoRuns = lazy(async () => ({ default: (await import('./NoRuns.tsx')).NoRuns }));

/** Who types is not asked for each letter. */
const TYPING_MS = 250;

/** All runs that the address asks for, live. */
export function RunsPage() {
  const { session } = useService();
  useDocumentTitle(`Runs · ${session.environment.slug} · Runcast`);
  const navigate = useNavigate();
  const filters = filtersOf(useSearch({ from: '/runs' }));
  const { counts, total } = useCounts(countedFeedOf(filters));
  const [id] = useDebouncedValue(filters.id, TYPING_MS);
  const listed = { ...filters, id };
  const change = (next: RunFilters) =>
    void navigate({ to: '/runs', search: urlOf(next), replace: true });
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
        key={JSON.stringify(listed)}
        filters={listed}
        counted={counts && countOf(filters.status, counts, total)}
        title="Runs"
        order={1}
        empty={<NoRuns narrowed={isNarrowed(filters)} onClear={() => change(NO_FILTERS)} />}
      />
    </div>
  );
}

/** How many runs there are in some statuses; of all where none is named. */
function countOf(statuses: readonly Status[], counts: Counts, total: number | undefined) {
  return statuses.length === 0
    ? total
    : statuses.reduce((sum, status) => sum + (counts[status] ?? 0), 0);
}
