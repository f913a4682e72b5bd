import { isRecord } from '../errors.js';
import { MalformedFrameError, type RunColumns } from '../protocol.js';

/**
 * Rows of the long poll → rows as the other ways tell them. The long poll speaks to the official
 * clients, so its columns and statuses have their names, times have no zone, and packets are text.
 */

/** One message of an answer. */
export type ShapeMessage =
  | { readonly operation: 'insert' | 'update'; readonly run: RunColumns }
  | { readonly operation: 'delete'; readonly id: string };

/** The messages of an answer's body, without those that only control. */
export function parseShape(body: unknown): readonly ShapeMessage[] {
  if (!Array.isArray(body)) {
    throw new MalformedFrameError('the answer is not a list');
  }
  return body.flatMap((message: unknown): ShapeMessage[] => {
    const headers = isRecord(message) && isRecord(message.headers) ? message.headers : {};
    const value = isRecord(message) && isRecord(message.value) ? message.value : {};
    const { operation } = headers;
    if (operation !== 'insert' && operation !== 'update' && operation !== 'delete') {
      return [];
    }
    const id = value.friendlyId ?? value.id;
    if (typeof id !== 'string') {
      throw new MalformedFrameError('a row has no id');
    }
    return operation === 'delete'
      ? [{ operation, id }]
      : [{ operation, run: { ...columnsOf(value), id } }];
  });
}

type Row = Readonly<Record<string, unknown>>;

const NAMES: Readonly<Record<string, string>> = {
  runTags: 'tags',
  delayUntil: 'delayedUntil',
  completedAt: 'finishedAt',
  usageDurationMs: 'durationMs',
};
const TIMES: ReadonlySet<string> = new Set([
  'createdAt',
  'updatedAt',
  'startedAt',
  'delayUntil',
  'queuedAt',
  'expiredAt',
  'completedAt',
]);
const PACKETS: ReadonlySet<string> = new Set(['payload', 'output', 'metadata']);
const STATUSES: Readonly<Record<string, string>> = {
  WAITING_FOR_DEPLOY: 'PENDING_VERSION',
  PENDING: 'QUEUED',
  RETRYING_AFTER_FAILURE: 'EXECUTING',
  WAITING_TO_RESUME: 'WAITING',
  PAUSED: 'WAITING',
  COMPLETED_SUCCESSFULLY: 'COMPLETED',
  COMPLETED_WITH_ERRORS: 'FAILED',
  INTERRUPTED: 'FAILED',
};

function columnsOf(row: Row): Row {
  const columns: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(row)) {
    columns[NAMES[name] ?? name] = cell(name, value, row);
    if (PACKETS.has(name) && row[`${name}Type`] === 'application/super+json') {
      const whole = parsed(value);
      columns[`${name}Meta`] = isRecord(whole) ? whole.meta : undefined;
    }
  }
  return columns;
}

function cell(name: string, value: unknown, row: Row): unknown {
  if (typeof value !== 'string') {
    return value;
  }
  if (name === 'status') {
    return STATUSES[value] ?? value;
  }
  if (PACKETS.has(name)) {
    return packet(value, row[`${name}Type`]);
  }
  return TIMES.has(name) ? `${value}Z` : value;
}

function packet(text: string, type: unknown): unknown {
  if (type === 'text/plain' || type === 'application/store') {
    return text;
  }
  const value = parsed(text);
  return type === 'application/super+json' && isRecord(value) ? value.json : value;
}

/** What is no JSON is a text. */
function parsed(text: unknown): unknown {
  try {
    return JSON.parse(String(text));
  } catch {
    return text;
  }
}
