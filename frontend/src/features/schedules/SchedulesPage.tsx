import { Button, Text } from '@mantine/core';
import { useDocumentTitle } from '@mantine/hooks';
import { IconPlus } from '@tabler/icons-react';
import { lazy, Suspense, useState } from 'react';
import { pageOf } from '../../api/lists.ts';
import { listSchedules, type Schedule } from '../../api/schedules.ts';
import { useUrl } from '../../lib/useUrl.ts';
import { useService } from '../../live/Service.tsx';
import { useMoving } from '../../live/useMoving.ts';
import { EmptyState } from '../../ui/page/EmptyState.tsx';
import { ListPage } from '../../ui/page/ListPage.tsx';
import { Pages } from '../../ui/page/Pages.tsx';
import { type Column, Rows } from '../../ui/page/Rows.tsx';
import { CodeBlock } from '../../ui/text/CodeBlock.tsx';
import { SearchBox } from '../../ui/text/SearchBox.tsx';
import { DeleteDialog } from './DeleteDialog.tsx';
import { ScheduleRow } from './ScheduleRow.tsx';

const ScheduleForm = lazy(async () => ({
  default: (await import('./ScheduleForm.tsx')).ScheduleForm,
}));

/** What the address has of a schedule that is to be made. */
const NEW = 'new';

const COLUMNS: readonly Column[] = [
  { name: 'Task' },
  { name: 'When' },
  { name: 'Next' },
  { name: 'Last' },
  { name: 'Active' },
  { name: 'Change', holds: 'tools' },
];

/** The schedules: when tasks are triggered by the clock. */
export function SchedulesPage() {
  const { api } = useService();
  useDocumentTitle('Schedules · Runcast');
  const { url, set } = useUrl('/schedules');
  const page = pageOf(url.page);
  const list = useMoving(['schedules', page], (signal) => listSchedules(api, page, signal));
  const [leaving, setLeaving] = useState<Schedule>();
  const task = url.task ?? '';
  const { data, again } = list;
  const all = data?.items ?? [];
  const shown = all.filter((schedule) =>
    schedule.task.toLowerCase().includes(task.trim().toLowerCase()),
  );
  const editing = all.find(({ id, declared }) => id === url.form && !declared);
  return (
    <ListPage
      title="Schedules"
      about="Tasks that the clock triggers. Those that are declared stand in the code of their task, and are changed there."
      of={list}
      tools={
        <>
          <SearchBox
            label="Search by task"
            value={task}
            onChange={(typed) => set({ task: typed })}
          />
          <Button leftSection={<IconPlus size={16} />} onClick={() => set({ form: NEW })}>
            New schedule
          </Button>
        </>
      }
    >
      {shown.length === 0 ? (
        <NoSchedules any={all.length > 0} />
      ) : (
        <Rows columns={COLUMNS}>
          {shown.map((schedule) => (
            <ScheduleRow
              key={schedule.id}
              schedule={schedule}
              open={url.open === schedule.id}
              onOpen={(open) => set({ open: open ? schedule.id : '' })}
              onEdit={() => set({ form: schedule.id })}
              onDelete={() => setLeaving(schedule)}
              onDone={again}
            />
          ))}
        </Rows>
      )}
      <Pages page={page} pages={data?.pages ?? 1} onPage={(to) => set({ page: String(to) })} />
      {leaving !== undefined && (
        <DeleteDialog schedule={leaving} onClose={() => setLeaving(undefined)} onDone={again} />
      )}
      {(url.form === NEW || editing !== undefined) && (
        <Suspense>
          <ScheduleForm
            key={url.form}
            schedule={editing}
            task={task}
            onClose={() => set({ form: '' })}
            onDone={again}
          />
        </Suspense>
      )}
    </ListPage>
  );
}

const DECLARED = `import { schedules } from '@trigger.dev/sdk';

export const report = schedules.task({
  id: 'report',
  cron: { pattern: '0 9 * * 1', timezone: 'Europe/Paris' },
  run: async ({ timestamp, lastTimestamp, upcoming }) => { /* … */ },
});`;

function NoSchedules({ any }: { readonly any: boolean }) {
  if (any) {
    return (
      <EmptyState title="No schedule matches">
        <Text>None of those on this page is of such a task.</Text>
      </EmptyState>
    );
  }
  return (
    <EmptyState title="No schedules yet">
      <Text mb="md">
        Make one here, for any task; or declare it in the code of the task, and it is there with the
        build:
      </Text>
      <CodeBlock text={DECLARED} label="A task with a declared schedule" />
    </EmptyState>
  );
}
