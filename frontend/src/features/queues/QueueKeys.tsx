import { Loader, Text } from '@mantine/core';
import { listQueueKeys, type Queue } from '../../api/queues.ts';
import { count } from '../../lib/format.ts';
import { useService } from '../../live/Service.tsx';
import { useMoving } from '../../live/useMoving.ts';
import classes from './QueuesPage.module.css';

/** The concurrency keys of a queue that have runs now. */
export function QueueKeys({ queue }: { readonly queue: Queue }) {
  const { api } = useService();
  const { data, error } = useMoving(['queue-keys', queue.id], (signal) =>
    listQueueKeys(api, queue.id, signal),
  );
  if (data === undefined) {
    return error === undefined ? <Loader size="xs" aria-label="Loading the keys" /> : error.message;
  }
  if (data.length === 0) {
    return (
      <Text size="sm" className="quiet">
        No run of this queue has a concurrency key now. With <code>concurrencyKey</code> in a
        trigger’s options, the limit holds for each key of its own.
      </Text>
    );
  }
  return (
    <ul className={classes.keys} aria-label={`Concurrency keys of ${queue.name}`}>
      {data.map(({ key, queued, running }) => (
        <li key={key} className={classes.key}>
          <span className="mono ellipsis" title={key}>
            {key}
          </span>
          <span className="numbers nowrap">{count(queued, 'queued', 'queued')}</span>
          <span className="numbers nowrap">
            {running.toLocaleString('en')}
            {queue.limit.current === undefined ? '' : ` of ${queue.limit.current}`} running
          </span>
        </li>
      ))}
    </ul>
  );
}
