import { ApiError, isRecord } from './http.ts';
import { type NumberedList, numberedList, numberOf, PER_PAGE, textOf, timeOf } from './lists.ts';
import { STATUSES, type Status } from './run.ts';
import type { Api } from './session.ts';

/** A task that a build has, or that runs were triggered of. */
export interface Task {
  readonly id: string;
  /** How the newest build has it that does; undefined when none does. */
  readonly build: TaskBuild | undefined;
  readonly lastRun: LastRun | undefined;
  readonly activity: Activity;
  /** The builds that have it, the newest first; only of one that was read by itself. */
  readonly builds: readonly InBuild[];
}

/** How a build has a task. */
export interface TaskBuild {
  readonly version: string;
  /** Whether it is the newest build of all; else the task was taken out of the code. */
  readonly current: boolean;
  readonly filePath: string;
  readonly queue: string;
  readonly exportName: string | undefined;
  readonly description: string | undefined;
  readonly triggerSource: string | undefined;
  readonly machine: string | undefined;
  readonly maxAttempts: number | undefined;
  /** In seconds. */
  readonly maxDuration: number | undefined;
  readonly ttl: string | undefined;
  readonly retry: Readonly<Record<string, unknown>>;
  /** JSON Schema of the payload. */
  readonly payloadSchema: unknown;
}

/** A build that has a task. */
export interface InBuild {
  readonly version: string;
  readonly registeredAt: Date;
  readonly filePath: string;
}

/** A run, in short. */
export interface LastRun {
  readonly id: string;
  readonly status: Status;
  readonly createdAt: Date;
}

/** What the runs of the last day have come to, by the hour that they were made in. */
export interface Activity {
  /** From when on it is known: of very many runs the newest are looked at. */
  readonly since: Date;
  readonly hours: readonly Hour[];
}

export interface Hour {
  readonly at: Date;
  readonly runs: Partial<Record<Status, number>>;
}

/** A page of the tasks, by name. */
export async function listTasks(
  api: Api,
  page: number,
  signal?: AbortSignal,
): Promise<NumberedList<Task>> {
  const { body } = await api.ask(`/api/v1/tasks?perPage=${PER_PAGE}&page=${page}`, { signal });
  return numberedList(body, parse);
}

/** One task; null when no build has it and no run was triggered of it. */
export async function retrieveTask(
  api: Api,
  id: string,
  signal?: AbortSignal,
): Promise<Task | null> {
  try {
    const { body } = await api.ask(`/api/v1/tasks/${encodeURIComponent(id)}`, { signal });
    return parse(body) ?? null;
  } catch (error) {
    if (error instanceof ApiError && error.status === 404) {
      return null;
    }
    throw error;
  }
}

function parse(body: unknown): Task | undefined {
  if (!isRecord(body) || typeof body.id !== 'string') {
    return undefined;
  }
  return {
    id: body.id,
    build: isRecord(body.build) ? buildOf(body.build) : undefined,
    lastRun: lastRunOf(body.lastRun),
    activity: activityOf(body.activity),
    builds: records(body.builds).flatMap(({ version, registeredAt, filePath }) => {
      const at = timeOf(registeredAt);
      return at === undefined
        ? []
        : [{ version: String(version), registeredAt: at, filePath: String(filePath) }];
    }),
  };
}

function buildOf(build: Readonly<Record<string, unknown>>): TaskBuild {
  return {
    version: textOf(build.version) ?? '',
    current: build.current === true,
    filePath: textOf(build.filePath) ?? '',
    queue: textOf(build.queue) ?? '',
    exportName: textOf(build.exportName),
    description: textOf(build.description),
    triggerSource: textOf(build.triggerSource),
    machine: textOf(build.machine),
    maxAttempts: numberOf(build.maxAttempts),
    maxDuration: numberOf(build.maxDuration),
    ttl: textOf(build.ttl),
    retry: isRecord(build.retry) ? build.retry : {},
    payloadSchema: build.payloadSchema,
  };
}

function lastRunOf(run: unknown): LastRun | undefined {
  const at = isRecord(run) ? timeOf(run.createdAt) : undefined;
  return isRecord(run) && at !== undefined
    ? { id: String(run.id), status: statusOf(run.status), createdAt: at }
    : undefined;
}

function statusOf(value: unknown): Status {
  return STATUSES.find((status) => status === value) ?? 'SYSTEM_FAILURE';
}

function activityOf(activity: unknown): Activity {
  const { since, hours } = isRecord(activity) ? activity : {};
  return {
    since: timeOf(since) ?? new Date(0),
    hours: records(hours).flatMap(({ at, runs }) => {
      const time = timeOf(at);
      return time === undefined ? [] : [{ at: time, runs: isRecord(runs) ? runs : {} }];
    }),
  };
}

function records(value: unknown): readonly Readonly<Record<string, unknown>>[] {
  return Array.isArray(value) ? value.filter(isRecord) : [];
}

/** A build of tasks, and when somebody last asked for runs in its name. */
export interface Build {
  readonly version: string;
  readonly registeredAt: Date;
  readonly tasks: number;
  readonly cliVersion: string | undefined;
  readonly heardAt: Date | undefined;
}

/** The newest builds. */
export async function newestBuilds(
  api: Api,
  most: number,
  signal?: AbortSignal,
): Promise<readonly Build[]> {
  const { body } = await api.ask(`/api/v1/workers?perPage=${most}`, { signal });
  return records(isRecord(body) ? body.data : []).flatMap((build) => {
    const at = timeOf(build.registeredAt);
    return at === undefined
      ? []
      : [
          {
            version: String(build.version),
            registeredAt: at,
            tasks: numberOf(build.tasks) ?? 0,
            cliVersion: textOf(build.cliVersion),
            heardAt: timeOf(build.heardAt),
          },
        ];
  });
}
