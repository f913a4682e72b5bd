import type { AnyTask, TaskIdentifier, TaskOutput, TaskPayload } from './task.js';

/** Where a run stands, by the names of the REST API. */
export type RunStatus =
  | 'PENDING_VERSION'
  | 'DELAYED'
  | 'QUEUED'
  | 'DEQUEUED'
  | 'EXECUTING'
  | 'WAITING'
  | 'COMPLETED'
  | 'CANCELED'
  | 'FAILED'
  | 'CRASHED'
  | 'SYSTEM_FAILURE'
  | 'EXPIRED'
  | 'TIMED_OUT';

/** Any JSON value. */
export type Json = string | number | boolean | null | Json[] | { [key: string]: Json };

/** Why a run failed. */
export interface SerializedError {
  message: string;
  name?: string | undefined;
  stackTrace?: string | undefined;
  causes?:
    | { name?: string | undefined; message: string; stackTrace?: string | undefined }[]
    | undefined;
}

/** What a run's status comes to. CANCELED is none of failed, successful and completed. */
export interface RunFlags {
  isQueued: boolean;
  isExecuting: boolean;
  isWaiting: boolean;
  isCompleted: boolean;
  isFailed: boolean;
  isSuccess: boolean;
  isCancelled: boolean;
}

/** What the official hooks don't tell. Over the long poll, the last resort, these are absent. */
export interface RunDetails {
  batchId?: string | undefined;
  parentRunId?: string | undefined;
  rootRunId?: string | undefined;
  depth?: number | undefined;
  queue?: string | undefined;
  concurrencyKey?: string | undefined;
  machine?: string | undefined;
  region?: string | undefined;
  version?: string | undefined;
  priority?: number | undefined;
  attemptCount?: number | undefined;
  maxAttempts?: number | undefined;
  /** In seconds. */
  maxDuration?: number | undefined;
  triggerFunction?: string | undefined;
  payloadType?: string | undefined;
  outputType?: string | undefined;
}

/** A run as hooks and iterators show it. */
export type RealtimeRun<TTask extends AnyTask = AnyTask> = RunFlags &
  RunDetails & {
    id: string;
    taskIdentifier: TaskIdentifier<TTask>;
    payload: TaskPayload<TTask>;
    output?: TaskOutput<TTask>;
    createdAt: Date;
    updatedAt: Date;
    status: RunStatus;
    durationMs: number;
    costInCents: number;
    baseCostInCents: number;
    tags: string[];
    idempotencyKey?: string;
    expiredAt?: Date;
    ttl?: string;
    finishedAt?: Date;
    startedAt?: Date;
    delayedUntil?: Date;
    queuedAt?: Date;
    metadata?: Record<string, Json>;
    error?: SerializedError;
    isTest: boolean;
    realtimeStreams: string[];
  };

const QUEUED: ReadonlySet<string> = new Set(['PENDING_VERSION', 'QUEUED', 'DELAYED']);
const EXECUTING: ReadonlySet<string> = new Set(['DEQUEUED', 'EXECUTING']);
const FAILED: ReadonlySet<string> = new Set([
  'FAILED',
  'CRASHED',
  'SYSTEM_FAILURE',
  'EXPIRED',
  'TIMED_OUT',
]);

/** What a status comes to. */
export function flagsOf(status: string): RunFlags {
  const isFailed = FAILED.has(status);
  const isSuccess = status === 'COMPLETED';
  return {
    isQueued: QUEUED.has(status),
    isExecuting: EXECUTING.has(status),
    isWaiting: status === 'WAITING',
    isCompleted: isFailed || isSuccess,
    isFailed,
    isSuccess,
    isCancelled: status === 'CANCELED',
  };
}

/** Whether a run will not move any more. */
export function isFinal(status: string): boolean {
  return FAILED.has(status) || status === 'COMPLETED' || status === 'CANCELED';
}
