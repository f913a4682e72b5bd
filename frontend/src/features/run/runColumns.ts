import { isRecord } from '../../api/http.ts';
import type { Columns } from '../../api/runs.ts';

/** Why a run failed. */
export interface RunErrorInfo {
  readonly name: string | undefined;
  readonly message: string;
  readonly stack: string | undefined;
  readonly causes: readonly RunErrorInfo[];
}

/** The error of a run in whichever form it was reported; undefined for none. */
export function errorOf({ error }: Columns): RunErrorInfo | undefined {
  if (error === undefined || error === null) {
    return undefined;
  }
  if (typeof error === 'string') {
    return { name: undefined, message: error, stack: undefined, causes: [] };
  }
  return isRecord(error) ? parse(error) : parse({ message: JSON.stringify(error) });
}

function parse(error: Columns): RunErrorInfo {
  const message = text(error.message) ?? text(error.raw) ?? text(error.code);
  return {
    name: text(error.name),
    message: message ?? JSON.stringify(error),
    stack: text(error.stackTrace) ?? text(error.stack),
    causes: Array.isArray(error.causes) ? error.causes.filter(isRecord).map(parse) : [],
  };
}

/** The streams that a run has named, each once. */
export function streamsOf({ realtimeStreams }: Columns): readonly string[] {
  return Array.isArray(realtimeStreams)
    ? [...new Set(realtimeStreams.filter((key) => typeof key === 'string'))]
    : [];
}

/** A payload or output, or where a large one can be read; undefined for none. */
export function packetOf(
  columns: Columns,
  name: 'payload' | 'output',
): { readonly value: unknown } | { readonly link: string } | undefined {
  const link = text(columns[`${name}PresignedUrl`]);
  if (link !== undefined) {
    return { link };
  }
  const value = columns[name];
  return value === undefined || value === null ? undefined : { value };
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}
