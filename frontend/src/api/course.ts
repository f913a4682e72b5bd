import { isRecord } from './http.ts';
import { numberOf, textOf, timeOf } from './lists.ts';
import { STATUSES, type Status } from './run.ts';
import type { Api } from './session.ts';

export const REASONS = [
  'DELAY',
  'DEBOUNCE',
  'RETRY',
  'NO_BUILD',
  'QUEUE_PAUSED',
  'QUEUE_LIMIT',
  'KEY_LIMIT',
  'NO_TASK',
  'NO_WORKER',
  'ENVIRONMENT_LIMIT',
  'TURN',
] as const;

/** How a run goes: its attempts, what it waits for, and what holds it up. */
export interface Course {
  /** Since when the run waits; undefined while it does not, as far as the engine knows. */
  readonly waitingSince: Date | undefined;
  readonly holdup: Holdup | undefined;
  readonly attempts: readonly Attempt[];
  readonly waits: readonly Wait[];
  /** How many more there are. */
  readonly moreWaits: number;
}

/** Why a run that waits for its turn does. */
export interface Holdup {
  readonly reason: (typeof REASONS)[number];
  readonly until: Date | undefined;
  /** As runs hold it: a task's own begins with `task/`. */
  readonly queue: string;
  readonly concurrencyKey: string | undefined;
  readonly version: string | undefined;
  readonly limit: number | undefined;
  readonly running: number;
  /** Of very many, some. */
  readonly ahead: number;
}

export interface Attempt {
  readonly number: number;
  readonly version: string | undefined;
  readonly startedAt: Date;
  readonly endedAt: Date | undefined;
  /** In the form that a run has its own. */
  readonly error: unknown;
  readonly retryAt: Date | undefined;
}

/** Something that a run waits for. */
export interface Wait {
  readonly kind: string;
  /** Of the run, the token or the batch. */
  readonly id: string | undefined;
  /** The name under which is sent in what completes the token. */
  readonly input: string | undefined;
  /** Of a run that is waited for as one of a batch. */
  readonly batch: string | undefined;
  readonly task: string | undefined;
  readonly status: Status | undefined;
  readonly until: Date | undefined;
  readonly ended: boolean;
}

/** How the engine calls a run that waits. */
const WAITING = 'EXECUTING_WITH_WAITPOINTS';

/** How a run goes. */
export async function courseOf(api: Api, run: string, signal?: AbortSignal): Promise<Course> {
  const path = `/api/v1/runs/${encodeURIComponent(run)}/execution`;
  const { body } = await api.ask(path, { signal });
  const course = isRecord(body) ? body : {};
  return {
    waitingSince: course.status === WAITING ? timeOf(course.since) : undefined,
    holdup: holdupOf(course.holdup),
    attempts: records(course.attempts).flatMap((attempt) => attemptOf(attempt) ?? []),
    waits: records(course.waits).map(waitOf),
    moreWaits: numberOf(course.moreWaits) ?? 0,
  };
}

function holdupOf(holdup: unknown): Holdup | undefined {
  if (!isRecord(holdup)) {
    return undefined;
  }
  const reason = REASONS.find((known) => known === holdup.reason);
  return reason === undefined
    ? undefined
    : {
        reason,
        until: timeOf(holdup.until),
        queue: textOf(holdup.queue) ?? '',
        concurrencyKey: textOf(holdup.concurrencyKey),
        version: textOf(holdup.version),
        limit: numberOf(holdup.limit),
        running: numberOf(holdup.running) ?? 0,
        ahead: numberOf(holdup.ahead) ?? 0,
      };
}

function attemptOf(attempt: Readonly<Record<string, unknown>>): Attempt | undefined {
  const startedAt = timeOf(attempt.startedAt);
  const number = numberOf(attempt.number);
  return startedAt === undefined || number === undefined
    ? undefined
    : {
        number,
        version: textOf(attempt.version),
        startedAt,
        endedAt: timeOf(attempt.endedAt),
        error: attempt.error,
        retryAt: timeOf(attempt.retryAt),
      };
}

function waitOf(wait: Readonly<Record<string, unknown>>): Wait {
  return {
    kind: textOf(wait.kind) ?? '',
    id: textOf(wait.id),
    input: textOf(wait.input),
    batch: textOf(wait.batchId),
    task: textOf(wait.taskIdentifier),
    status: STATUSES.find((status) => status === wait.status),
    until: timeOf(wait.until),
    ended: wait.ended === true,
  };
}

function records(value: unknown): readonly Readonly<Record<string, unknown>>[] {
  return Array.isArray(value) ? value.filter(isRecord) : [];
}
