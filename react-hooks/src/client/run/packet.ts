/** A value as the service stores it: a text and what kind of text it is. */
export interface Packet {
  readonly data: string | undefined;
  readonly dataType: string;
}

/**
 * A payload → its packet. What JSON can't say (dates, big integers, maps, sets, `undefined`) is said
 * as superjson does, which is what tasks of the SDK read: plain JSON beside a list of what was what,
 * and a 1 for the way in which names are written there.
 */
export function encodePacket(value: unknown): Packet {
  if (value === undefined) {
    return { data: undefined, dataType: 'application/json' };
  }
  if (typeof value === 'string') {
    return { data: value, dataType: 'text/plain' };
  }
  const kinds: Record<string, string[]> = {};
  const json = plain(value, [], kinds);
  const meta = Object.keys(kinds).length === 0 ? undefined : { values: metaOf(kinds), v: 1 };
  return meta === undefined
    ? { data: JSON.stringify(json), dataType: 'application/json' }
    : { data: JSON.stringify({ json, meta }), dataType: 'application/super+json' };
}

function plain(value: unknown, path: readonly string[], kinds: Record<string, string[]>): unknown {
  const special = specialOf(value);
  if (special !== undefined) {
    kinds[path.join('.')] = [special.kind];
    return special.json;
  }
  if (Array.isArray(value)) {
    return value.map((entry, index) => plain(entry, [...path, String(index)], kinds));
  }
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(
      Object.entries(value).map(([name, entry]) => [
        name,
        plain(entry, [...path, name.replaceAll('\\', '\\\\').replaceAll('.', '\\.')], kinds),
      ]),
    );
  }
  return value;
}

function specialOf(value: unknown): { kind: string; json: unknown } | undefined {
  if (value instanceof Date) {
    return { kind: 'Date', json: Number.isNaN(value.getTime()) ? '' : value.toISOString() };
  }
  if (typeof value === 'bigint') {
    return { kind: 'bigint', json: value.toString() };
  }
  if (value === undefined) {
    return { kind: 'undefined', json: null };
  }
  if (typeof value === 'number' && !Number.isFinite(value)) {
    return { kind: 'number', json: String(value) };
  }
  return undefined;
}

/** A value that is special itself has no path. */
function metaOf(kinds: Record<string, string[]>): unknown {
  return kinds[''] ?? kinds;
}
