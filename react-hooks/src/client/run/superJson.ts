import { isRecord } from '../errors.js';

/**
 * What JSON has no word for: a value as superjson wrote it, and its notes of what was what. Notes
 * are `[kind]`, `[kind, notes of what is in it]`, or `{path: note}`.
 *
 * Typed arrays, symbols and classes stay as they came, and one object in two places becomes two.
 */

/** The value that was meant; as it came where the notes can't be read. */
export function revived(json: unknown, meta: unknown): unknown {
  if (!isRecord(meta)) {
    return json;
  }
  try {
    return noted(json, meta.values, typeof meta.v === 'number' && meta.v >= 1);
  } catch {
    return json;
  }
}

function noted(value: unknown, note: unknown, escapes: boolean): unknown {
  if (Array.isArray(note)) {
    return meant(note[0], noted(value, note[1], escapes));
  }
  let result = value;
  for (const [path, inner] of isRecord(note) ? Object.entries(note) : []) {
    result = changed(result, stepsOf(path, escapes), (part) => noted(part, inner, escapes));
  }
  return result;
}

/** A copy in which one part is another; what came over the wire is compared again later. */
function changed(
  value: unknown,
  [step, ...rest]: readonly string[],
  change: (part: unknown) => unknown,
): unknown {
  if (step === undefined) {
    return change(value);
  }
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, step)) {
    return value;
  }
  const part = changed(value[step as keyof typeof value], rest, change);
  return Array.isArray(value) ? value.with(Number(step), part) : { ...value, [step]: part };
}

/** Steps are parted by dots; those of a name are escaped, in newer notes backslashes too. */
function stepsOf(path: string, escapes: boolean): string[] {
  const escaped = escapes ? /\\([.\\])|(\.)|(.)/gs : /\\(\.)|(\.)|(.)/gs;
  const steps = [''];
  for (const [, literal, dot, other] of path.matchAll(escaped)) {
    if (dot === undefined) {
      steps.push((steps.pop() ?? '') + (literal ?? other));
    } else {
      steps.push('');
    }
  }
  return steps;
}

function meant(kind: unknown, value: unknown): unknown {
  const read = typeof kind === 'string' && Object.hasOwn(KINDS, kind) ? KINDS[kind] : undefined;
  return read === undefined ? value : read(value as never);
}

/** How each kind is read; what a value is, only its kind says. */
const KINDS: Readonly<Record<string, (value: never) => unknown>> = {
  Date: (text) => new Date(text),
  bigint: BigInt,
  undefined: () => undefined,
  number: Number,
  set: (values) => new Set(values),
  map: (entries) => new Map(entries),
  URL: (text) => new URL(text),
  regexp: (text: string) =>
    new RegExp(text.slice(1, text.lastIndexOf('/')), text.slice(text.lastIndexOf('/') + 1)),
  Error: ({ name, message, stack, cause }: Error) =>
    Object.assign(new Error(message, cause === undefined ? undefined : { cause }), { name, stack }),
};
