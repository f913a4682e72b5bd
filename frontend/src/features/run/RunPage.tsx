import { Center, Loader } from '@mantine/core';
import { useDocumentTitle } from '@mantine/hooks';
import { useParams } from '@tanstack/react-router';
import { useEffect, useState, useSyncExternalStore } from 'react';
import { retrieveRun } from '../../api/runs.ts';
import { useService } from '../../live/Service.tsx';
import { ErrorNotice } from '../../ui/page/ErrorNotice.tsx';
import { NoSuch } from '../../ui/page/NoSuch.tsx';
import { StaleBanner } from '../../ui/StaleBanner.tsx';
import { RunHeader } from './actions/RunHeader.tsx';
import { RunBody } from './RunBody.tsx';
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
    return <NoSuch what="run" id={id} />;
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
