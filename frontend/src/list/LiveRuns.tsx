import { Center, Loader } from '@mantine/core';
import { useHotkeys } from '@mantine/hooks';
import {
  lazy,
  type ReactNode,
  Suspense,
  useEffect,
  useMemo,
  useState,
  useSyncExternalStore,
} from 'react';
import { listRuns } from '../api/runs.ts';
import { useService } from '../live/Service.tsx';
import { ErrorNotice } from '../ui/ErrorNotice.tsx';
import { StaleBanner } from '../ui/StaleBanner.tsx';
import { ListHead } from './ListHead.tsx';
import { RunsTable } from './RunsTable.tsx';
import { matchesId, type RunFilters } from './runFilters.ts';
import { RunsSource, type RunsState } from './runsSource.ts';
import { NOTHING_SELECTED, type Selection } from './selection.ts';

const BulkBar = lazy(async () => ({ default: (await import('./BulkBar.tsx')).BulkBar }));

interface Props {
  /** Must not change but for the id, which is looked for in what was read: give other ones a key. */
  readonly filters: RunFilters;
  readonly title: string;
  readonly order: 1 | 2;
  /** What is said where there is no run. */
  readonly empty: ReactNode;
}

/** The runs that some filters ask for, live, and what can be done to them. */
export function LiveRuns({ filters, title, order, empty }: Props) {
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
  const { order: ids } = state.list;
  const shown = useMemo(
    () => (filters.id.trim() === '' ? ids : ids.filter((id) => matchesId(filters.id, id))),
    [ids, filters.id],
  );
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
      <ListHead
        title={title}
        order={order}
        state={state}
        shown={shown.length}
        onReveal={source.reveal}
      />
      {shown.length === 0 && state.older !== 'none' ? (
        <LookFurther read={ids.length} state={state} onOlder={source.more} />
      ) : shown.length === 0 ? (
        <Suspense>{empty}</Suspense>
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

interface FurtherProps {
  /** How many runs were looked through. */
  readonly read: number;
  readonly state: RunsState;
  readonly onOlder: () => void;
}

/** What is looked for is not among what was read: reads on until it is, or there is no more. */
function LookFurther({ read, state, onOlder }: FurtherProps) {
  const { older, error } = state;
  useEffect(() => {
    if (older === 'some' && error === undefined) {
      onOlder();
    }
  }, [older, error, onOlder]);
  return error === undefined ? (
    <Center flex={1} mih={120} role="status">
      <Loader size="sm" mr="sm" />
      Looking through older runs, {read.toLocaleString('en')} so far
    </Center>
  ) : (
    <ErrorNotice error={error} onAgain={onOlder} />
  );
}
