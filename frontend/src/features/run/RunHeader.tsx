import { Button, Group } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { lazy, Suspense, useState } from 'react';
import { isFinal, type RunSummary } from '../../api/run.ts';
import type { Columns } from '../../api/runs.ts';
import type { FeedState } from '../../live/feed.ts';
import { ConnectionBadge } from '../../ui/ConnectionBadge.tsx';
import { StatusBadge } from '../../ui/StatusBadge.tsx';
import { CancelDialog } from './CancelDialog.tsx';
import { RescheduleDialog } from './RescheduleDialog.tsx';
import classes from './RunHeader.module.css';

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
    <div className={classes.header}>
      <nav aria-label="Path" className={classes.path}>
        <Link to="/runs" search={{}}>
          Runs
        </Link>
        <span aria-hidden="true">/</span>
        <span className="mono ellipsis" title={run.id}>
          {run.id}
        </span>
      </nav>
      <div className={classes.row}>
        <h1 className={`${classes.title} ellipsis`} title={run.task}>
          {run.task}
        </h1>
        <span className={classes.status} data-testid="status">
          <StatusBadge status={run.status} />
        </span>
        <ConnectionBadge
          connection={isFinal(run.status) && feed.error === undefined ? 'ended' : feed.connection}
          asOf={feed.asOf}
        />
        <Group gap="xs" className={classes.actions}>
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
        </Group>
      </div>
      {dialog === 'cancel' && <CancelDialog run={run} onClose={close} />}
      {dialog === 'reschedule' && <RescheduleDialog run={run} onClose={close} />}
      {dialog === 'replay' && (
        <Suspense>
          <ReplayDialog run={run} payload={columns.payload} onClose={close} />
        </Suspense>
      )}
    </div>
  );
}
