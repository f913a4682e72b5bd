import { beforeEach, describe, expect, it } from 'vitest';
import { FakeClock } from '../../fakes/fakeClock.js';
import { fullRead, told } from '../../fakes/runs.js';
import { RealtimeError } from '../errors.js';
import { TokenSource } from '../token.js';
import type { Link, Transport } from '../transport/link.js';
import { Registry, type Wanted } from './registry.js';

/** Notes what is opened and closed. */
class NotedTransport implements Transport {
  readonly opened: Link[] = [];
  readonly closed: Link[] = [];

  open(link: Link): void {
    this.opened.push(link);
  }

  close(link: Link): void {
    this.closed.push(link);
  }
}

let clock: FakeClock;
let transport: NotedTransport;
let registry: Registry;

beforeEach(() => {
  clock = new FakeClock();
  transport = new NotedTransport();
  registry = new Registry(transport, clock);
});

function wanted(feed: string, reader = 'a'): Wanted {
  return { feed, reader, token: new TokenSource(reader) };
}

describe('a registry', () => {
  it('has those who want the same share one subscription', () => {
    const one = registry.acquire(wanted('/a'));
    const two = registry.acquire(wanted('/a'));
    const other = registry.acquire(wanted('/b'));

    expect(two.subscription).toBe(one.subscription);
    expect(other.subscription).not.toBe(one.subscription);
    expect(transport.opened).toHaveLength(2);
  });

  it('ends a subscription a moment after its last user, each of whom counts once', () => {
    const one = registry.acquire(wanted('/a'));
    const two = registry.acquire(wanted('/a'));

    one.release();
    one.release();
    clock.advance(1000);
    expect(transport.closed).toHaveLength(0);

    two.release();
    expect(transport.closed).toHaveLength(0);
    clock.advance(1000);
    expect(transport.closed).toHaveLength(1);
    expect(registry.peek(wanted('/a'))).toBeUndefined();
  });

  it('keeps a subscription whose user comes right back', () => {
    const one = registry.acquire(wanted('/a'));
    one.release();
    const two = registry.acquire(wanted('/a'));
    clock.advance(1000);

    expect(two.subscription).toBe(one.subscription);
    expect(transport.closed).toHaveLength(0);
  });

  it('has one with another token begin with what is held already, and its cursor', () => {
    const before = registry.acquire(wanted('/a', 'old')).subscription;
    before.take(fullRead(told('r', 1)), 'c1');
    before.take({ type: 'live' }, 'c2');

    const after = registry.acquire(wanted('/a', 'new')).subscription;

    expect(after).not.toBe(before);
    expect(after.after()).toBe('c2');
    expect(after.getSnapshot().runs.map(({ id }) => id)).toEqual(['r']);
    expect(after.getSnapshot().connection).toBe('stale');
  });

  it('shares nothing that was refused', () => {
    const refused = registry.acquire(wanted('/a'));
    refused.subscription.refuse(RealtimeError.of(401, { error: 'Expired.' }));

    const again = registry.acquire(wanted('/a'));
    refused.release();
    clock.advance(1000);

    expect(again.subscription).not.toBe(refused.subscription);
    expect(again.subscription.getSnapshot().connection).toBe('connecting');
    expect(registry.peek(wanted('/a'))).toBe(again.subscription);
  });
});

describe('a subscription to a run and its streams', () => {
  function asked(): (string | undefined)[] {
    return transport.opened.map(({ feed }) => feed);
  }

  it('asks for streams from the beginning where it is wanted with them', async () => {
    registry.acquire({ ...wanted('/r?a=b'), streams: 'log' });
    registry.acquire({ ...wanted('/r?a=b'), streams: 'log' });
    await Promise.resolve();

    expect(registry.acquire(wanted('/r?a=b')).subscription.feed).toBe('/r?a=b&streams=log');
    expect(transport.opened).toHaveLength(1);
  });

  it('begins anew with what is wanted besides, for all that come together at once', async () => {
    const { subscription } = registry.acquire(wanted('/r'));
    subscription.take(fullRead(told('r', 1)), 'c1');
    registry.acquire({ ...wanted('/r'), streams: 'log' });
    registry.acquire({ ...wanted('/r'), streams: 'a,b&c' });
    await Promise.resolve();

    expect(subscription.feed).toBe('/r?streams=a%2Cb%26c,log');
    expect(subscription.after()).toBeUndefined();
    expect(transport.closed).toEqual([subscription]);
    expect(transport.opened).toEqual([subscription, subscription]);

    registry.acquire({ ...wanted('/r'), streams: '*' });
    await Promise.resolve();
    expect(subscription.feed).toBe('/r?streams=*');
  });

  it('asks for no more than is wanted, a moment after somebody left', async () => {
    const { subscription } = registry.acquire(wanted('/r'));
    const { release } = registry.acquire({ ...wanted('/r'), streams: '*' });
    await Promise.resolve();
    release();
    registry.acquire({ ...wanted('/r'), streams: '*' }).release();
    expect(subscription.feed).toBe('/r?streams=*');
    clock.advance(1000);

    expect(subscription.feed).toBe('/r');
    expect(transport.opened).toHaveLength(3);
  });

  it('goes on without streams where they are refused, and says so', async () => {
    const { subscription } = registry.acquire({ ...wanted('/r'), streams: '*' });
    const seen: boolean[] = [];
    subscription.subscribe(() => seen.push(subscription.tellsStreams));
    subscription.refuse(RealtimeError.of(400, { error: 'Unknown.', param: 'streams' }));
    registry.acquire({ ...wanted('/r'), streams: 'log' });
    await Promise.resolve();

    expect(seen).toEqual([false]);
    expect(subscription.feed).toBe('/r');
    expect(subscription.getSnapshot().error).toBeUndefined();
    expect(asked()).toHaveLength(2);
  });

  it('hands a cursor on only to one that asks for the same', () => {
    const before = registry.acquire({ ...wanted('/r', 'old'), streams: '*' }).subscription;
    before.take(fullRead(told('r', 1)), 'c1');

    const after = registry.acquire(wanted('/r', 'new')).subscription;

    expect(after.getSnapshot().runs).toHaveLength(1);
    expect(after.after()).toBeUndefined();
  });
});

describe('a subscription', () => {
  it('tells once of all that comes within a frame of the screen', () => {
    const { subscription } = registry.acquire(wanted('/a'));
    let count = 0;
    subscription.subscribe(() => {
      count++;
    });

    subscription.take(fullRead(told('a', 1)), 'c1');
    subscription.take(fullRead(told('a', 1), told('b', 1)), 'c2');
    subscription.take({ type: 'live' }, 'c3');
    expect(count).toBe(0);
    clock.advance(16);

    expect(count).toBe(1);
    expect(subscription.getSnapshot().runs).toHaveLength(2);
    expect(subscription.after()).toBe('c3');
  });

  it('tells what waits before it ends', () => {
    const { subscription } = registry.acquire(wanted('/a'));
    const seen: number[] = [];
    subscription.subscribe(() => seen.push(subscription.getSnapshot().runs.length));

    subscription.take(fullRead(told('a', 1)), 'c1');
    subscription.close();

    expect(seen).toEqual([1]);
    expect(clock.waiting).toBe(0);
  });

  it('lets go of its link when the feed is over', () => {
    const { subscription } = registry.acquire(wanted('/a'));

    subscription.take({ type: 'end', reason: 'max-age', retryable: true }, 'c1');
    expect(transport.closed).toHaveLength(0);
    subscription.take({ type: 'end', reason: 'run-finished', retryable: false }, 'c2');

    expect(transport.closed).toEqual([subscription]);
    expect(subscription.getSnapshot().connection).toBe('ended');
  });

  it('reads everything anew, once, when what it holds turns out to be wrong', () => {
    const { subscription } = registry.acquire(wanted('/a'));
    const wrong = { type: 'digest', digest: '0000000000000000', members: 0 } as const;
    subscription.take(fullRead(told('a', 1)), 'c1');
    subscription.take(wrong, 'c2');
    clock.advance(16);

    expect(transport.closed).toEqual([subscription]);
    expect(transport.opened).toEqual([subscription, subscription]);
    expect(subscription.after()).toBeUndefined();

    subscription.take(fullRead(), 'c3');
    subscription.take(wrong, 'c4');
    clock.advance(16);
    expect(subscription.getSnapshot().isWrong).toBe(false);

    subscription.take({ ...wrong, members: 7 }, 'c5');
    clock.advance(16);
    expect(transport.opened).toHaveLength(2);
  });

  it('tells nobody who has left', () => {
    const { subscription } = registry.acquire(wanted('/a'));
    let count = 0;
    const leave = subscription.subscribe(() => {
      count++;
    });
    leave();
    subscription.close();

    expect(count).toBe(0);
  });
});
