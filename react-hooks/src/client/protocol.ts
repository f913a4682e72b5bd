import { isRecord } from './errors.js';

/**
 * The events of docs/PROTOCOL.md, parsed from what came over the wire. Nothing behind this file
 * looks at raw JSON, and nothing here keeps anything.
 */

/** A run as the service tells it. In an update, an absent column is as it was. */
export interface RunColumns extends Readonly<Record<string, unknown>> {
  readonly id: string;
}

/** A whole run of a snapshot. */
export interface ToldRun {
  readonly version: number;
  readonly run: RunColumns;
}

/** A run that is no longer in the feed. */
export interface Left {
  readonly id: string;
  /** Null where the run is gone in every version. */
  readonly version: number | null;
}

/** How many runs there are, all together and in each status that has any. */
export interface Counts {
  readonly members: number;
  readonly counts: Readonly<Record<string, number>>;
}

export type Frame =
  | {
      readonly type: 'snapshot';
      readonly full: boolean;
      readonly start: boolean;
      readonly complete: boolean;
      readonly runs: readonly ToldRun[];
      readonly left: readonly Left[];
    }
  | {
      readonly type: 'run';
      readonly version: number;
      readonly whole: boolean;
      readonly committedAt: string | undefined;
      readonly run: RunColumns;
    }
  | {
      readonly type: 'chunk';
      readonly run: string;
      readonly stream: string;
      /** The number of the first. */
      readonly seq: number;
      /** When they were stored, in milliseconds. */
      readonly at: number;
      readonly data: readonly unknown[];
    }
  | ({ readonly type: 'leave' } & Left)
  | ({ readonly type: 'counts'; readonly committedAt: string | undefined } & Counts)
  | { readonly type: 'digest'; readonly digest: string; readonly members: number }
  | { readonly type: 'live' }
  | { readonly type: 'stale'; readonly since: string }
  | { readonly type: 'token-expiring'; readonly expiresAt: string }
  | { readonly type: 'end'; readonly reason: string; readonly retryable: boolean };

/** Something came that the protocol does not have. */
export class MalformedFrameError extends Error {
  override readonly name = 'MalformedFrameError';
}

/**
 * The frame that an event is; undefined for an event whose name is not known, which is to be
 * passed over.
 */
export function parseFrame(event: string, data: unknown): Frame | undefined {
  const parse = Object.hasOwn(PARSERS, event) ? PARSERS[event] : undefined;
  return parse?.(record(data, event));
}

/** The text of one event's `data`, as JSON. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new MalformedFrameError(`not JSON: ${text.slice(0, 80)}`);
  }
}

type Fields = Readonly<Record<string, unknown>>;

const PARSERS: Readonly<Record<string, (data: Fields) => Frame>> = {
  snapshot: (data) => ({
    type: 'snapshot',
    full: flag(data, 'full'),
    start: flag(data, 'start'),
    complete: flag(data, 'complete'),
    runs: list(data, 'runs').map(toldRun),
    left: list(data, 'left').map((entry) => left(record(entry, 'left'))),
  }),
  run: (data) => ({
    type: 'run',
    whole: flag(data, 'whole'),
    committedAt: optionalText(data, 'committedAt'),
    ...toldRun(data),
  }),
  chunk: (data) => ({
    type: 'chunk',
    run: text(data, 'run'),
    stream: text(data, 'stream'),
    seq: number(data, 'seq'),
    at: number(data, 'at'),
    data: list(data, 'data'),
  }),
  counts: (data) => ({
    type: 'counts',
    members: number(data, 'members'),
    counts: numbers(record(data.counts, 'counts')),
    committedAt: optionalText(data, 'committedAt'),
  }),
  digest: (data) => ({
    type: 'digest',
    digest: text(data, 'digest'),
    members: number(data, 'members'),
  }),
  leave: (data) => ({ type: 'leave', ...left(data) }),
  live: () => ({ type: 'live' }),
  stale: (data) => ({ type: 'stale', since: text(data, 'since') }),
  'token-expiring': (data) => ({ type: 'token-expiring', expiresAt: text(data, 'expiresAt') }),
  end: (data) => ({
    type: 'end',
    reason: text(data, 'reason'),
    retryable: flag(data, 'retryable'),
  }),
};

function toldRun(value: unknown): ToldRun {
  const data = record(value, 'runs');
  const run = record(data.run, 'run');
  return { version: number(data, 'version'), run: { ...run, id: text(run, 'id') } };
}

function left(data: Fields): Left {
  return {
    id: text(data, 'id'),
    version: data.version === null ? null : number(data, 'version'),
  };
}

function record(value: unknown, what: string): Fields {
  return isRecord(value) ? value : fail(what, 'an object');
}

function list(data: Fields, name: string): readonly unknown[] {
  const value = data[name];
  return Array.isArray(value) ? value : fail(name, 'a list');
}

function text(data: Fields, name: string): string {
  const value = data[name];
  return typeof value === 'string' ? value : fail(name, 'a text');
}

function optionalText(data: Fields, name: string): string | undefined {
  return data[name] === undefined ? undefined : text(data, name);
}

function numbers(data: Fields): Readonly<Record<string, number>> {
  return Object.fromEntries(Object.keys(data).map((name) => [name, number(data, name)]));
}

function number(data: Fields, name: string): number {
  const value = data[name];
  return typeof value === 'number' ? value : fail(name, 'a number');
}

function flag(data: Fields, name: string): boolean {
  const value = data[name];
  return typeof value === 'boolean' ? value : fail(name, 'true or false');
}

function fail(what: string, wanted: string): never {
  throw new MalformedFrameError(`${what} is not ${wanted}`);
}
