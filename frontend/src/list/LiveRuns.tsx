import { Center, Loader } from '@mantine/core';
import { useHotkeys } from '@mantine/hooks';
import { lazy, type ReactNode, Suspense, useEffect, useState, useSyncExternalStore } from 'react';
import { listRuns } from '../api/runs.ts';
import { useService } from '../live/Service.tsx';
import { ErrorNotice } from '../ui/page/ErrorNotice.tsx';
import { StaleBanner } from '../ui/StaleBanner.tsx';
import { ListHead } from './ListHead.tsx';
import { RunsTable } from './RunsTable.tsx';
import type { RunFilters } from './runFilters.ts';
import { NOTHING_SELECTED, type Selection } from './selection.ts';
import { RunsSource } from './source/runsSource.ts';

const BulkBar = lazy(async () => ({ default: (await import('./BulkBar.tsx')).BulkBar }));

interface Props {
  /** Must not change: give other ones a key. */
  readonly filters: RunFilters;
  /** How many runs these are, as far as that is counted. */
  readonly counted: number | undefined;
  readonly title: string;
  readonly order: 1 | 2;
  /** What is said where there is no run. */
  readonly empty: ReactNode;
}

/** The runs that some filters ask for, live, and what can be done to them. */
export function LiveRuns({ filters, counted, title, order, empty }: Props) {
  const { api, openFeed } = useService();
  const [source] = useState(
    () =>
      new RunsSource(
        filters,
        (query, mark, signal) => listRuns(api, query, mark, signal),
        openFeed,
      ),
  );
  useEffect(() => source.start(), [source]);
  useEffect(() => source.expect(counted), [source, counted]);
  const state = useSyncExternalStore(source.subscribe, source.getSnapshot);
  const [selected, setSelected] = useState<Selection>(NOTHING_SELECTED);
  useHotkeys([
    ['n', source.reveal],
    ['Escape', () => setSelected(NOTHING_SELECTED)],
  ]);
  if (state.phase === 'loading') {
    return (
      <Center flex={1} mih={120}>
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
      <ListHead title={title} order={order} state={state} onReveal={source.reveal} />
      {state.list.order.length === 0 ? (
        <Suspense>{empty}</Suspense>
      ) : (
        <RunsTable state={state} source={source} selected={selected} onSelect={setSelected} />
      )}
      {selected.size > 0 && (
        <Suspense>
          <BulkBar
            selected={selected}
            row={source.row}
            onDone={() => setSelected(NOTHING_SELECTED)}
          />
        </Suspense>
      )}
    </>
  );
}
