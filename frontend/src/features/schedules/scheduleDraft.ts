import type { Plan, Schedule } from '../../api/schedules.ts';

/** What is typed of a schedule, as it is typed. */
export interface Draft {
  readonly task: string;
  readonly cron: string;
  readonly timezone: string;
  readonly window: string;
  readonly externalId: string;
  readonly deduplicationKey: string;
}

export type Field = keyof Draft;

/** A new one, in the zone of whoever types it. */
export function draftFor(task: string, timezone: string): Draft {
  return { task, cron: '0 9 * * *', timezone, window: '', externalId: '', deduplicationKey: '' };
}

/** What a schedule was made with. */
export function draftOf(schedule: Schedule): Draft {
  return {
    task: schedule.task,
    cron: schedule.cron,
    timezone: schedule.timezone,
    window: schedule.window ?? '',
    externalId: schedule.externalId ?? '',
    deduplicationKey: schedule.deduplicationKey ?? '',
  };
}

/** The same as the service takes it. */
export function planOf(draft: Draft): Plan {
  return {
    task: draft.task.trim(),
    cron: draft.cron.trim(),
    timezone: draft.timezone,
    window: draft.window.trim() || undefined,
    externalId: draft.externalId.trim() || undefined,
  };
}

/** The field that the service found fault with; undefined if it is none of these. */
export function fieldOf(param: string | undefined, draft: Draft): Field | undefined {
  return param !== undefined && Object.hasOwn(draft, param) ? (param as Field) : undefined;
}

/** A key for a schedule that was given none: it stands for nothing but this one. */
export function newKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(12));
  return `dashboard-${[...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('')}`;
}

/** A time as the clocks of a zone show it. */
export function zoned(time: Date, timeZone: string): string {
  return new Intl.DateTimeFormat('en-GB', {
    weekday: 'short',
    day: '2-digit',
    month: 'short',
    hour: '2-digit',
    minute: '2-digit',
    timeZoneName: 'short',
    timeZone,
  }).format(time);
}

/** The zone of whoever looks. */
export function ownZone(): string {
  return Intl.DateTimeFormat().resolvedOptions().timeZone;
}
