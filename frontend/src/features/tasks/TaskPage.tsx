import { Center, Loader, Text } from '@mantine/core';
import { useDocumentTitle } from '@mantine/hooks';
import { Link, useParams } from '@tanstack/react-router';
import { retrieveTask, type Task } from '../../api/taskList.ts';
import { useNow } from '../../lib/useNow.ts';
import { LiveRuns } from '../../list/LiveRuns.tsx';
import { NO_FILTERS } from '../../list/runFilters.ts';
import type { FeedState } from '../../live/feed.ts';
import { useService } from '../../live/Service.tsx';
import { useCounts } from '../../live/useCounts.ts';
import { useMoving } from '../../live/useMoving.ts';
import { ButtonLink } from '../../ui/ButtonLink.tsx';
import { ConnectionBadge } from '../../ui/ConnectionBadge.tsx';
import { EmptyState } from '../../ui/page/EmptyState.tsx';
import { ErrorNotice } from '../../ui/page/ErrorNotice.tsx';
import { NoSuch } from '../../ui/page/NoSuch.tsx';
import { Section } from '../../ui/page/Section.tsx';
import { SubjectHead } from '../../ui/page/SubjectHead.tsx';
import { Timestamp } from '../../ui/Timestamp.tsx';
import { Json } from '../../ui/text/Json.tsx';
import { activityWords } from './activityBars.ts';
import { Sparkline } from './Sparkline.tsx';
import { TaskFacts } from './TaskFacts.tsx';
import { TaskMarks } from './TaskMarks.tsx';
import classes from './TaskPage.module.css';

/** One task: how its newest build has it, what its runs come to, and its runs. */
export function TaskPage() {
  const { taskId } = useParams({ from: '/tasks/$taskId' });
  return <OneTask key={taskId} id={taskId} />;
}

function OneTask({ id }: { readonly id: string }) {
  const { api } = useService();
  useDocumentTitle(`${id} · Tasks · Runcast`);
  const { total } = useCounts({ taskIdentifier: [id] });
  const { data, error, feed, again } = useMoving(['task', id], (signal) =>
    retrieveTask(api, id, signal),
  );
  if (error !== undefined && data === undefined) {
    return <ErrorNotice error={error} onAgain={() => void again()} />;
  }
  if (data === undefined) {
    return (
      <Center flex={1}>
        <Loader aria-label="Loading the task" />
      </Center>
    );
  }
  if (data === null) {
    return <NoSuch what="task" id={id} />;
  }
  return (
    <div className={classes.page}>
      <Header task={data} feed={feed} />
      <div className={classes.body}>
        <Section title="Last 24 hours">
          <Lately task={data} />
        </Section>
        <Section title="Facts">
          <TaskFacts task={data} />
          {data.build?.payloadSchema !== undefined && (
            <details className={classes.schema}>
              <summary>JSON Schema of its payload</summary>
              <Json value={data.build.payloadSchema} label="The JSON Schema of its payload" />
            </details>
          )}
        </Section>
        {data.builds.length > 0 && (
          <Section title="Builds that have it">
            <ul className={classes.builds}>
              {data.builds.map(({ version, registeredAt }) => (
                <li key={version} className={classes.build}>
                  <Link to="/runs" search={{ task: id, version }} className="numbers">
                    {version}
                  </Link>
                  <span className="quiet">
                    <Timestamp time={registeredAt} />
                  </span>
                </li>
              ))}
            </ul>
          </Section>
        )}
      </div>
      <div className={classes.list}>
        <LiveRuns
          filters={{ ...NO_FILTERS, task: [id] }}
          counted={total}
          title="Runs"
          order={2}
          empty={
            <EmptyState title="No runs yet">
              <Text>One that is triggered will be announced here.</Text>
            </EmptyState>
          }
        />
      </div>
    </div>
  );
}

function Header({ task, feed }: { readonly task: Task; readonly feed: FeedState }) {
  const { id, build } = task;
  return (
    <SubjectHead
      within="/tasks"
      id={id}
      title={id}
      standing={
        <>
          <TaskMarks task={task} />
          <ConnectionBadge connection={feed.connection} asOf={feed.asOf} />
        </>
      }
      tools={
        <>
          <ButtonLink
            to="/schedules"
            search={{ form: 'new', task: id }}
            size="xs"
            variant="default"
          >
            Schedule
          </ButtonLink>
          <ButtonLink to="/test" search={{ task: id }} size="xs">
            Test
          </ButtonLink>
        </>
      }
    >
      {build?.description !== undefined && (
        <p className={classes.description}>{build.description}</p>
      )}
    </SubjectHead>
  );
}

function Lately({ task }: { readonly task: Task }) {
  const now = useNow();
  return (
    <>
      <Sparkline activity={task.activity} tall />
      <p className={classes.words}>{activityWords(task.activity, now)}</p>
    </>
  );
}
