/** One part of a stream. */
export interface StreamPart<TChunk = unknown> {
  /** Where to go on after it. */
  readonly id: string;
  readonly chunk: TChunk;
  /** When it was stored, in milliseconds. */
  readonly timestamp: number;
}

/** The parts of each stream of a run, in their order. */
export type Parts = ReadonlyMap<string, readonly StreamPart[]>;

/** The number of a part: an id is it, or ends with it. */
export function numberOf(id: string): number {
  return Number(id.slice(id.indexOf('-') + 1));
}

/** Parts as they are told, the first of them by its number, and when they were stored. */
interface Told {
  readonly seq: number;
  readonly at: number;
  readonly data: readonly unknown[];
}

/** Parts with some that were told: what is told again replaces what is held. */
export function withTold(
  held: readonly StreamPart[] = [],
  { seq, at, data }: Told,
): readonly StreamPart[] {
  const told = data.map((chunk, index) => ({ id: String(seq + index), chunk, timestamp: at }));
  const from = indexFrom(held, seq);
  // Nearly always there is nothing to replace.
  return from === held.length
    ? held.concat(told)
    : [...held.slice(0, from), ...told, ...held.slice(indexFrom(held, seq + told.length))];
}

/** Where in a list the parts from a number on begin; mostly near its end. */
export function indexFrom(parts: readonly StreamPart[], number: number): number {
  let index = parts.length;
  while (index > 0 && numberOf(parts[index - 1]?.id ?? '') >= number) {
    index--;
  }
  return index;
}
