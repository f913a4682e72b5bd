import { beforeEach, describe, expect, it } from 'vitest';
import { FakeClock } from '../../fakes/fakeClock.js';
import { change, fullRead, told } from '../../fakes/runs.js';
import { RealtimeError } from '../errors.js';
import { TokenSource } from '../token.js';
import type { Link, Transport } from '../transport/link.js';
import { type FeedNews, Tap } from './tap.js';

let clock: FakeClock;
let open: Set<Link>;
let news: FeedNews[];
let tap: Tap;

const transport: Transport = {
  open: (link) => void open.add(link),
  close: (link) => void open.delete(link),
};

beforeEach(() => {
  clock = new FakeClock();
  open = new Set();
  news = [];
  const feed = { feed: '/realtime/v1/runs', token: new TokenSource('t') };
  tap = new Tap(feed, transport, clock, { after: 'c0', everyMs: 50 }, (more) => news.push(more));
});

const statuses = () => news.map(({ runs }) => runs.map(({ id, status }) => `${id} ${status}`));

describe('a tap', () => {
  it('goes on from the cursor that it was given, and then from its own', () => {
    expect(tap.after()).toBe('c0');

    tap.take({ type: 'live' }, 'c1');

    expect(tap.after()).toBe('c1');
  });

  it('tells what came within a while at once, of each run only the last', () => {
    tap.take({ type: 'live' }, 'c1');
    tap.take(change('a', 2, { status: 'EXECUTING' }), 'c2');
    tap.take(change('b', 2, { status: 'EXECUTING' }), 'c3');
    tap.take(change('a', 3, { status: 'COMPLETED' }), 'c4');
    expect(news).toHaveLength(0);

    clock.advance(50);

    expect(statuses()).toEqual([['a COMPLETED', 'b EXECUTING']]);
    expect(news[0]).toMatchObject({ connection: 'live', left: [] });
  });

  it('tells nothing twice', () => {
    tap.take(fullRead(told('a', 1), told('b', 1)), 'c1');
    clock.advance(50);
    tap.take(change('b', 2, { status: 'FAILED' }), 'c2');
    clock.advance(50);

    expect(statuses()).toEqual([['a QUEUED', 'b QUEUED'], ['b FAILED']]);
  });

  it('takes no older version for news', () => {
    tap.take(change('a', 3, { status: 'COMPLETED' }), 'c1');
    tap.take(fullRead(told('a', 2, { status: 'EXECUTING' })), 'c2');
    tap.take({ type: 'leave', id: 'a', version: 2 }, 'c3');
    clock.advance(50);

    expect(statuses()).toEqual([['a COMPLETED']]);
    expect(news[0]?.left).toEqual([]);
  });

  it('says which runs have left', () => {
    tap.take(change('a', 3, { status: 'COMPLETED' }), 'c1');
    tap.take({ type: 'leave', id: 'a', version: 4 }, 'c2');
    tap.take({ type: 'leave', id: 'b', version: null }, 'c3');
    clock.advance(50);

    expect(news[0]).toMatchObject({ runs: [], left: ['a', 'b'] });
  });

  it('says when nothing is heard, and when it is again', () => {
    tap.take({ type: 'live' }, 'c1');
    clock.advance(50);
    tap.down();
    clock.advance(50);
    tap.take({ type: 'live' }, 'c2');
    clock.advance(50);

    expect(news.map(({ connection }) => connection)).toEqual(['live', 'stale', 'live']);
  });

  it('is over when it is refused', () => {
    const error = new RealtimeError('no', { code: 'forbidden', retryable: false });
    tap.refuse(error);
    clock.advance(50);

    expect(news[0]).toMatchObject({ connection: 'ended', error });
    expect(open.size).toBe(0);
  });

  it('tells nothing more once it is closed', () => {
    tap.take(change('a', 3, {}), 'c1');
    tap.close();
    tap.take(change('a', 4, {}), 'c2');
    clock.advance(500);

    expect(news).toHaveLength(0);
    expect(open.size).toBe(0);
  });
});
