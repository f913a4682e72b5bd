import { Button, Menu } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { lastRunsOf, payloadOf } from '../../api/tasks.ts';
import { useService } from '../../live/Service.tsx';
import { StatusBadge } from '../../ui/StatusBadge.tsx';
import { Timestamp } from '../../ui/Timestamp.tsx';
import { exampleOf } from './jsonExample.ts';
import classes from './TestPage.module.css';

interface Props {
  readonly task: string;
  /** JSON Schema of its payload; undefined for none. */
  readonly schema: unknown;
  readonly onPayload: (payload: string) => void;
}

const EARLIER = 10;

/** Most tests are what ran before, with a little changed, or an example made up. */
export function PayloadTools({ task, schema, onPayload }: Props) {
  return (
    <div className={classes.tools}>
      {schema !== undefined && (
        <Button
          variant="subtle"
          size="compact-xs"
          onClick={() => onPayload(JSON.stringify(exampleOf(schema), null, 2))}
        >
          Make an example
        </Button>
      )}
      <LastPayload key={task} task={task} onPayload={onPayload} />
      <EarlierPayloads task={task} onPayload={onPayload} />
    </div>
  );
}

type PayloadProps = Omit<Props, 'schema'>;

function LastPayload({ task, onPayload }: PayloadProps) {
  const { api } = useService();
  const [none, setNone] = useState(false);
  const [busy, setBusy] = useState(false);
  async function take() {
    setBusy(true);
    try {
      const [last] = await lastRunsOf(api, task, 1);
      const payload = last === undefined ? undefined : await payloadOf(api, last.id);
      if (payload === undefined) {
        setNone(true);
      } else {
        onPayload(JSON.stringify(payload, null, 2));
      }
    } finally {
      setBusy(false);
    }
  }
  return (
    <Button
      variant="subtle"
      size="compact-xs"
      disabled={task === '' || none}
      loading={busy}
      onClick={() => void take()}
    >
      {none ? 'It has not run yet' : 'Take that of its last run'}
    </Button>
  );
}

function EarlierPayloads({ task, onPayload }: PayloadProps) {
  const { api } = useService();
  const [opened, setOpened] = useState(false);
  const { data } = useQuery({
    queryKey: ['last-runs', task],
    queryFn: ({ signal }) => lastRunsOf(api, task, EARLIER, signal),
    enabled: opened && task !== '',
  });
  async function take(run: string) {
    const payload = await payloadOf(api, run);
    if (payload !== undefined) {
      onPayload(JSON.stringify(payload, null, 2));
    }
  }
  return (
    <Menu opened={opened} onChange={setOpened} position="bottom-end" width={280}>
      <Menu.Target>
        <Button variant="subtle" size="compact-xs" disabled={task === ''}>
          Earlier ones
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        {data?.map((run) => (
          <Menu.Item
            key={run.id}
            onClick={() => void take(run.id)}
            rightSection={<Timestamp time={run.createdAt} />}
          >
            <StatusBadge status={run.status} />
          </Menu.Item>
        ))}
        {(data === undefined || data.length === 0) && (
          <Menu.Item disabled>{data === undefined ? 'Looking' : 'It has not run yet'}</Menu.Item>
        )}
      </Menu.Dropdown>
    </Menu>
  );
}
