import { useDocumentTitle } from '@mantine/hooks';
import { Link } from '@tanstack/react-router';
import { pageOf } from '../../api/lists.ts';
import { listTasks, newestBuilds, type Task } from '../../api/taskList.ts';
import { useUrl } from '../../lib/useUrl.ts';
import { useService } from '../../live/Service.tsx';
import { useMoving } from '../../live/useMoving.ts';
import { ButtonLink } from '../../ui/ButtonLink.tsx';
import { ListPage } from '../../ui/page/ListPage.tsx';
import { Pages } from '../../ui/page/Pages.tsx';
import rows from '../../ui/page/Rows.module.css';
import { type Column, Row, Rows, RowTools } from '../../ui/page/Rows.tsx';
import { StatusBadge } from '../../ui/StatusBadge.tsx';
import { Timestamp } from '../../ui/Timestamp.tsx';
import { SearchBox } from '../../ui/text/SearchBox.tsx';
import { NewestBuild } from './NewestBuild.tsx';
import { NoTasks } from './NoTasks.tsx';
import { Sparkline } from './Sparkline.tsx';
import { TaskMarks } from './TaskMarks.tsx';

const COLUMNS: readonly Column[] = [
  { name: 'Task' },
  { name: 'Version' },
  { name: 'Queue' },
  { name: 'Last run' },
  { name: 'Last 24 hours' },
  { name: 'Start', holds: 'tools' },
];

/** The tasks: those of builds, and those that were only ever triggered. */
export function TasksPage() {
  const { api } = useService();
  useDocumentTitle('Tasks · Runcast');
  const { url, set } = useUrl('/tasks');
  const page = pageOf(url.page);
  const list = useMoving(['task-list', page], async (signal) => {
    const [tasks, builds] = await Promise.all([
      listTasks(api, page, signal),
      newestBuilds(api, 1, signal),
    ]);
    return { tasks, build: builds[0] };
  });
  const { data } = list;
  const name = url.name ?? '';
  const all = data?.tasks.items ?? [];
  const shown = all.filter(({ id }) => id.toLowerCase().includes(name.trim().toLowerCase()));
  return (
    <ListPage
      title="Tasks"
      about={<NewestBuild build={data?.build} />}
      of={list}
      tools={
        <SearchBox label="Search by name" value={name} onChange={(typed) => set({ name: typed })} />
      }
    >
      {shown.length === 0 ? (
        <NoTasks any={all.length > 0} />
      ) : (
        <Rows columns={COLUMNS}>
          {shown.map((task) => (
            <TaskRow key={task.id} task={task} />
          ))}
        </Rows>
      )}
      <Pages
        page={page}
        pages={data?.tasks.pages ?? 1}
        onPage={(to) => set({ page: String(to) })}
      />
    </ListPage>
  );
}

function TaskRow({ task }: { readonly task: Task }) {
  const { id, build, lastRun } = task;
  return (
    <Row data-task={id}>
      <td className={rows.wide}>
        <Link to="/tasks/$taskId" params={{ taskId: id }} className={rows.name}>
          {id}
        </Link>{' '}
        <TaskMarks task={task} />
        <div className={rows.sub}>{build?.filePath}</div>
      </td>
      <td data-label="Version" className="numbers">
        {build?.version ?? '–'}
      </td>
      <td data-label="Queue">
        <QueueLink queue={build?.queue ?? `task/${id}`} />
      </td>
      <td data-label="Last run">
        {lastRun === undefined ? (
          <span className="quiet">never</span>
        ) : (
          <Link
            to="/runs/$runId"
            params={{ runId: lastRun.id }}
            title={`The last run of ${id}`}
            style={{ textDecoration: 'none', color: 'inherit' }}
          >
            <StatusBadge status={lastRun.status} />
            <div className={rows.sub}>
              <Timestamp time={lastRun.createdAt} />
            </div>
          </Link>
        )}
      </td>
      <td data-label="Last 24 hours">
        <Sparkline activity={task.activity} />
      </td>
      <RowTools>
        <ButtonLink
          to="/test"
          search={{ task: id }}
          size="compact-sm"
          variant="default"
          aria-label={`Test ${id}`}
        >
          Test
        </ButtonLink>
      </RowTools>
    </Row>
  );
}

/** A queue by the name that runs hold it by; a task's own begins with the word. */
function QueueLink({ queue }: { readonly queue: string }) {
  const own = queue.startsWith('task/');
  const name = own ? queue.slice('task/'.length) : queue;
  return (
    <Link to="/queues" search={{ name }}>
      {own ? 'its own' : name}
    </Link>
  );
}
