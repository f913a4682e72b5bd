import { isRecord } from './http.ts';
import { type NumberedList, numberedList, PER_PAGE, textOf, timeOf } from './lists.ts';
import { parseSummary, type RunSummary } from './run.ts';
import type { Api } from './session.ts';

/** When a task is triggered again and again. */
export interface Schedule extends Plan {
  readonly id: string;
  /** Whether it stands in the code of its task, and is changed only there. */
  readonly declared: boolean;
  readonly active: boolean;
  readonly deduplicationKey: string | undefined;
  /** The expression in words. */
  readonly description: string | undefined;
  readonly nextRun: Date | undefined;
  readonly lastRun: Date | undefined;
}

/** What a schedule is to do. */
export interface Plan {
  readonly task: string;
  readonly cron: string;
  readonly timezone: string;
  /** How much later than its time a run may begin, such as `30m` or `20%`. */
  readonly window: string | undefined;
  readonly externalId: string | undefined;
}

const ROOT = '/api/v1/schedules';

/** A page of the schedules, the newest first. */
export async function listSchedules(
  api: Api,
  page: number,
  signal?: AbortSignal,
): Promise<NumberedList<Schedule>> {
  const { body } = await api.ask(`${ROOT}?perPage=${PER_PAGE}&page=${page}`, { signal });
  return numberedList(body, parse);
}

function parse(body: unknown): Schedule | undefined {
  if (!isRecord(body) || typeof body.id !== 'string' || typeof body.task !== 'string') {
    return undefined;
  }
  const generator = isRecord(body.generator) ? body.generator : {};
  return {
    id: body.id,
    task: body.task,
    cron: textOf(generator.expression) ?? '',
    description: textOf(generator.description),
    timezone: textOf(body.timezone) ?? 'UTC',
    window: textOf(body.window),
    externalId: textOf(body.externalId),
    deduplicationKey: textOf(body.deduplicationKey),
    declared: body.type === 'DECLARATIVE',
    active: body.active === true,
    nextRun: timeOf(body.nextRun),
    lastRun: timeOf(body.lastRun),
  };
}

/** Makes a schedule; one that has this key already is changed. */
export async function createSchedule(api: Api, plan: Plan, key: string): Promise<void> {
  await api.ask(ROOT, { method: 'POST', body: { ...plan, deduplicationKey: key } });
}

/** Changes a schedule. */
export async function changeSchedule(api: Api, id: string, plan: Plan): Promise<void> {
  await api.ask(path(id), { method: 'PUT', body: plan });
}

/** Has a schedule be in force, or not. */
export async function activateSchedule(api: Api, id: string, active: boolean): Promise<void> {
  await api.ask(`${path(id)}/${active ? 'activate' : 'deactivate'}`, { method: 'POST' });
}

/** Removes a schedule; its runs stay. */
export async function deleteSchedule(api: Api, id: string): Promise<void> {
  await api.ask(path(id), { method: 'DELETE' });
}

/** The next times of an expression in a zone. */
export async function upcomingTimes(
  api: Api,
  cron: string,
  timezone: string,
  signal?: AbortSignal,
): Promise<readonly Date[]> {
  const query = new URLSearchParams({ cron, timezone });
  const { body } = await api.ask(`${ROOT}/upcoming?${query}`, { signal });
  const times = isRecord(body) && Array.isArray(body.upcoming) ? body.upcoming : [];
  return times.flatMap((time) => timeOf(time) ?? []);
}

/** The last runs that a schedule has made. */
export async function runsOfSchedule(
  api: Api,
  id: string,
  most: number,
  signal?: AbortSignal,
): Promise<readonly RunSummary[]> {
  const query = new URLSearchParams({ 'filter[schedule]': id, 'page[size]': String(most) });
  const { body } = await api.ask(`/api/v1/runs?${query}`, { signal });
  const data = isRecord(body) && Array.isArray(body.data) ? body.data : [];
  return data.flatMap((run) => parseSummary(run) ?? []);
}

/** The time zones that the service knows. */
export async function listTimeZones(api: Api, signal?: AbortSignal): Promise<readonly string[]> {
  const { body } = await api.ask('/api/v1/timezones', { signal });
  const zones = isRecord(body) && Array.isArray(body.timezones) ? body.timezones : [];
  return zones.filter((zone) => typeof zone === 'string');
}

function path(id: string): string {
  return `${ROOT}/${encodeURIComponent(id)}`;
}
