import { Button } from '@mantine/core';
import { lazy, Suspense, useState } from 'react';
import { isFinal, type RunSummary } from '../../../api/run.ts';
import type { Columns } from '../../../api/runs.ts';
import type { FeedState } from '../../../live/feed.ts';
import { ConnectionBadge } from '../../../ui/ConnectionBadge.tsx';
import { SubjectHead } from '../../../ui/page/SubjectHead.tsx';
import { StatusBadge } from '../../../ui/StatusBadge.tsx';
import { CancelDialog } from './CancelDialog.tsx';
import { RescheduleDialog } from './RescheduleDialog.tsx';

const ReplayDialog = lazy(async () => ({
  default: (await import('./ReplayDialog.tsx')).ReplayDialog,
}));

interface Props {
  readonly run: RunSummary;
  readonly columns: Columns;
  readonly feed: FeedState;
}

type Dialog = 'cancel' | 'replay' | 'reschedule';

/** Which run it is, how it stands, and what can be done about it. */
export function RunHeader({ run, columns, feed }: Props) {
  const [dialog, setDialog] = useState<Dialog>();
  const close = () => setDialog(undefined);
  return (
    <SubjectHead
      id={run.id}
      title={run.task}
      standing={
        <>
          <span data-testid="status">
            <StatusBadge status={run.status} />
          </span>
          <ConnectionBadge
            connection={isFinal(run.status) && feed.error === undefined ? 'ended' : feed.connection}
            asOf={feed.asOf}
          />
        </>
      }
      tools={
        <>
          {run.status === 'DELAYED' && (
            <Button variant="default" size="xs" onClick={() => setDialog('reschedule')}>
              Reschedule
            </Button>
          )}
          {!isFinal(run.status) && (
            <Button variant="default" size="xs" onClick={() => setDialog('cancel')}>
              Cancel
            </Button>
          )}
          <Button size="xs" onClick={() => setDialog('replay')}>
            Replay
          </Button>
        </>
      }
    >
      {dialog === 'cancel' && <CancelDialog run={run} onClose={close} />}
      {dialog === 'reschedule' && <RescheduleDialog run={run} onClose={close} />}
      {dialog === 'replay' && (
        <Suspense>
          <ReplayDialog run={run} payload={columns.payload} onClose={close} />
        </Suspense>
      )}
    </SubjectHead>
  );
}
