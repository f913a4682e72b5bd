import { expect, it } from 'vitest';
import { parseSearch, stringifySearch } from './urlState.ts';

it('reads back what it wrote', () => {
  const state = { status: 'FAILED,CRASHED', tags: 'user:1', q: 'a b&c=d', empty: '' };

  const search = stringifySearch(state);

  expect(search).toBe('?status=FAILED,CRASHED&tags=user:1&q=a+b%26c%3Dd');
  expect(parseSearch(search)).toEqual({
    status: 'FAILED,CRASHED',
    tags: 'user:1',
    q: 'a b&c=d',
  });
});

it('joins a name that comes twice', () => {
  expect(parseSearch('?tags=a&tags=b')).toEqual({ tags: 'a,b' });
});

it('writes nothing for nothing', () => {
  expect(stringifySearch({})).toBe('');
});
