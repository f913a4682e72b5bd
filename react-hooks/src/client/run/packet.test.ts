import { describe, expect, it } from 'vitest';
import { encodePacket } from './packet.js';
import { revived } from './superJson.js';

function parsed(value: unknown): unknown {
  const { data, dataType } = encodePacket(value);
  return [dataType, data === undefined ? undefined : JSON.parse(data)];
}

describe('encodePacket', () => {
  it('says text and nothing as such', () => {
    expect(encodePacket('hello')).toEqual({ data: 'hello', dataType: 'text/plain' });
    expect(encodePacket(undefined)).toEqual({ data: undefined, dataType: 'application/json' });
  });

  it('says what is JSON as JSON', () => {
    expect(parsed({ a: [1, null, true, { b: 'x' }] })).toEqual([
      'application/json',
      { a: [1, null, true, { b: 'x' }] },
    ]);
    expect(parsed(null)).toEqual(['application/json', null]);
  });

  it('says what is not as superjson does', () => {
    const at = new Date('2026-01-02T03:04:05.678Z');

    expect(parsed({ at, list: [1n, undefined], 'a.b': Number.NaN })).toEqual([
      'application/super+json',
      {
        json: { at: '2026-01-02T03:04:05.678Z', list: ['1', null], 'a.b': 'NaN' },
        meta: {
          values: {
            at: ['Date'],
            'list.0': ['bigint'],
            'list.1': ['undefined'],
            'a\\.b': ['number'],
          },
          v: 1,
        },
      },
    ]);
    expect(parsed(at)).toEqual([
      'application/super+json',
      { json: '2026-01-02T03:04:05.678Z', meta: { values: ['Date'], v: 1 } },
    ]);
  });

  it('is read back as it was meant, whatever names there are', () => {
    const value = {
      'a.b': new Date(7),
      'c\\d': 1n,
      'e\\.f': { '\\': undefined },
      '': [new Date(8)],
    };
    const { json, meta } = JSON.parse(encodePacket(value).data ?? '');

    expect(revived(json, meta)).toEqual(value);
  });
});
