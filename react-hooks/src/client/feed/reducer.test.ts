import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { change, fullRead, told } from '../../fakes/runs.js';
import { RealtimeError } from '../errors.js';
import type { Frame } from '../protocol.js';
import { type ConnectionState, type FeedEvent, type FeedState, NOTHING } from './feedState.js';
import { reduce } from './reducer.js';

const AT = Date.parse('2026-01-02T03:04:05Z');
const REFUSED = new RealtimeError('no', { code: 'forbidden', status: 403, retryable: false });

function after(...frames: readonly Frame[]): FeedState {
  return take(NOTHING, ...frames);
}

function take(state: FeedState, ...frames: readonly Frame[]): FeedState {
  return reduce(
    state,
    frames.map((frame) => ({ type: 'frame', frame, at: AT })),
  );
}

function part(
  what: { full?: boolean; start?: boolean; complete?: boolean },
  ...runs: ReturnType<typeof told>[]
): Frame {
  const { full = true, start = false, complete = false } = what;
  return { type: 'snapshot', full, start, complete, runs, left: [] };
}

function versions(state: FeedState): Record<string, number> {
  return Object.fromEntries([...state.rows].map(([id, { version }]) => [id, version]));
}

const STORED = 1_700_000_000_000;

function chunk(seq: number, ...data: unknown[]): Frame {
  return { type: 'chunk', run: 'a', stream: 's', seq, at: STORED + seq, data };
}

function chunks(state: FeedState): unknown[] {
  return (state.chunks.get('s') ?? []).map(({ id, chunk }) => [id, chunk]);
}

describe('the order', () => {
  const at = (second: number) => ({ createdAt: `2026-01-02T03:04:${10 + second}.000Z` });

  function ids({ runs }: FeedState): string {
    return runs.map(({ id }) => id).join('');
  }

  it('is that of creation, whatever comes when', () => {
    const state = after(fullRead(told('d', 1, at(3)), told('b', 1, at(1)), told('c', 1, at(1))));
    expect(ids(state)).toBe('bcd');

    const more = take(
      state,
      part({ full: false }, told('a', 1, at(0)), told('e', 1, at(2)), told('f', 1, at(9))),
      change('c', 2, { status: 'EXECUTING' }),
      { type: 'leave', id: 'b', version: 1 },
    );
    expect(ids(more)).toBe('acedf');
    expect(more.runs.map(({ status }) => status)[1]).toBe('EXECUTING');
  });

  it('is the same as of all of them sorted, after whatever has happened', () => {
    const step = fc.record({
      id: fc.constantFrom('a', 'b', 'c', 'd', 'e'),
      second: fc.nat(4),
      leaves: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.array(fc.array(step, { maxLength: 6 }), { maxLength: 6 }), (rounds) => {
        let state = NOTHING;
        let version = 0;
        for (const round of rounds) {
          const frames = round.map(
            ({ id, second, leaves }): Frame =>
              leaves
                ? { type: 'leave', id, version: null }
                : part({ full: false }, told(id, ++version, at(second))),
          );
          state = take(state, ...frames);
          const sorted = [...state.rows.values()]
            .map(({ view }) => view)
            .sort((a, b) => +a.createdAt - +b.createdAt || (a.id < b.id ? -1 : 1));
          expect(state.runs).toEqual(sorted);
        }
      }),
    );
  });

  it('says which rows fall out where only so many are held', () => {
    const frames: Frame[] = [
      fullRead(told('a', 1, at(1)), told('b', 1, at(2)), told('c', 1, at(3))),
      part({ full: false }, told('d', 1, at(4))),
      change('a', 2, { status: 'EXECUTING' }),
      { type: 'leave', id: 'd', version: 1 },
      part({ full: false }, told('0', 1, at(0))),
    ];
    let state = NOTHING;
    const seen = frames.map((frame) => {
      state = reduce(state, [{ type: 'frame', frame, at: AT }], 2);
      return ids(state);
    });

    expect(seen).toEqual(['bc', 'cd', 'cd', 'c', '0c']);
    expect(state.rows.size).toBe(2);
  });
});

describe('the parts of a stream', () => {
  it('come by their numbers', () => {
    expect(chunks(after(chunk(0, 'a', 'b'), chunk(2, 'c')))).toEqual([
      ['0', 'a'],
      ['1', 'b'],
      ['2', 'c'],
    ]);
  });

  it('keep when they were stored, whenever they come', () => {
    const parts = after(chunk(0, 'a', 'b'), chunk(2, 'c')).chunks.get('s') ?? [];

    expect(parts.map(({ timestamp }) => timestamp - STORED)).toEqual([0, 0, 2]);
  });

  it('replace what is held where they are told again', () => {
    const state = after(chunk(0, 'a', 'b'), chunk(2, 'c'), chunk(1, 'B'), chunk(1, 'b', 'C', 'd'));

    expect(chunks(state)).toEqual([
      ['0', 'a'],
      ['1', 'b'],
      ['2', 'C'],
      ['3', 'd'],
    ]);
  });

  it('begin and go on later where some were removed', () => {
    expect(chunks(after(chunk(5, 'f'), chunk(9, 'j')))).toEqual([
      ['5', 'f'],
      ['9', 'j'],
    ]);
  });

  it('are those that a full read tells, once there is one', () => {
    const before = after(chunk(0, 'a', 'b', 'c'));
    const state = take(
      before,
      part({ start: true }),
      chunk(0, 'x'),
      part({ complete: true }, told('a', 1)),
    );

    expect(chunks(state)).toEqual([['0', 'x']]);
    expect(chunks(take(before, change('a', 2, {}), part({ full: false })))).toHaveLength(3);
  });
});

describe('the rows', () => {
  it('are those of a full read', () => {
    expect(versions(after(fullRead(told('a', 1), told('b', 2))))).toEqual({ a: 1, b: 2 });
  });

  it('take a change that is newer, and keep the columns that it does not tell', () => {
    const state = after(fullRead(told('a', 1)), change('a', 2, { status: 'EXECUTING' }));

    expect(state.runs[0]).toMatchObject({ status: 'EXECUTING', payload: { to: 'ada' } });
  });

  it('do not keep what an older value was made of', () => {
    const output = { output: '7', outputMeta: { values: ['bigint'] } };
    const before = after(fullRead(told('a', 1, output)));
    const same = take(before, change('a', 2, { status: 'EXECUTING' }));

    expect(same.runs[0]?.output).toBe(7n);
    expect(take(same, change('a', 3, { output: 'text' })).runs[0]?.output).toBe('text');
  });

  it('take null for null, not for unchanged', () => {
    const state = after(fullRead(told('a', 1)), change('a', 2, { payload: null }));

    expect(state.runs[0]).not.toHaveProperty('payload');
  });

  it('do not take a change that is as old as what they hold, or older', () => {
    const before = after(fullRead(told('a', 5)));

    expect(take(before, change('a', 5, { status: 'FAILED' })).rows).toBe(before.rows);
    expect(take(before, change('a', 4, { status: 'FAILED' })).rows).toBe(before.rows);
  });

  it('take a whole run of the same version, since it may tell more', () => {
    const state = after(
      fullRead(told('a', 5)),
      part({ full: false }, told('a', 5, { output: 'x' })),
    );

    expect(state.runs[0]?.output).toBe('x');
  });

  it('do not take a whole run that is older outside of a full read', () => {
    const state = after(fullRead(told('a', 5)), part({ full: false }, told('a', 4)));

    expect(versions(state)).toEqual({ a: 5 });
  });

  it('take nothing that is not whole for a run that they do not hold', () => {
    expect(after(fullRead(), change('a', 2, {})).rows.size).toBe(0);
  });

  it('take the first telling of a full read whatever its version: a backup may be restored', () => {
    const state = after(
      fullRead(told('a', 9)),
      part({ start: true }, told('a', 2)),
      part({ complete: true }, told('a', 1)),
    );

    expect(versions(state)).toEqual({ a: 2 });
  });

  it('lose at the end of a full read what it did not give, also when it began before a cut', () => {
    const cut = reduce(
      after(fullRead(told('a', 1), told('b', 1)), part({ start: true }, told('a', 1))),
      [{ type: 'down', error: undefined, at: AT }],
    );

    expect(versions(cut)).toEqual({ a: 1, b: 1 });
    expect(versions(take(cut, part({ complete: true }, told('c', 1))))).toEqual({ a: 1, c: 1 });
  });

  it('lose nothing by the end of a full read whose beginning was never told', () => {
    const state = after(
      part({ full: false }, told('a', 1)),
      part({ complete: true }, told('b', 1)),
    );

    expect(versions(state)).toEqual({ a: 1, b: 1 });
  });

  it('lose what leaves, unless what they hold is newer', () => {
    const held = after(fullRead(told('a', 5)));

    expect(take(held, { type: 'leave', id: 'a', version: 4 }).rows.size).toBe(1);
    expect(take(held, { type: 'leave', id: 'a', version: 5 }).rows.size).toBe(0);
    expect(take(held, { type: 'leave', id: 'a', version: null }).rows.size).toBe(0);
    expect(take(held, { type: 'leave', id: 'never-held', version: 5 }).rows).toBe(held.rows);
  });

  it('are shown oldest first, and as the same list until they change', () => {
    const state = after(
      fullRead(
        told('b', 1, { createdAt: '2026-01-02T00:00:00.000Z' }),
        told('a', 1, { createdAt: '2026-01-03T00:00:00.000Z' }),
        told('c', 1, { createdAt: '2026-01-02T00:00:00.000Z' }),
      ),
    );

    expect(state.runs.map(({ id }) => id)).toEqual(['b', 'c', 'a']);
    expect(take(state, { type: 'live' }).runs).toBe(state.runs);
  });

  it('are news once, as they are in the end', () => {
    const read = fullRead(told('a', 1), told('b', 1));
    const state = after(read, change('a', 2, { status: 'EXECUTING' }));

    expect(state.news.map(({ id, status }) => [id, status])).toEqual([
      ['b', 'QUEUED'],
      ['a', 'EXECUTING'],
    ]);
    expect(take(state, part({ full: false }, told('b', 1))).news).toEqual([]);
  });

  it('are copied once for many changes, and what was shown before stays as it was', () => {
    const before = after(fullRead(told('a', 1)));
    const later = take(before, change('a', 2, {}), change('a', 3, {}));

    expect(versions(before)).toEqual({ a: 1 });
    expect(versions(later)).toEqual({ a: 3 });
  });
});

describe('the state of the connection', () => {
  const happen: Record<string, FeedEvent> = {
    snapshot: frame(fullRead()),
    run: frame(change('a', 1, {})),
    leave: frame({ type: 'leave', id: 'a', version: 1 }),
    counts: frame({ type: 'counts', members: 0, counts: {}, committedAt: undefined }),
    digest: frame({ type: 'digest', digest: '0000000000000000', members: 0 }),
    live: frame({ type: 'live' }),
    stale: frame({ type: 'stale', since: '2026-01-02T03:00:00Z' }),
    'token-expiring': frame({ type: 'token-expiring', expiresAt: '2026-01-02T03:00:00Z' }),
    end: frame({ type: 'end', reason: 'max-age', retryable: true }),
    'end for good': frame({ type: 'end', reason: 'run-finished', retryable: false }),
    down: { type: 'down', error: undefined, at: AT },
    refused: { type: 'refused', error: REFUSED, at: AT },
    stopped: { type: 'stopped', at: AT },
  };
  const table: [what: string, ...next: ConnectionState[]][] = [
    // from            connecting    live     stale    ended
    ['snapshot', 'connecting', 'live', 'stale', 'ended'],
    ['run', 'connecting', 'live', 'stale', 'ended'],
    ['leave', 'connecting', 'live', 'stale', 'ended'],
    ['counts', 'connecting', 'live', 'stale', 'ended'],
    ['digest', 'connecting', 'live', 'stale', 'ended'],
    ['live', 'live', 'live', 'live', 'ended'],
    ['stale', 'stale', 'stale', 'stale', 'ended'],
    ['token-expiring', 'connecting', 'live', 'stale', 'ended'],
    ['end', 'connecting', 'live', 'stale', 'ended'],
    ['end for good', 'ended', 'ended', 'ended', 'ended'],
    ['down', 'connecting', 'stale', 'stale', 'ended'],
    ['refused', 'ended', 'ended', 'ended', 'ended'],
    ['stopped', 'ended', 'ended', 'ended', 'ended'],
  ];

  it.each(table)('goes on from each by %s', (what, ...next) => {
    const event = happen[what];
    const from: ConnectionState[] = ['connecting', 'live', 'stale', 'ended'];

    expect(
      from.map((connection) => reduce({ ...NOTHING, connection }, event ? [event] : []).connection),
    ).toEqual(next);
  });

  it('takes nothing more once it has ended', () => {
    const ended = after(fullRead(told('a', 1)), { type: 'end', reason: 'x', retryable: false });

    expect(take(ended, change('a', 2, {})).rows).toBe(ended.rows);
  });

  function frame(told: Frame): FeedEvent {
    return { type: 'frame', frame: told, at: AT };
  }
});

describe('what is told beside the rows', () => {
  it('says when the rows were last known to be right', () => {
    const committed = '2026-01-02T03:04:06.000001Z';
    const run: Frame = { type: 'run', whole: true, committedAt: committed, ...told('a', 1) };

    expect(after(fullRead()).asOf).toBeUndefined();
    expect(after({ type: 'live' }).asOf).toEqual(new Date(AT));
    expect(after({ type: 'live' }, run).asOf).toEqual(new Date(committed));
    expect(after(run, { type: 'stale', since: '2026-01-02T03:00:00Z' }).asOf).toEqual(
      new Date('2026-01-02T03:00:00Z'),
    );
  });

  it('finds out whether the rows are what they should be', () => {
    const both = after(fullRead(told('run_1', 3), told('run_bare', 1)));
    const digest: Frame = { type: 'digest', digest: '4be3104ad8a89a9d', members: 2 };

    expect(take(both, digest).isWrong).toBe(false);
    expect(take(both, change('run_1', 4, {}), digest).isWrong).toBe(true);
    expect(take(both, told3('run_3'), digest).isWrong).toBe(true);
    expect(
      take(both, told3('run_3'), { type: 'leave', id: 'run_3', version: 9 }, digest).isWrong,
    ).toBe(false);
    expect(take(both, { type: 'leave', id: 'run_1', version: 3 }, digest).isWrong).toBe(true);
    expect(take(both, { ...digest, members: 3 }).isWrong).toBe(true);
  });

  function told3(id: string): Frame {
    return { type: 'run', whole: true, committedAt: undefined, ...told(id, 3) };
  }

  it('keeps a refusal, and forgets a trouble that is over', () => {
    const trouble = RealtimeError.token(new Error('offline'));
    const troubled = reduce(NOTHING, [{ type: 'down', error: trouble, at: AT }]);

    expect(reduce(NOTHING, [{ type: 'refused', error: REFUSED, at: AT }]).error).toBe(REFUSED);
    expect(troubled.error).toBe(trouble);
    expect(take(troubled, { type: 'live' }).error).toBeUndefined();
  });
});
