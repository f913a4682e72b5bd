import { afterEach, beforeEach, expect, it } from 'vitest';
import { FakeClock } from '../../fakes/fakeClock.js';
import { FakeLink } from '../../fakes/fakeLink.js';
import { FakeLocks } from '../../fakes/fakeLocks.js';
import { fullRead, told } from '../../fakes/runs.js';
import { RealtimeError } from '../errors.js';
import { TokenSource } from '../token.js';
import type { Link, Transport } from '../transport/link.js';
import { TabTransport } from './tabTransport.js';

/** What a tab that leads has in the place of a connection. */
class Connection implements Transport {
  readonly links = new Set<Link>();

  open(link: Link): void {
    this.links.add(link);
  }

  close(link: Link): void {
    this.links.delete(link);
  }

  of(feed: string): Link | undefined {
    return [...this.links].find((link) => link.feed === feed);
  }

  get feeds(): string[] {
    return [...this.links].map(({ feed }) => feed).sort();
  }
}

/** A tab of a browser, and the connections that it has made so far. */
class Tab {
  readonly connections: Connection[] = [];
  readonly transport: TabTransport;

  constructor(locks: Pick<LockManager, 'request'>, clock = new FakeClock()) {
    this.transport = new TabTransport({
      locks,
      clock,
      channel: (channel) => new BroadcastChannel(channel),
      name,
      own: () => {
        const connection = new Connection();
        this.connections.push(connection);
        return connection;
      },
    });
    tabs.push(this);
  }

  open(feed: string, token = new TokenSource(`token of ${feed}`)): FakeLink {
    const link = new FakeLink(feed, token);
    this.transport.open(link);
    return link;
  }

  get connection(): Connection {
    return this.connections.at(-1) as Connection;
  }
}

let locks: FakeLocks;
let tabs: Tab[];
let name: string;
let count = 0;

beforeEach(() => {
  locks = new FakeLocks();
  tabs = [];
  name = `tabs ${process.pid} ${++count}`;
});

afterEach(() => {
  for (const { transport } of tabs) {
    transport.leave();
  }
});

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) {
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
}

/** A tab that leads, and one that follows it. */
async function two(clock?: FakeClock): Promise<[leader: Tab, follower: Tab]> {
  const leader = new Tab(locks);
  await until(() => leader.connections.length === 1);
  return [leader, new Tab(locks, clock)];
}

it('has one connection for all tabs, with the token of each', async () => {
  const [leader, follower] = await two();
  leader.open('/a');
  const link = follower.open('/b');
  await until(() => leader.connection.feeds.length === 2);
  const remote = leader.connection.of('/b') as Link;
  expect(await remote.token.get()).toBe('token of /b');
  expect(remote.token.renews).toBe(false);

  remote.take(fullRead(told('r', 1)), 'c1');
  remote.take({ type: 'live' }, 'c2');
  await until(() => link.frames.length === 2);

  expect(link.frames).toEqual([fullRead(told('r', 1)), { type: 'live' }]);
  expect(link.cursor).toBe('c2');
  expect(remote.after()).toBe('c2');
  expect(follower.connections).toEqual([]);
});

it('serves what was opened before anybody led', async () => {
  const leader = new Tab(locks);
  const follower = new Tab(locks);
  leader.open('/a');
  follower.open('/b');
  await until(() => leader.connections[0]?.feeds.join() === '/a,/b');

  expect(follower.connections).toEqual([]);
});

it('lets go of what a tab closes, and of all that one had which is gone', async () => {
  const [leader, follower] = await two();
  const closed = follower.open('/a');
  follower.open('/b');
  leader.open('/c');
  await until(() => leader.connection.feeds.length === 3);
  follower.transport.close(closed);
  await until(() => leader.connection.feeds.join() === '/b,/c');
  follower.transport.leave();

  await until(() => leader.connection.feeds.join() === '/c');
});

it('goes on from each cursor by the next tab when the one that leads is gone', async () => {
  const [leader, follower] = await two();
  const third = new Tab(locks);
  const link = follower.open('/a');
  const other = third.open('/b');
  await until(() => leader.connection.feeds.length === 2);
  leader.connection.of('/a')?.take({ type: 'live' }, 'c1');
  leader.connection.of('/b')?.take({ type: 'live' }, 'c2');
  await until(() => link.cursor === 'c1' && other.cursor === 'c2');
  leader.transport.leave();
  await until(() => follower.connections[0]?.feeds.join() === '/a,/b');

  expect(follower.connection.of('/a')).toBe(link);
  expect(follower.connection.of('/b')?.after()).toBe('c2');
  expect([link.downs, other.downs]).toEqual([1, 1]);
  follower.connection.of('/b')?.take({ type: 'live' }, 'c3');
  await until(() => other.cursor === 'c3');
  expect(third.connections).toEqual([]);
});

it('asks the tab for a token again when a fresh one is needed', async () => {
  const [leader, follower] = await two();
  let asked = 0;
  follower.open('/a', new TokenSource(() => `t${++asked}`));
  await until(() => leader.connection.feeds.length === 1);
  const { token } = leader.connection.of('/a') as Link;

  expect(token.renews).toBe(true);
  expect(await token.get()).toBe('t1');
  expect(await token.get()).toBe('t1');
  expect(await token.get(true)).toBe('t2');
});

it('tells why a tab has no token, and of all that goes wrong', async () => {
  const [leader, follower] = await two();
  const link = follower.open('/a', new TokenSource(() => Promise.reject(new Error('offline'))));
  await until(() => leader.connection.feeds.length === 1);
  const remote = leader.connection.of('/a') as Link;
  await expect(remote.token.get()).rejects.toThrow('offline');

  remote.down(RealtimeError.token(new Error('offline')));
  await until(() => link.downs === 1);
  expect(link.trouble).toMatchObject({ code: 'token-unavailable', retryable: true });
  remote.refuse(RealtimeError.of(403, { error: 'Not yours.', code: 'forbidden', param: 'x' }));
  await until(() => link.refused !== undefined);

  expect(link.refused).toBeInstanceOf(RealtimeError);
  expect(link.refused).toMatchObject({ message: 'Not yours.', status: 403, param: 'x' });
});

it('opens a link anew that was refused or had ended', async () => {
  const [leader, follower] = await two();
  const link = follower.open('/a');
  await until(() => leader.connection.feeds.length === 1);
  leader.connection.of('/a')?.refuse(RealtimeError.of(400, { error: 'No.', param: 'streams' }));
  await until(() => link.refused !== undefined);
  leader.connection.links.clear();
  follower.transport.open(link);
  await until(() => leader.connection.feeds.length === 1);
  const remote = leader.connection.of('/a');
  remote?.take({ type: 'end', reason: 'run-finished', retryable: false }, 'c');
  await until(() => link.frames.length === 1);
  remote?.take({ type: 'live' }, 'd');
  follower.transport.open(link);
  await until(() => leader.connection.feeds.length === 2);

  expect(link.frames).toHaveLength(1);
});

it('deprives a tab that says nothing any more', async () => {
  const clock = new FakeClock();
  const [leader, follower] = await two(clock);
  const own = leader.open('/a');
  const link = follower.open('/b');
  await until(() => leader.connection.feeds.length === 2);
  leader.connection.of('/b')?.take({ type: 'live' }, 'c1');
  await until(() => link.cursor === 'c1');
  clock.advance(30_000);
  leader.connection.of('/b')?.take({ type: 'live' }, 'c2');
  await until(() => link.cursor === 'c2');
  clock.advance(29_000);
  expect(follower.connections).toEqual([]);

  clock.advance(60_000);
  await until(() => follower.connections[0]?.feeds.join() === '/a,/b');

  expect(leader.connection.feeds).toEqual([]);
  expect(own.downs).toBeGreaterThan(0);
  expect(follower.connection.of('/b')?.after()).toBe('c2');
});

it('goes alone where there can be no locks', async () => {
  const request = () => Promise.reject(new DOMException('no', 'SecurityError'));
  const tab = new Tab({ request: request as LockManager['request'] });
  const link = tab.open('/a');
  await until(() => tab.connections.length === 1);

  expect(tab.connection.of('/a')).toBe(link);
});
