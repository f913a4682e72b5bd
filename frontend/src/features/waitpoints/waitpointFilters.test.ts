import { describe, expect, it } from 'vitest';
import { isNarrowed, nextTimeout, queryOf } from './waitpointFilters.ts';

describe('the tokens that an address asks for', () => {
  it('are all of them when it says nothing, or nothing that makes sense', () => {
    const all = { status: undefined, tags: [], after: undefined, before: undefined };
    expect(queryOf({})).toEqual(all);
    expect(queryOf({ status: 'SOON', tags: ',', after: '' })).toEqual(all);
    expect(isNarrowed(all)).toBe(false);
  });

  it('are narrowed by status and tags, and a page at a time', () => {
    const query = queryOf({ status: 'WAITING', tags: 'a,b', after: 'x', before: 'y' });
    expect(query).toEqual({ status: 'WAITING', tags: ['a', 'b'], after: 'x', before: undefined });
    expect(isNarrowed(query)).toBe(true);
  });
});

describe('the next timeout', () => {
  const at = (ms: number) => new Date(ms);

  it('is the first of those that still wait', () => {
    expect(
      nextTimeout([
        { status: 'WAITING', timeoutAt: at(50) },
        { status: 'WAITING', timeoutAt: at(40) },
        { status: 'COMPLETED', timeoutAt: at(10) },
        { status: 'WAITING', timeoutAt: undefined },
      ]),
    ).toBe(40);
  });

  it('is none where nothing waits for a time', () => {
    expect(nextTimeout([{ status: 'TIMED_OUT', timeoutAt: at(10) }])).toBeUndefined();
  });
});
