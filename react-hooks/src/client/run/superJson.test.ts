import fc from 'fast-check';
import superjson from 'superjson';
import { describe, expect, it } from 'vitest';
import { revived } from './superJson.js';

/** As it comes over the wire. */
function wired(value: unknown): { json: unknown; meta?: unknown } {
  return JSON.parse(superjson.stringify(value));
}

function read(value: unknown): unknown {
  const { json, meta } = wired(value);
  return revived(json, meta);
}

describe('what superjson wrote', () => {
  it('is read as superjson reads it', () => {
    const name = fc.string({ maxLength: 4 }).filter((text) => !UNSAFE.includes(text));
    const value = fc.letrec((tie) => ({
      any: fc.oneof(
        fc.date({ noInvalidDate: true }),
        fc.bigInt(),
        fc.double(),
        fc.string(),
        fc.boolean(),
        fc.constantFrom(null, undefined, /a\/b/gi, new URL('http://a.example/b?c')),
        fc.array(tie('any'), { maxLength: 3 }),
        fc.dictionary(fc.oneof(name, fc.constantFrom('a.b', '', 'c\\d', '\\.', '0')), tie('any'), {
          maxKeys: 3,
          noNullPrototype: true,
        }),
        fc.array(tie('any'), { maxLength: 3 }).map((values) => new Set(values)),
        fc.array(fc.tuple(tie('any'), tie('any')), { maxLength: 3 }).map((each) => new Map(each)),
      ),
    })).any;

    fc.assert(
      fc.property(value, (given) => {
        expect(read(given)).toEqual(superjson.parse(superjson.stringify(given)));
      }),
      { numRuns: 1000 },
    );
  });

  it('may be a value that is special itself, or an error', () => {
    const error = read({ why: new TypeError('no') }) as { why: Error };

    expect(read(new Date(7))).toEqual(new Date(7));
    expect(error.why).toBeInstanceOf(Error);
    expect(error.why).toMatchObject({ name: 'TypeError', message: 'no' });
  });

  it('is left as it came', () => {
    const { json, meta } = wired({ at: { when: [new Date(7)] } });
    const before = JSON.stringify(json);
    revived(json, meta);

    expect(JSON.stringify(json)).toBe(before);
  });

  it('may be of an older superjson, which did not escape backslashes', () => {
    const json = { 'a\\b': '1970-01-01T00:00:00.007Z', 'c.d': '8' };
    const values = { 'a\\b': ['Date'], 'c\\.d': ['bigint'] };

    expect(revived(json, { values })).toEqual({ 'a\\b': new Date(7), 'c.d': 8n });
  });

  it.each([
    null,
    7,
    { values: { 'a.b.c': ['Date'] } },
    { values: ['bigint'] },
    { values: { a: ['map'] } },
    { values: { __proto__: ['Date'], 'constructor.name': ['undefined'] } },
    { values: { a: ['toString'] } },
    { values: { a: [['typed-array', 'Uint8Array']] } },
  ])('is as it came where its notes make no sense: %o', (meta) => {
    expect(revived({ a: 1 }, meta)).toEqual({ a: 1 });
  });
});

const UNSAFE = ['__proto__', 'constructor', 'prototype'];
