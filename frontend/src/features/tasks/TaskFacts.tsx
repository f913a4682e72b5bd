import { Link } from '@tanstack/react-router';
import type { Task, TaskBuild } from '../../api/taskList.ts';
import { count, duration } from '../../lib/format.ts';
import { Fact, Facts } from '../../ui/page/Facts.tsx';

/** How the newest build has a task that does. */
export function TaskFacts({ task }: { readonly task: Task }) {
  const { id, build } = task;
  const queue = build?.queue ?? `task/${id}`;
  const own = queue === `task/${id}`;
  return (
    <Facts>
      <Fact name="Version">{build?.version}</Fact>
      <Fact name="File">{build?.filePath}</Fact>
      <Fact name="Export">{build?.exportName}</Fact>
      <Fact name="Queue">
        <Link to="/queues" search={{ name: own ? id : queue }}>
          {own ? 'its own' : queue}
        </Link>
      </Fact>
      <Fact name="Attempts">{build === undefined ? undefined : retryWords(build)}</Fact>
      <Fact name="Machine">{build?.machine}</Fact>
      <Fact name="At most">
        {build?.maxDuration === undefined ? undefined : duration(build.maxDuration * 1_000)}
      </Fact>
      <Fact name="Time to live">{build?.ttl}</Fact>
    </Facts>
  );
}

/** How often it is tried, and how long is waited in between. */
function retryWords({ maxAttempts, retry }: TaskBuild): string {
  if (maxAttempts === undefined || maxAttempts === 1) {
    return '1';
  }
  const { minTimeoutInMs, maxTimeoutInMs, factor } = retry;
  const least = typeof minTimeoutInMs === 'number' ? duration(minTimeoutInMs) : undefined;
  const most = typeof maxTimeoutInMs === 'number' ? duration(maxTimeoutInMs) : undefined;
  const pauses =
    least === undefined
      ? ''
      : `, after ${least}${most === undefined ? '' : ` up to ${most}`}${
          typeof factor === 'number' ? `, ${factor} times as long each time` : ''
        }`;
  return `${count(maxAttempts, 'attempt')}${pauses}`;
}
