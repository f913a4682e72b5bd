import { NativeSelect, Text } from '@mantine/core';
import { useDocumentTitle } from '@mantine/hooks';
import { useState } from 'react';
import { pageOf } from '../../api/lists.ts';
import { listQueues, type Queue } from '../../api/queues.ts';
import { useUrl } from '../../lib/useUrl.ts';
import { useService } from '../../live/Service.tsx';
import { useMoving } from '../../live/useMoving.ts';
import { EmptyState } from '../../ui/page/EmptyState.tsx';
import { ListPage } from '../../ui/page/ListPage.tsx';
import { Pages } from '../../ui/page/Pages.tsx';
import { type Column, Rows } from '../../ui/page/Rows.tsx';
import { CodeBlock } from '../../ui/text/CodeBlock.tsx';
import { SearchBox } from '../../ui/text/SearchBox.tsx';
import { LimitDialog } from './LimitDialog.tsx';
import { QueueRow } from './QueueRow.tsx';
import { matching, SHOWN, shownOf } from './queueRows.ts';

const COLUMNS: readonly Column[] = [
  { name: 'Queue' },
  { name: 'Queued', holds: 'numbers' },
  { name: 'Running' },
  { name: 'Limit' },
  { name: 'Change', holds: 'tools' },
];

/** The queues: how many runs wait in each, how many of it run, and what holds them up. */
export function QueuesPage() {
  const { api } = useService();
  useDocumentTitle('Queues · Runcast');
  const { url, set } = useUrl('/queues');
  const page = pageOf(url.page);
  const list = useMoving(['queues', page], (signal) => listQueues(api, page, signal));
  const [limiting, setLimiting] = useState<Queue>();
  const shown = shownOf(url.show);
  const name = url.name ?? '';
  const { data, again } = list;
  const queues = matching(data?.items ?? [], name, shown);
  return (
    <ListPage
      title="Queues"
      about="Every run waits in one. A limit bounds how many of a queue run at once; a pause lets none begin."
      of={list}
      tools={
        <>
          <SearchBox
            label="Search by name"
            value={name}
            onChange={(typed) => set({ name: typed })}
          />
          <NativeSelect
            aria-label="Which queues"
            data={[...SHOWN]}
            value={shown}
            onChange={({ currentTarget: { value } }) => set({ show: value === 'all' ? '' : value })}
          />
        </>
      }
    >
      {queues.length === 0 ? (
        <NoQueues any={(data?.items.length ?? 0) > 0} />
      ) : (
        <Rows columns={COLUMNS}>
          {queues.map((queue) => (
            <QueueRow
              key={queue.id}
              queue={queue}
              open={url.open === queue.id}
              onOpen={(open) => set({ open: open ? queue.id : '' })}
              onLimit={setLimiting}
              onDone={again}
            />
          ))}
        </Rows>
      )}
      <Pages page={page} pages={data?.pages ?? 1} onPage={(to) => set({ page: String(to) })} />
      {limiting !== undefined && (
        <LimitDialog queue={limiting} onClose={() => setLimiting(undefined)} onDone={again} />
      )}
    </ListPage>
  );
}

const DECLARED = `import { queue, task } from '@trigger.dev/sdk';

const calls = queue({ name: 'calls', concurrencyLimit: 5 });

export const call = task({
  id: 'call',
  queue: calls,
  run: async (payload: { number: string }) => { /* … */ },
});`;

function NoQueues({ any }: { readonly any: boolean }) {
  if (any) {
    return (
      <EmptyState title="No queue of this page matches">
        <Text>
          One that comes to match shows here by itself; there may be others on the other pages.
        </Text>
      </EmptyState>
    );
  }
  return (
    <EmptyState title="No queues yet">
      <Text mb="md">
        A queue comes to be with the first run that is triggered on it: each task has one of its
        own, and tasks that must share a limit share a queue, such as this one.
      </Text>
      <CodeBlock text={DECLARED} label="A task on a queue with a limit" />
    </EmptyState>
  );
}
