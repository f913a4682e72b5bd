import { expect, it } from 'vitest';
import { tokensOf } from './jsonTokens.ts';

it('tells names, texts, numbers and words apart and loses nothing', () => {
  const json = JSON.stringify({ 'a"b': 'x: 1', n: -1.5e3, t: [true, null, 'false'] }, null, 2);

  const tokens = tokensOf(json);

  expect(tokens.map(({ text }) => text).join('')).toBe(json);
  const of = (kind: string) =>
    tokens.filter((token) => token.kind === kind).map(({ text }) => text);
  expect(of('name')).toEqual(['"a\\"b":', '"n":', '"t":']);
  expect(of('text')).toEqual(['"x: 1"', '"false"']);
  expect(of('number')).toEqual(['-1500']);
  expect(of('word')).toEqual(['true', 'null']);
});

it('takes a bare value', () => {
  expect(tokensOf('"a"')).toEqual([{ at: 0, text: '"a"', kind: 'text' }]);
  expect(tokensOf('{}')).toEqual([{ at: 0, text: '{}', kind: undefined }]);
});
