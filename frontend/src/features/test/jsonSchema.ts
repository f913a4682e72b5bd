import { isRecord } from '../../api/http.ts';
import { count } from '../../lib/format.ts';

/** A JSON Schema, or a part of one. */
type Schema = Readonly<Record<string, unknown>>;

/** What keeps a value from being what a schema asks for. */
export interface Fault {
  /** Where it is, such as `user.tags[0]`; empty for the whole. */
  readonly at: string;
  readonly message: string;
}

/** More than these help nobody. */
const MOST_FAULTS = 8;

/** Schemas may speak of themselves. */
const DEEPEST = 32;

/**
 * What keeps a value from being what a schema asks for, as far as this can tell: what it does not
 * understand of a schema it takes to be met, for the task itself has the last word.
 */
export function faultsOf(value: unknown, schema: unknown): readonly Fault[] {
  return check(value, schema, { root: schema, at: '', depth: 0 }).slice(0, MOST_FAULTS);
}

interface Place {
  readonly root: unknown;
  readonly at: string;
  readonly depth: number;
}

function check(value: unknown, given: unknown, place: Place): readonly Fault[] {
  if (given === false) {
    return [{ at: place.at, message: 'must not be there' }];
  }
  const schema = resolved(given, place.root);
  if (schema === undefined || place.depth > DEEPEST) {
    return [];
  }
  const type = typeFault(value, schema);
  if (type !== undefined) {
    return [{ at: place.at, message: type }];
  }
  const inner = { ...place, depth: place.depth + 1 };
  return [
    ...valueFaults(value, schema).map((message) => ({ at: place.at, message })),
    ...(isRecord(value) ? objectFaults(value, schema, inner) : []),
    ...(Array.isArray(value) ? arrayFaults(value, schema, inner) : []),
    ...combinedFaults(value, schema, inner),
  ];
}

/** The schema itself, or the one of this document that it refers to. */
function resolved(given: unknown, root: unknown): Schema | undefined {
  let schema = given;
  for (let hops = 0; isRecord(schema) && typeof schema.$ref === 'string' && hops < 8; hops++) {
    schema = pointed(root, schema.$ref);
  }
  return isRecord(schema) ? schema : undefined;
}

function pointed(root: unknown, reference: string): unknown {
  if (!reference.startsWith('#')) {
    return undefined;
  }
  let found: unknown = root;
  for (const part of reference.slice(1).split('/').slice(1)) {
    const name = decodeURIComponent(part).replaceAll('~1', '/').replaceAll('~0', '~');
    found = isRecord(found) || Array.isArray(found) ? (found as Schema)[name] : undefined;
  }
  return found;
}

/** The names of the types that a schema allows; undefined for any. */
export function typesOf({ type }: Schema): readonly string[] | undefined {
  if (typeof type === 'string') {
    return [type];
  }
  return Array.isArray(type) ? type.filter((name) => typeof name === 'string') : undefined;
}

function typeFault(value: unknown, schema: Schema): string | undefined {
  const types = typesOf(schema);
  if (types === undefined || types.some((type) => isOf(value, type))) {
    return undefined;
  }
  return `must be ${types.map(articled).join(' or ')}`;
}

function isOf(value: unknown, type: string): boolean {
  switch (type) {
    case 'object':
      return isRecord(value);
    case 'array':
      return Array.isArray(value);
    case 'integer':
      return Number.isInteger(value);
    case 'null':
      return value === null;
    case 'string':
    case 'number':
    case 'boolean':
      return typeof value === type;
    default:
      return true;
  }
}

function articled(type: string): string {
  return type === 'null' ? 'null' : `${/^[aeio]/.test(type) ? 'an' : 'a'} ${type}`;
}

function valueFaults(value: unknown, schema: Schema): readonly string[] {
  const { enum: choices } = schema;
  if (Array.isArray(choices) && !choices.some((choice) => same(choice, value))) {
    return [`must be one of ${choices.map((choice) => JSON.stringify(choice)).join(', ')}`];
  }
  if ('const' in schema && !same(schema.const, value)) {
    return [`must be ${JSON.stringify(schema.const)}`];
  }
  if (typeof value === 'string') {
    return textFaults(value, schema);
  }
  return typeof value === 'number' ? numberFaults(value, schema) : [];
}

function textFaults(text: string, { minLength, maxLength, pattern, format }: Schema) {
  const letters = [...text].length;
  return said([
    typeof minLength === 'number' &&
      letters < minLength &&
      `must have ${count(minLength, 'letter')} or more`,
    typeof maxLength === 'number' &&
      letters > maxLength &&
      `must have ${count(maxLength, 'letter')} at most`,
    typeof pattern === 'string' && !fits(text, pattern) && `must match ${pattern}`,
    typeof format === 'string' &&
      FORMATS[format]?.test(text) === false &&
      `must be ${articled(format)}`,
  ]);
}

const FORMATS: Readonly<Record<string, RegExp>> = {
  email: /^[^\s@]+@[^\s@]+$/,
  uuid: /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i,
  uri: /^[a-z][a-z0-9+.-]*:\S+$/i,
  url: /^[a-z][a-z0-9+.-]*:\S+$/i,
  date: /^\d{4}-\d{2}-\d{2}$/,
  'date-time': /^\d{4}-\d{2}-\d{2}[Tt ]\d{2}:\d{2}/,
};

/** A pattern that this browser can't read is none to fail by. */
function fits(text: string, pattern: string): boolean {
  try {
    return new RegExp(pattern, 'u').test(text);
  } catch {
    return true;
  }
}

function numberFaults(number: number, schema: Schema): readonly string[] {
  const { minimum, maximum, exclusiveMinimum, exclusiveMaximum, multipleOf } = schema;
  const over = (bound: unknown) => typeof bound === 'number' && number <= bound;
  const under = (bound: unknown) => typeof bound === 'number' && number >= bound;
  return said([
    typeof minimum === 'number' && number < minimum && `must be ${minimum} or more`,
    typeof maximum === 'number' && number > maximum && `must be ${maximum} at most`,
    over(exclusiveMinimum) && `must be more than ${exclusiveMinimum}`,
    under(exclusiveMaximum) && `must be less than ${exclusiveMaximum}`,
    typeof multipleOf === 'number' &&
      multipleOf > 0 &&
      Math.abs(number / multipleOf - Math.round(number / multipleOf)) > 1e-9 &&
      `must be a multiple of ${multipleOf}`,
  ]);
}

function objectFaults(value: Schema, schema: Schema, place: Place): readonly Fault[] {
  const properties = isRecord(schema.properties) ? schema.properties : {};
  const required = Array.isArray(schema.required) ? schema.required : [];
  const within = (name: string) => ({ ...place, at: member(place.at, name) });
  const missing = required.flatMap((name) =>
    typeof name === 'string' && !(name in value)
      ? [{ at: member(place.at, name), message: 'is missing' }]
      : [],
  );
  const others = schema.additionalProperties;
  const known = Object.entries(value).flatMap(([name, inner]) => {
    if (Object.hasOwn(properties, name)) {
      return check(inner, properties[name], within(name));
    }
    if (others === false && schema.patternProperties === undefined) {
      return [{ at: member(place.at, name), message: 'is not known' }];
    }
    return isRecord(others) ? check(inner, others, within(name)) : [];
  });
  return [...missing, ...known];
}

function arrayFaults(value: readonly unknown[], schema: Schema, place: Place): readonly Fault[] {
  const { minItems, maxItems, items, prefixItems } = schema;
  const first = Array.isArray(prefixItems) ? prefixItems : [];
  return [
    ...said([
      typeof minItems === 'number' &&
        value.length < minItems &&
        `must have ${count(minItems, 'item')} or more`,
      typeof maxItems === 'number' &&
        value.length > maxItems &&
        `must have ${count(maxItems, 'item')} at most`,
    ]).map((message) => ({ at: place.at, message })),
    ...value.flatMap((item, index) =>
      check(item, first[index] ?? items, { ...place, at: `${place.at}[${index}]` }),
    ),
  ];
}

function combinedFaults(value: unknown, schema: Schema, place: Place): readonly Fault[] {
  const all = Array.isArray(schema.allOf) ? schema.allOf : [];
  const faults = all.flatMap((part) => check(value, part, place));
  for (const ways of [schema.anyOf, schema.oneOf]) {
    if (Array.isArray(ways) && ways.length > 0) {
      const each = ways.map((way) => check(value, way, place));
      if (each.every((way) => way.length > 0)) {
        // That which is the least wrong is what was meant.
        const [nearest] = each.toSorted((one, other) => one.length - other.length);
        faults.push(...(nearest ?? []));
      }
    }
  }
  return faults;
}

function member(at: string, name: string): string {
  return at === '' ? name : `${at}.${name}`;
}

function said(faults: readonly (string | false)[]): readonly string[] {
  return faults.filter((fault) => fault !== false);
}

function same(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

/** The schema that a part of a document refers to, for who walks through it. */
export function schemaAt(given: unknown, root: unknown): Schema | undefined {
  return resolved(given, root);
}
