import { isRecord } from '../../api/http.ts';
import type { TriggerBody } from '../../api/tasks.ts';
import { jsonProblem } from '../../lib/jsonProblem.ts';

/** What is typed of a run that is to be started, as it is typed. */
export interface Draft {
  readonly task: string;
  readonly payload: string;
  readonly tags: readonly string[];
  readonly delay: string;
  readonly ttl: string;
  readonly idempotencyKey: string;
  readonly metadata: string;
  /** Whether it is marked as a test. */
  readonly isTest: boolean;
}

export type Field = keyof Draft;

/** What is wrong with it, by the field. */
export type Problems = Partial<Record<Field, string>>;

/** Nothing typed yet. */
export const EMPTY: Draft = {
  task: '',
  payload: '{}',
  tags: [],
  delay: '',
  ttl: '',
  idempotencyKey: '',
  metadata: '',
  isTest: true,
};

const SPAN = /^(\d+(w|d|h|hr|m|s))+$/;

/** What can be seen to be wrong before the service is asked. */
export function problemsOf(draft: Draft): Problems {
  const { task, payload, delay, ttl, metadata } = draft;
  const found: Record<string, string | undefined> = {
    task: task.trim() === '' ? 'Choose a task, or type its name.' : undefined,
    payload: payload.trim() === '' ? undefined : jsonProblem(payload),
    delay:
      delay.trim() === '' || SPAN.test(delay.trim()) || isTime(delay.trim())
        ? undefined
        : 'A span such as 90s or 2h30m, or a time such as 2026-12-24T18:00:00Z.',
    ttl: ttl.trim() === '' || SPAN.test(ttl.trim()) ? undefined : 'A span such as 10m or 1h30m.',
    metadata: metadataProblem(metadata),
  };
  return Object.fromEntries(Object.entries(found).filter(([, problem]) => problem !== undefined));
}

function metadataProblem(text: string): string | undefined {
  if (text.trim() === '') {
    return undefined;
  }
  return (
    jsonProblem(text) ??
    (isRecord(JSON.parse(text)) ? undefined : 'Metadata is an object, such as {"step": "first"}.')
  );
}

function isTime(text: string): boolean {
  return /^\d{4}-\d{2}-\d{2}/.test(text) && !Number.isNaN(Date.parse(text));
}

/** The same in the form that the service takes; of a draft without problems. */
export function bodyOf(draft: Draft): TriggerBody {
  const { payload, tags, delay, ttl, idempotencyKey, metadata, isTest } = draft;
  const options = {
    ...(tags.length > 0 && { tags }),
    ...(delay.trim() !== '' && { delay: delay.trim() }),
    ...(ttl.trim() !== '' && { ttl: ttl.trim() }),
    ...(idempotencyKey.trim() !== '' && { idempotencyKey: idempotencyKey.trim() }),
    ...(metadata.trim() !== '' && { metadata: JSON.parse(metadata) }),
    ...(isTest && { test: true }),
  };
  return { ...(payload.trim() !== '' && { payload: JSON.parse(payload) }), options };
}

const FIELDS: readonly Field[] = [
  'task',
  'payload',
  'tags',
  'delay',
  'ttl',
  'idempotencyKey',
  'metadata',
];

/** The field that the service found fault with; undefined if it is none of these. */
export function fieldOf(param: string | undefined): Field | undefined {
  const name = param?.replace(/^options\./, '').replace(/[.[].*$/, '');
  return FIELDS.find((field) => field === name);
}
