import { isRecord } from '../errors.js';
import type { RunColumns } from '../protocol.js';
import { flagsOf, type RealtimeRun, type RunStatus, type SerializedError } from './run.js';
import { revived } from './superJson.js';

/**
 * A row of the wire → the run that people see: times are dates, what is null is absent. A column
 * that was skipped is absent, too, or what it is by default.
 */
export function viewOf(columns: RunColumns): RealtimeRun {
  const status = text(columns.status) ?? 'QUEUED';
  const view: Record<string, unknown> = {
    id: columns.id,
    taskIdentifier: text(columns.taskIdentifier) ?? '',
    status: status as RunStatus,
    ...flagsOf(status),
    tags: texts(columns.tags),
    realtimeStreams: texts(columns.realtimeStreams),
    isTest: columns.isTest === true,
    createdAt: date(columns.createdAt) ?? new Date(0),
    updatedAt: date(columns.updatedAt) ?? new Date(0),
    durationMs: number(columns.durationMs) ?? 0,
    costInCents: number(columns.costInCents) ?? 0,
    baseCostInCents: number(columns.baseCostInCents) ?? 0,
  };
  for (const name of PACKETS) {
    const value = columns[name] ?? undefined;
    if (value !== undefined) {
      view[name] = revived(value, columns[`${name}Meta`]);
    }
  }
  copy(view, columns, TEXTS, text);
  copy(view, columns, NUMBERS, number);
  copy(view, columns, TIMES, date);
  copy(view, columns, ['metadata'], (value) => (isRecord(value) ? value : undefined));
  copy(view, columns, ['error'], errorOf);
  return view as unknown as RealtimeRun;
}

/** What is undefined stays absent, so that `in` and comparisons see only what there is. */
function copy(
  view: Record<string, unknown>,
  columns: RunColumns,
  names: readonly string[],
  read: (value: unknown) => unknown,
): void {
  for (const name of names) {
    const value = read(columns[name]);
    if (value !== undefined) {
      view[name] = value;
    }
  }
}

const PACKETS = ['payload', 'output'];
const TEXTS = [
  'idempotencyKey',
  'ttl',
  'batchId',
  'parentRunId',
  'rootRunId',
  'queue',
  'concurrencyKey',
  'machine',
  'region',
  'version',
  'triggerFunction',
  'payloadType',
  'outputType',
];
const NUMBERS = ['depth', 'priority', 'attemptCount', 'maxAttempts', 'maxDuration'];
const TIMES = ['expiredAt', 'finishedAt', 'startedAt', 'delayedUntil', 'queuedAt'];

/** Runs report errors in several forms, told apart by `type`; REST has already made one of them. */
function errorOf(error: unknown): SerializedError | undefined {
  if (error === null || error === undefined) {
    return undefined;
  }
  if (!isRecord(error)) {
    return { message: text(error) ?? JSON.stringify(error) };
  }
  if (error.type === 'INTERNAL_ERROR') {
    return { message: `trigger.dev internal error (${error.code})` };
  }
  const message = text(error.message) ?? text(error.raw);
  if (message === undefined) {
    return { message: JSON.stringify(error) };
  }
  const told: SerializedError = { message };
  const causes = causesOf(error.causes);
  return Object.assign(told, named(error), causes && { causes });
}

function causesOf(causes: unknown): SerializedError['causes'] {
  return Array.isArray(causes) && causes.length > 0
    ? causes
        .filter(isRecord)
        .map((cause) => ({ message: text(cause.message) ?? '', ...named(cause) }))
    : undefined;
}

function named(error: Readonly<Record<string, unknown>>): Omit<SerializedError, 'message'> {
  const name = text(error.name);
  const stackTrace = text(error.stackTrace);
  return { ...(name && { name }), ...(stackTrace && { stackTrace }) };
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

function number(value: unknown): number | undefined {
  return typeof value === 'number' ? value : undefined;
}

function date(value: unknown): Date | undefined {
  return typeof value === 'string' ? new Date(value) : undefined;
}

function texts(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((entry) => typeof entry === 'string') : [];
}
