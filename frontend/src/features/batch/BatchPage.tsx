import { Center, Loader, Text } from '@mantine/core';
import { useDocumentTitle } from '@mantine/hooks';
import { useNavigate, useParams, useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import { LiveRuns } from '../../list/LiveRuns.tsx';
import { NO_FILTERS } from '../../list/runFilters.ts';
import { StatusCounts } from '../../list/StatusCounts.tsx';
import { STATUS_GROUPS, type StatusGroup, sizeOf } from '../../list/statusGroups.ts';
import type { Counts } from '../../live/feed.ts';
import { EmptyState } from '../../ui/page/EmptyState.tsx';
import { ErrorNotice } from '../../ui/page/ErrorNotice.tsx';
import { NoSuch } from '../../ui/page/NoSuch.tsx';
import { BatchHeader } from './BatchHeader.tsx';
import classes from './BatchPage.module.css';
import { useBatch } from './useBatch.ts';

/** One batch, live: how far it is, and its runs, those first that failed. */
export function BatchPage() {
  const { batchId } = useParams({ from: '/batches/$batchId' });
  return <OneBatch key={batchId} id={batchId} />;
}

function OneBatch({ id }: { readonly id: string }) {
  const { batch, error, again, counts, total, progress, feed } = useBatch(id);
  useDocumentTitle(`Batch ${id} · Runcast`);
  if (error !== null) {
    return <ErrorNotice error={error} onAgain={again} />;
  }
  if (batch === null) {
    return <NoSuch what="batch" id={id} />;
  }
  if (batch === undefined || counts === undefined || progress === undefined) {
    return (
      <Center flex={1}>
        <Loader aria-label="Loading the batch" />
      </Center>
    );
  }
  return (
    <div className={classes.page}>
      <BatchHeader batch={batch} progress={progress} feed={feed} />
      <BatchRuns id={id} counts={counts} total={total} />
    </div>
  );
}

interface RunsProps {
  readonly id: string;
  readonly counts: Counts;
  readonly total: number | undefined;
}

/** The runs of a group at a time. If the address names none, what failed comes first. */
function BatchRuns({ id, counts, total }: RunsProps) {
  const navigate = useNavigate();
  const { show } = useSearch({ from: '/batches/$batchId' });
  // Decided once: a run that fails later must not take away the list that one reads.
  const [first] = useState(() => firstShown(counts));
  const group = STATUS_GROUPS.find(({ name }) => name === (show ?? first));
  const go = (next: StatusGroup | undefined) =>
    void navigate({
      to: '/batches/$batchId',
      params: { batchId: id },
      search: { show: next?.name ?? 'all' },
      replace: true,
    });
  return (
    <>
      <StatusCounts counts={counts} total={total} shown={group?.name ?? 'all'} onShow={go} />
      <div className={classes.list}>
        <LiveRuns
          key={group?.name ?? 'all'}
          filters={{ ...NO_FILTERS, batch: id, status: group?.statuses ?? [] }}
          counted={group === undefined ? total : sizeOf(group, counts)}
          title={group === undefined ? 'Runs' : `${group.word} runs`}
          order={2}
          empty={<NothingHere group={group} />}
        />
      </div>
    </>
  );
}

function firstShown(counts: Counts): string {
  const failed = STATUS_GROUPS.find(({ name }) => name === 'failed');
  return failed !== undefined && sizeOf(failed, counts) > 0 ? failed.name : 'all';
}

function NothingHere({ group }: { readonly group: StatusGroup | undefined }) {
  return (
    <EmptyState title={group === undefined ? 'No runs yet' : 'No such runs'}>
      <Text>
        {group === undefined
          ? 'The batch is announced, and its items are still to come.'
          : 'Runs of the batch that come to be so will be announced here.'}
      </Text>
    </EmptyState>
  );
}
