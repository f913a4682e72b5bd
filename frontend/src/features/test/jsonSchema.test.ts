import { describe, expect, it } from 'vitest';
import { exampleOf } from './jsonExample.ts';
import { faultsOf } from './jsonSchema.ts';

const MAIL = {
  type: 'object',
  required: ['to', 'kind'],
  additionalProperties: false,
  properties: {
    to: { type: 'array', minItems: 1, items: { $ref: '#/$defs/address' } },
    kind: { enum: ['welcome', 'receipt'] },
    copies: { type: 'integer', minimum: 1, maximum: 3 },
    note: { type: ['string', 'null'], maxLength: 5 },
  },
  $defs: { address: { type: 'string', format: 'email' } },
};

function told(value: unknown, schema: unknown): readonly string[] {
  return faultsOf(value, schema).map(({ at, message }) => `${at} ${message}`.trim());
}

describe('what a schema finds fault with', () => {
  it('is nothing where all is as it asks', () => {
    const mail = { to: ['ada@example.com'], kind: 'receipt', copies: 2, note: null };
    expect(told(mail, MAIL)).toEqual([]);
  });

  it('is told with its place', () => {
    expect(told({ to: ['ada', 7], copies: 1.5, other: 1, note: 'too long' }, MAIL)).toEqual([
      'kind is missing',
      'to[0] must be an email',
      'to[1] must be a string',
      'copies must be an integer',
      'other is not known',
      'note must have 5 letters at most',
    ]);
    expect(told([], MAIL)).toEqual(['must be an object']);
    expect(told({ to: [], kind: 'farewell', copies: 4 }, MAIL)).toEqual([
      'to must have 1 item or more',
      'kind must be one of "welcome", "receipt"',
      'copies must be 3 at most',
    ]);
  });

  it('is that of the nearest of several ways', () => {
    const either = {
      anyOf: [
        { type: 'object', required: ['id', 'name', 'age'] },
        { type: 'object', required: ['id'] },
      ],
    };
    expect(told({ id: 1 }, either)).toEqual([]);
    expect(told({}, either)).toEqual(['id is missing']);
    expect(told(7, { allOf: [{ minimum: 8 }, { multipleOf: 2 }] })).toEqual([
      'must be 8 or more',
      'must be a multiple of 2',
    ]);
  });

  it('is nothing that it does not understand, and ends where a schema speaks of itself', () => {
    expect(told(1, { contains: 7, $ref: 'https://elsewhere.example' })).toEqual([]);
    expect(told('x', { pattern: '(' })).toEqual([]);
    expect(told(1, 'no schema')).toEqual([]);
    const itself = { $ref: '#' };
    expect(told(1, itself)).toEqual([]);
    const tree = { type: 'object', properties: { left: { $ref: '#' } } };
    expect(told({ left: { left: 7 } }, tree)).toEqual(['left.left must be an object']);
    expect(told(1, false)).toEqual(['must not be there']);
  });
});

describe('an example', () => {
  it('is one that the schema takes', () => {
    const example = exampleOf(MAIL);
    expect(example).toEqual({ to: ['ada@example.com'], kind: 'welcome', copies: 1, note: '' });
    expect(told(example, MAIL)).toEqual([]);
  });

  it('is the one that the schema gives, where it does', () => {
    expect(exampleOf({ type: 'string', examples: ['Ada', 'Grace'] })).toBe('Ada');
    expect(exampleOf({ properties: { n: { default: 7 } } })).toEqual({ n: 7 });
    expect(exampleOf({ anyOf: [{ type: 'boolean' }, { type: 'null' }] })).toBe(false);
    expect(
      exampleOf({
        allOf: [{ properties: { a: { const: 1 } } }, { properties: { b: { const: 2 } } }],
      }),
    ).toEqual({ a: 1, b: 2 });
  });

  it('ends where a schema speaks of itself', () => {
    const tree = { type: 'object', properties: { left: { $ref: '#' } } };
    expect(JSON.stringify(exampleOf(tree)).length).toBeLessThan(1_000);
    expect(exampleOf(undefined)).toBeNull();
  });
});
