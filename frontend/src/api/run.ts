import { isRecord } from './http.ts';

/** Where a run stands, by the names of the REST API. */
export const STATUSES = [
  'PENDING_VERSION',
  'DELAYED',
  'QUEUED',
  'DEQUEUED',
  'EXECUTING',
  'WAITING',
  'COMPLETED',
  'CANCELED',
  'FAILED',
  'CRASHED',
  'SYSTEM_FAILURE',
  'EXPIRED',
  'TIMED_OUT',
] as const;

export type Status = (typeof STATUSES)[number];

/** What lists show of a run. */
export interface RunSummary {
  readonly id: string;
  readonly task: string;
  readonly status: Status;
  readonly tags: readonly string[];
  readonly version: string | undefined;
  readonly batchId: string | undefined;
  readonly parentRunId: string | undefined;
  readonly rootRunId: string | undefined;
  readonly isTest: boolean;
  readonly createdAt: Date;
  readonly updatedAt: Date;
  readonly delayedUntil: Date | undefined;
  readonly startedAt: Date | undefined;
  readonly finishedAt: Date | undefined;
}

/**
 * A run out of an answer or a feed, which call its columns alike; undefined for what can't be shown
 * as one.
 */
export function parseSummary(value: unknown): RunSummary | undefined {
  if (!isRecord(value)) {
    return undefined;
  }
  const { id, taskIdentifier, createdAt } = value;
  const created = time(createdAt);
  if (typeof id !== 'string' || typeof taskIdentifier !== 'string' || created === undefined) {
    return undefined;
  }
  return {
    id,
    task: taskIdentifier,
    status: status(value.status),
    tags: Array.isArray(value.tags) ? value.tags.filter((tag) => typeof tag === 'string') : [],
    version: text(value.version),
    batchId: text(value.batchId),
    parentRunId: text(value.parentRunId),
    rootRunId: text(value.rootRunId),
    isTest: value.isTest === true,
    createdAt: created,
    updatedAt: time(value.updatedAt) ?? created,
    delayedUntil: time(value.delayedUntil),
    startedAt: time(value.startedAt),
    finishedAt: time(value.finishedAt),
  };
}

const FINAL: ReadonlySet<Status> = new Set<Status>([
  'COMPLETED',
  'CANCELED',
  'FAILED',
  'CRASHED',
  'SYSTEM_FAILURE',
  'EXPIRED',
  'TIMED_OUT',
]);

/** Whether a run will not move any more. */
export function isFinal(of: Status): boolean {
  return FINAL.has(of);
}

function status(value: unknown): Status {
  return STATUSES.find((known) => known === value) ?? 'SYSTEM_FAILURE';
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

/** Times come as ISO 8601, or as the dates that the client has made of them. */
function time(value: unknown): Date | undefined {
  if (value instanceof Date) {
    return value;
  }
  const parsed = typeof value === 'string' ? new Date(value) : undefined;
  return parsed === undefined || Number.isNaN(parsed.getTime()) ? undefined : parsed;
}
