import { Button } from '@mantine/core';
import { IconPlayerPause, IconPlayerPlay } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { pauseQueue, type Queue } from '../../api/queues.ts';
import { useDeed } from '../../lib/useDeed.ts';
import { useService } from '../../live/Service.tsx';
import rows from '../../ui/page/Rows.module.css';
import { Opener, Row, RowRefusal, RowTools } from '../../ui/page/Rows.tsx';
import { QueueKeys } from './QueueKeys.tsx';
import classes from './QueuesPage.module.css';
import { heldOf } from './queueRows.ts';

interface Props {
  readonly queue: Queue;
  /** Whether its keys are shown. */
  readonly open: boolean;
  readonly onOpen: (open: boolean) => void;
  readonly onLimit: (queue: Queue) => void;
  readonly onDone: () => Promise<unknown>;
}

/** A queue in a row, and its keys in another one. */
export function QueueRow({ queue, open, onOpen, onLimit, onDone }: Props) {
  const { api } = useService();
  const { busy, error, go } = useDeed(async () => {
    await pauseQueue(api, queue.id, !queue.paused);
    await onDone();
  });
  return (
    <Row data-queue={queue.name} more={open ? <QueueKeys queue={queue} /> : undefined}>
      <td className={rows.wide}>
        <span className={rows.name}>
          {queue.type === 'task' ? (
            <Link to="/runs" search={{ task: queue.name }}>
              {queue.name}
            </Link>
          ) : (
            queue.name
          )}
        </span>{' '}
        {queue.type === 'custom' && <span className={rows.badge}>named</span>}{' '}
        <Held queue={queue} />
        <RowRefusal text={error} />
      </td>
      <td className={rows.number} data-label="Queued">
        {queue.queued.toLocaleString('en')}
      </td>
      <td data-label="Running">
        <Use queue={queue} />
      </td>
      <td data-label="Limit">
        <Limit queue={queue} />
      </td>
      <RowTools>
        <Opener open={open} onOpen={onOpen} label={`Keys of ${queue.name}`}>
          Keys
        </Opener>
        <Button
          size="compact-sm"
          variant="default"
          aria-label={`Limit of ${queue.name}`}
          onClick={() => onLimit(queue)}
        >
          Limit
        </Button>
        <Button
          size="compact-sm"
          variant="default"
          w={108}
          loading={busy}
          aria-label={`${queue.paused ? 'Resume' : 'Pause'} ${queue.name}`}
          leftSection={queue.paused ? <IconPlayerPlay size={14} /> : <IconPlayerPause size={14} />}
          onClick={go}
        >
          {queue.paused ? 'Resume' : 'Pause'}
        </Button>
      </RowTools>
    </Row>
  );
}

function Held({ queue }: { readonly queue: Queue }) {
  const held = heldOf(queue);
  return held === undefined ? null : (
    <span className={rows.badge} data-tone="waiting">
      {held === 'paused' ? 'Paused' : 'At its limit'}
    </span>
  );
}

/** How many run, and of how many that may. */
function Use({ queue }: { readonly queue: Queue }) {
  const { current } = queue.limit;
  const share = current === undefined ? 0 : Math.min(1, queue.running / Math.max(1, current));
  return (
    <span className={classes.use}>
      <span className="numbers">{queue.running.toLocaleString('en')}</span>
      {current !== undefined && (
        <span className={classes.track} aria-hidden="true">
          <span
            className={classes.fill}
            data-held={heldOf(queue)}
            style={{ width: `${100 * share}%` }}
          />
        </span>
      )}
    </span>
  );
}

function Limit({ queue }: { readonly queue: Queue }) {
  const { current, base, override } = queue.limit;
  return (
    <>
      <span className="numbers">
        {current === undefined ? 'none' : current.toLocaleString('en')}
      </span>
      {override !== undefined && (
        <span className={rows.sub}>
          {' '}
          instead of {base === undefined ? 'none' : base.toLocaleString('en')}
        </span>
      )}
    </>
  );
}
