import { useDocumentTitle } from '@mantine/hooks';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useService } from '../../live/Service.tsx';
import { RunFilterBar } from './RunFilterBar.tsx';
import classes from './RunsPage.module.css';
import { RunsView } from './RunsView.tsx';
import { filtersOf, type RunFilters, urlOf } from './runFilters.ts';

/** All runs that the address asks for, live. */
export function RunsPage() {
  const { session } = useService();
  useDocumentTitle(`Runs · ${session.environment.slug} · Runcast`);
  const navigate = useNavigate();
  const filters = filtersOf(useSearch({ from: '/runs' }));
  const change = (next: RunFilters) =>
    void navigate({ to: '/runs', search: urlOf(next), replace: true });
  // What was read for other filters is none of theirs; the id is looked for in what was read.
  const key = JSON.stringify({ ...filters, id: '' });
  return (
    <div className={classes.page}>
      <RunFilterBar filters={filters} onChange={change} />
      <RunsView key={key} filters={filters} onClear={() => change(filtersOf({}))} />
    </div>
  );
}
