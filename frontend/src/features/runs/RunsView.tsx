import { Center, Loader } from '@mantine/core';
import { useHotkeys } from '@mantine/hooks';
import { useEffect, useMemo, useState, useSyncExternalStore } from 'react';
import { listRuns } from '../../api/runs.ts';
import { useService } from '../../live/Service.tsx';
import { ErrorNotice } from '../../ui/ErrorNotice.tsx';
import { StaleBanner } from '../../ui/StaleBanner.tsx';
import { BulkBar } from './BulkBar.tsx';
import { NoRuns } from './NoRuns.tsx';
import { RunsHead } from './RunsHead.tsx';
import { RunsTable } from './RunsTable.tsx';
import { isNarrowed, matchesId, type RunFilters } from './runFilters.ts';
import { RunsSource } from './runsSource.ts';
import { NOTHING_SELECTED, type Selection } from './selection.ts';

interface Props {
  readonly filters: RunFilters;
  readonly onClear: () => void;
}

/** The list for some filters; another one for others. */
export function RunsView({ filters, onClear }: Props) {
  const { api, openFeed } = useService();
  const [source] = useState(
    () =>
      new RunsSource(
        filters,
        (query, after, signal) => listRuns(api, query, after, signal),
        openFeed,
      ),
  );
  useEffect(() => source.start(), [source]);
  const state = useSyncExternalStore(source.subscribe, source.getSnapshot);
  const [selected, setSelected] = useState<Selection>(NOTHING_SELECTED);
  useHotkeys([
    ['n', source.reveal],
    ['Escape', () => setSelected(NOTHING_SELECTED)],
  ]);
  const { order } = state.list;
  const shown = useMemo(
    () => (filters.id.trim() === '' ? order : order.filter((id) => matchesId(filters.id, id))),
    [order, filters.id],
  );
  if (state.phase === 'loading') {
    return (
      <Center flex={1}>
        <Loader aria-label="Loading the runs" />
      </Center>
    );
  }
  if (state.phase === 'failed') {
    return <ErrorNotice error={state.error} onAgain={source.start} />;
  }
  return (
    <>
      <StaleBanner feed={state.feed} />
      <RunsHead state={state} shown={shown.length} onReveal={source.reveal} />
      {shown.length === 0 ? (
        <NoRuns narrowed={isNarrowed(filters)} onClear={onClear} />
      ) : (
        <RunsTable
          ids={shown}
          row={source.row}
          revision={state.list.revision}
          older={state.older}
          error={state.error}
          onOlder={source.more}
          selected={selected}
          onSelect={setSelected}
        />
      )}
      {selected.size > 0 && (
        <BulkBar
          selected={selected}
          row={source.row}
          onDone={() => setSelected(NOTHING_SELECTED)}
        />
      )}
    </>
  );
}
