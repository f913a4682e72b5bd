import { isRecord } from '../../api/http.ts';
import { schemaAt, typesOf } from './jsonSchema.ts';

const DEEPEST = 8;

const TEXTS: Readonly<Record<string, string>> = {
  email: 'ada@example.com',
  uuid: '00000000-0000-4000-8000-000000000000',
  uri: 'https://example.com',
  url: 'https://example.com',
  date: '2026-01-01',
  'date-time': '2026-01-01T00:00:00Z',
};

/** A value that a schema would take, to begin with: an example of its own, or made from its parts. */
export function exampleOf(schema: unknown): unknown {
  return example(schema, schema, 0);
}

function example(given: unknown, root: unknown, depth: number): unknown {
  const schema = schemaAt(given, root);
  if (schema === undefined || depth > DEEPEST) {
    return null;
  }
  const [own] = Array.isArray(schema.examples) ? schema.examples : [];
  const said = own ?? schema.example ?? schema.default ?? schema.const ?? first(schema.enum);
  if (said !== undefined) {
    return said;
  }
  const way = first(schema.anyOf) ?? first(schema.oneOf);
  if (way !== undefined) {
    return example(way, root, depth + 1);
  }
  const all = Array.isArray(schema.allOf) ? schema.allOf : [];
  return all.length > 0 && typesOf(schema) === undefined
    ? Object.assign({}, ...all.map((part) => example(part, root, depth + 1)))
    : ofType(schema, root, depth);
}

type Schema = Readonly<Record<string, unknown>>;

function ofType(schema: Schema, root: unknown, depth: number): unknown {
  switch (typesOf(schema)?.[0] ?? (isRecord(schema.properties) ? 'object' : 'null')) {
    case 'object':
      return object(schema, root, depth);
    case 'array': {
      const [head] = Array.isArray(schema.prefixItems) ? schema.prefixItems : [schema.items];
      const few = typeof schema.minItems === 'number' ? Math.max(1, schema.minItems) : 1;
      return head === undefined
        ? []
        : Array.from({ length: Math.min(few, DEEPEST) }, () => example(head, root, depth + 1));
    }
    case 'string':
      return text(schema);
    case 'integer':
    case 'number':
      return number(schema);
    case 'boolean':
      return false;
    default:
      return null;
  }
}

/** What may be left out is shown too: it is easier taken away than guessed. */
function object(schema: Schema, root: unknown, depth: number): unknown {
  const properties = isRecord(schema.properties) ? schema.properties : {};
  return Object.fromEntries(
    Object.entries(properties).map(([name, part]) => [name, example(part, root, depth + 1)]),
  );
}

function text({ format, minLength }: Schema): string {
  const known = typeof format === 'string' ? TEXTS[format] : undefined;
  return known ?? 'x'.repeat(typeof minLength === 'number' ? Math.min(minLength, 64) : 0);
}

function number({ minimum, exclusiveMinimum, maximum }: Schema): number {
  if (typeof minimum === 'number') {
    return minimum;
  }
  if (typeof exclusiveMinimum === 'number') {
    return exclusiveMinimum + 1;
  }
  return typeof maximum === 'number' ? Math.min(0, maximum) : 0;
}

function first(list: unknown): unknown {
  return Array.isArray(list) ? list[0] : undefined;
}
