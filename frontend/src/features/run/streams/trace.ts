/** What kind of message a log is. */
export type Level = 'trace' | 'debug' | 'info' | 'warn' | 'error';

/** A span or a log of a run, as it is shown. */
export interface TraceRow {
  readonly key: string;
  readonly kind: 'span' | 'log';
  readonly name: string;
  /** How many spans it is within. */
  readonly depth: number;
  readonly at: number;
  /** When a span ended; undefined while it goes on, and for a log. */
  readonly to: number | undefined;
  readonly level: Level;
  readonly failed: boolean;
  /** What else was sent with it. */
  readonly more: Readonly<Record<string, unknown>> | undefined;
}

export interface TraceView {
  readonly rows: readonly TraceRow[];
  readonly from: number;
  readonly to: number;
}

/** Deeper ones are shown as deep as this. */
const MAX_DEPTH = 12;

interface Entry {
  readonly row: Omit<TraceRow, 'depth'>;
  readonly parent: string;
}

/**
 * The entries of a run's trace, in the order in which they came, as rows of a tree. A span that
 * came as begun and then as ended is one row; what hangs on nothing that is there begins at the left.
 */
export function traceOf(chunks: readonly unknown[], now: number): TraceView {
  const entries = new Map<string, Entry>();
  for (const chunk of chunks) {
    const entry = entryOf(chunk);
    if (entry !== undefined && entries.get(entry.row.key)?.row.to === undefined) {
      entries.set(entry.row.key, entry);
    }
  }
  const below = new Map<string, Entry[]>();
  const roots: Entry[] = [];
  for (const entry of [...entries.values()].sort((a, b) => a.row.at - b.row.at)) {
    const parent = entries.get(entry.parent);
    const list =
      parent === undefined || parent.row.kind === 'log' ? roots : listOf(below, entry.parent);
    list.push(entry);
  }
  const rows: TraceRow[] = [];
  const seen = new Set<string>();
  flatten(roots, below, rows, seen);
  flatten([...entries.values()], below, rows, seen);
  const from = Math.min(...rows.map(({ at }) => at));
  const ends = rows.map(({ kind, at, to }) => to ?? (kind === 'log' ? at : now));
  return { rows, from, to: Math.max(from + 1, ...ends) };
}

function listOf(lists: Map<string, Entry[]>, key: string): Entry[] {
  const list = lists.get(key) ?? [];
  lists.set(key, list);
  return list;
}

/** Without recursion: who traces decides how deep it is. */
function flatten(
  roots: readonly Entry[],
  below: ReadonlyMap<string, readonly Entry[]>,
  rows: TraceRow[],
  seen: Set<string>,
): void {
  const open = roots.map((entry) => ({ entry, depth: 0 })).reverse();
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { entry, depth } = next;
    if (!seen.has(entry.row.key)) {
      seen.add(entry.row.key);
      rows.push({ ...entry.row, depth: Math.min(depth, MAX_DEPTH) });
      for (const child of [...(below.get(entry.row.key) ?? [])].reverse()) {
        open.push({ entry: child, depth: depth + 1 });
      }
    }
  }
}

function entryOf(chunk: unknown): Entry | undefined {
  if (!isRecord(chunk)) {
    return undefined;
  }
  const at = time(chunk.at);
  const span = chunk.type === 'span';
  const key = span ? chunk.id : `log ${JSON.stringify(chunk)}`;
  if (at === undefined || typeof key !== 'string' || (!span && chunk.type !== 'log')) {
    return undefined;
  }
  const level = levelOf(chunk.level);
  return {
    parent: text(chunk.parent),
    row: {
      key,
      kind: span ? 'span' : 'log',
      name: text(chunk.name),
      at,
      to: span ? time(chunk.end) : undefined,
      level,
      failed: chunk.status === 'error' || level === 'error',
      more: moreOf(chunk),
    },
  };
}

function moreOf(chunk: Readonly<Record<string, unknown>>): TraceRow['more'] {
  const { attributes, events, message } = chunk;
  const more = {
    ...(message === undefined ? {} : { message }),
    ...(isRecord(attributes) ? attributes : {}),
    ...(Array.isArray(events) ? { events } : {}),
  };
  return Object.keys(more).length === 0 ? undefined : more;
}

function levelOf(level: unknown): Level {
  return level === 'trace' || level === 'debug' || level === 'warn' || level === 'error'
    ? level
    : 'info';
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

function time(value: unknown): number | undefined {
  const ms = typeof value === 'string' ? Date.parse(value) : Number.NaN;
  return Number.isNaN(ms) ? undefined : ms;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
