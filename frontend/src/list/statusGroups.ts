import type { Status } from '../api/run.ts';
import type { Counts } from '../live/feed.ts';

/** What people want to know of how runs stand: fewer than there are statuses, and always the same. */
export type GroupName = 'failed' | 'moving' | 'waiting' | 'queued' | 'done' | 'canceled';

/** Statuses that mean much the same to who looks at many runs. */
export interface StatusGroup {
  readonly name: GroupName;
  readonly word: string;
  readonly statuses: readonly Status[];
}

/** Those first that somebody may have to do something about. */
export const STATUS_GROUPS: readonly StatusGroup[] = [
  {
    name: 'failed',
    word: 'Failed',
    statuses: ['FAILED', 'CRASHED', 'SYSTEM_FAILURE', 'EXPIRED', 'TIMED_OUT'],
  },
  { name: 'moving', word: 'Executing', statuses: ['DEQUEUED', 'EXECUTING'] },
  { name: 'waiting', word: 'Waiting', statuses: ['WAITING'] },
  { name: 'queued', word: 'Queued', statuses: ['PENDING_VERSION', 'DELAYED', 'QUEUED'] },
  { name: 'done', word: 'Completed', statuses: ['COMPLETED'] },
  { name: 'canceled', word: 'Canceled', statuses: ['CANCELED'] },
];

/** How many runs of a group there are. */
export function sizeOf(group: StatusGroup, counts: Counts): number {
  return group.statuses.reduce((sum, status) => sum + (counts[status] ?? 0), 0);
}

/** The group that a list shows: just its statuses, and all of them; undefined for any other list. */
export function groupOf(statuses: readonly Status[]): StatusGroup | undefined {
  return STATUS_GROUPS.find(
    (group) =>
      group.statuses.length === statuses.length &&
      group.statuses.every((status) => statuses.includes(status)),
  );
}
