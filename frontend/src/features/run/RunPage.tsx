import { Center, Loader, Text } from '@mantine/core';
import { useDocumentTitle } from '@mantine/hooks';
import { Link, useParams } from '@tanstack/react-router';
import { useEffect, useState, useSyncExternalStore } from 'react';
import { retrieveRun } from '../../api/runs.ts';
import { useService } from '../../live/Service.tsx';
import { EmptyState } from '../../ui/EmptyState.tsx';
import { ErrorNotice } from '../../ui/ErrorNotice.tsx';
import { StaleBanner } from '../../ui/StaleBanner.tsx';
import { RunBody } from './RunBody.tsx';
import { RunHeader } from './RunHeader.tsx';
import { RunSource } from './runSource.ts';

/** One run, live. */
export function RunPage() {
  const { runId } = useParams({ from: '/runs/$runId' });
  return <OneRun key={runId} id={runId} />;
}

function OneRun({ id }: { readonly id: string }) {
  const service = useService();
  const [source] = useState(
    () => new RunSource(id, (wanted, signal) => retrieveRun(service.api, wanted, signal), service),
  );
  useEffect(() => source.start(), [source]);
  const state = useSyncExternalStore(source.subscribe, source.getSnapshot);
  const { run } = state;
  useDocumentTitle(`${run?.task ?? 'Run'} · ${id} · Runcast`);
  if (state.phase === 'failed') {
    return <ErrorNotice error={state.error} onAgain={source.start} />;
  }
  if (state.phase === 'absent') {
    return <NoRun id={id} />;
  }
  if (run === undefined) {
    return (
      <Center flex={1}>
        <Loader aria-label="Loading the run" />
      </Center>
    );
  }
  return (
    <>
      <StaleBanner feed={state.feed} />
      <RunHeader run={run} columns={state.columns} feed={state.feed} />
      <RunBody state={state} run={run} />
    </>
  );
}

function NoRun({ id }: { readonly id: string }) {
  return (
    <EmptyState title="There is no such run">
      <Text>
        <code>{id}</code> is not in this environment: it was never made here, or it is past the time
        that finished runs are kept.
      </Text>
      <Text mt="md">
        <Link to="/runs" search={{}}>
          All runs
        </Link>
      </Text>
    </EmptyState>
  );
}
