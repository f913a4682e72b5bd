import type { Holdup } from '../../../api/course.ts';
import { count } from '../../../lib/format.ts';

/** What holds a run up, in words; the queue is named beside them. */
export function holdupWords(holdup: Holdup): string {
  const { reason, limit, running, ahead, version, concurrencyKey } = holdup;
  const most = limit?.toLocaleString('en') ?? '';
  const runs = running.toLocaleString('en');
  switch (reason) {
    case 'DELAY':
      return 'It was triggered with a delay, and is queued';
    case 'DEBOUNCE':
      return 'It is debounced: triggers with its key put it off. Without another it is queued';
    case 'RETRY':
      return 'Its last attempt failed; the next one is to begin';
    case 'NO_BUILD':
      return version === undefined
        ? 'No build that has its task is registered.'
        : `No build of version ${version} that has its task is registered.`;
    case 'QUEUE_PAUSED':
      return 'Its queue is paused.';
    case 'QUEUE_LIMIT':
      return `Its queue lets ${most} run at once, and ${runs} do.${before(ahead)}`;
    case 'KEY_LIMIT':
      return `Its queue lets ${most} run at once of each concurrency key, and ${runs} of ${concurrencyKey} do.${before(ahead)}`;
    case 'NO_TASK':
      return 'No build has its task: whoever claims or changes runs takes it.';
    case 'NO_WORKER':
      return 'No worker is there that asks for runs.';
    case 'ENVIRONMENT_LIMIT':
      return `As many runs of the environment run as may.${before(ahead)}`;
    case 'TURN':
      return ahead === 0 ? 'It is the next.' : `It waits for its turn.${before(ahead)}`;
  }
}

/** More are not counted. */
const MOST = 1_000;

function before(ahead: number): string {
  if (ahead === 0) {
    return ' It is the next.';
  }
  return ` ${ahead >= MOST ? 'At least ' : ''}${count(ahead, 'run')} ${ahead === 1 ? 'comes' : 'come'} before it.`;
}

/** The name of a queue as people know it. */
export function queueName(queue: string): string {
  return queue.startsWith('task/') ? queue.slice('task/'.length) : queue;
}
