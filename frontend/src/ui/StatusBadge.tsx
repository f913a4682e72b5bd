import type { Status } from '../api/run.ts';
import classes from './StatusBadge.module.css';

/** What people call each status, and what it looks like. */
const LOOKS: Record<Status, readonly [word: string, look: string]> = {
  PENDING_VERSION: ['Pending version', 'queued'],
  DELAYED: ['Delayed', 'queued'],
  QUEUED: ['Queued', 'queued'],
  DEQUEUED: ['Dequeued', 'moving'],
  EXECUTING: ['Executing', 'moving'],
  WAITING: ['Waiting', 'waiting'],
  COMPLETED: ['Completed', 'done'],
  CANCELED: ['Canceled', 'queued'],
  FAILED: ['Failed', 'failed'],
  CRASHED: ['Crashed', 'failed'],
  SYSTEM_FAILURE: ['System failure', 'failed'],
  EXPIRED: ['Expired', 'failed'],
  TIMED_OUT: ['Timed out', 'failed'],
};

/** The word for a status. */
export function statusWord(status: Status): string {
  return LOOKS[status][0];
}

interface Props {
  readonly status: Status;
  /** One of very many: each mark that breathes takes a layer of its own, and an animation. */
  readonly still?: boolean;
}

/** A status in a word, with a mark that is seen from afar. */
export function StatusBadge({ status, still = false }: Props) {
  const [word, look] = LOOKS[status];
  return (
    <span className={classes.badge} data-look={look} data-status={status} data-still={still}>
      <span className={classes.mark} aria-hidden="true" />
      {word}
    </span>
  );
}
