import { afterEach, beforeEach, expect, it } from 'vitest';
import { WebSocket as NodeSocket } from 'ws';
import { FakeClock } from '../../fakes/fakeClock.js';
import { FakeLink } from '../../fakes/fakeLink.js';
import { dataOf, fullRead, told } from '../../fakes/runs.js';
import { type Peer, TestService } from '../../fakes/testService.js';
import { TokenSource } from '../token.js';
import { SocketTransport } from './socketTransport.js';

let service: TestService;
let clock: FakeClock;
let barred: number;
let transport: SocketTransport;
let links: FakeLink[];

beforeEach(async () => {
  service = await TestService.start();
  clock = new FakeClock();
  barred = 0;
  links = [];
  transport = over(() => new NodeSocket(service.url.replace('http', 'ws')) as unknown as WebSocket);
});

afterEach(async () => {
  for (const link of links) {
    transport.close(link);
  }
  await service.stop();
});

function over(connect: () => WebSocket): SocketTransport {
  return new SocketTransport({ clock, random: () => 0, connect }, () => {
    barred++;
  });
}

function open(feed: string, token = new TokenSource('secret')): FakeLink {
  const link = new FakeLink(feed, token);
  links.push(link);
  transport.open(link);
  return link;
}

/** The connection number so and so, once it has as many commands. */
async function peer(number: number, commands: number): Promise<Peer> {
  await service.until(() => (service.peers[number]?.commands.length ?? 0) >= commands);
  return service.peers[number] as Peer;
}

it('carries all feeds on one socket, each told only what is its own', async () => {
  const first = open('/a');
  const second = open('/b');
  const it = await peer(0, 2);

  it.tell('2', 'snapshot', dataOf(fullRead(told('r', 1))), 'c2');
  it.tell('1', 'live', {}, 'c1');
  await service.until(() => first.frames.length === 1 && second.frames.length === 1);

  expect(it.commands).toEqual([
    { type: 'subscribe', subscription: '1', feed: '/a', token: 'secret' },
    { type: 'subscribe', subscription: '2', feed: '/b', token: 'secret' },
  ]);
  expect(first.frames).toEqual([{ type: 'live' }]);
  expect(second.frames).toEqual([fullRead(told('r', 1))]);
  expect(service.peers).toHaveLength(1);
});

it('goes on from each cursor on another socket when one breaks', async () => {
  const first = open('/a');
  const second = open('/b');
  const before = await peer(0, 2);
  before.tell('1', 'live', {}, 'c1');
  before.tell('2', 'live', {}, 'c2');
  await service.until(() => second.frames.length === 1);

  before.cut();
  await service.until(() => first.downs === 1 && second.downs === 1);
  clock.advance(1000);
  const after = await peer(1, 2);

  expect(after.commands.map(({ feed, after: cursor }) => [feed, cursor])).toEqual([
    ['/a', 'c1'],
    ['/b', 'c2'],
  ]);
});

it('lets go of one feed and of the socket with the last', async () => {
  const first = open('/a');
  const second = open('/b');
  const it = await peer(0, 2);

  transport.close(first);
  await service.until(() => it.commands.length === 3);
  expect(it.commands[2]).toEqual({ type: 'unsubscribe', subscription: '1' });
  expect(it.isOpen).toBe(true);

  transport.close(second);
  await service.until(() => !it.isOpen);
  expect(clock.waiting).toBe(0);
});

it('keeps the socket for its only feed when that begins anew', async () => {
  const link = open('/a');
  const it = await peer(0, 1);

  transport.close(link);
  transport.open(link);
  await peer(0, 3);

  expect(it.commands.map(({ type, subscription }) => [type, subscription])).toEqual([
    ['subscribe', '1'],
    ['unsubscribe', '1'],
    ['subscribe', '2'],
  ]);
  expect(service.peers).toHaveLength(1);
});

it('takes a refusal to be final, and leaves the others alone', async () => {
  const refused = open('/a');
  const fine = open('/b');
  const it = await peer(0, 2);

  it.tell('1', 'error', { error: 'Not yours.', code: 'forbidden', status: 403, retryable: false });
  it.tell('2', 'live', {}, 'c');
  await service.until(() => refused.refused !== undefined && fine.frames.length === 1);

  expect(refused.refused).toMatchObject({ message: 'Not yours.', code: 'forbidden', status: 403 });
  expect(fine.refused).toBeUndefined();
});

it.each([429, 503])('comes back after a refusal with %i', async (status) => {
  const link = open('/a');
  const it = await peer(0, 1);

  it.tell('1', 'error', { error: 'Later.', status, retryable: true });
  await service.until(() => link.downs === 1);
  clock.advance(1000);
  await peer(0, 2);

  expect(it.commands[1]).toMatchObject({ type: 'subscribe', subscription: '2', feed: '/a' });
  expect(link.refused).toBeUndefined();
});

it('subscribes anew when a feed ends for now, from its cursor', async () => {
  const link = open('/a');
  const it = await peer(0, 1);
  it.tell('1', 'live', {}, 'c1');
  it.tell('1', 'end', { reason: 'slow-consumer', retryable: true }, 'c2');
  await service.until(() => link.frames.length === 2);

  clock.advance(1000);
  await peer(0, 2);

  expect(it.commands[1]).toMatchObject({ type: 'subscribe', subscription: '2', after: 'c2' });
});

it('keeps its cursor over an event that has none', async () => {
  const link = open('/a');
  const it = await peer(0, 1);
  it.tell('1', 'live', {}, 'c1');
  it.tell('1', 'token-expiring', { expiresAt: '2026-01-02T03:05:00Z' });
  await service.until(() => link.frames.length === 2);

  expect(link.cursor).toBe('c1');
});

it('asks for a token again before it ends and renews it in band', async () => {
  let count = 0;
  const link = open('/a', new TokenSource(() => `t${++count}`));
  const it = await peer(0, 1);

  it.tell('1', 'token-expiring', { expiresAt: '2026-01-02T03:05:00Z' }, 'c1');
  await peer(0, 2);

  expect(it.commands.map(({ type, token }) => [type, token])).toEqual([
    ['subscribe', 't1'],
    ['renew', 't2'],
  ]);
  expect(service.peers).toHaveLength(1);
  expect(link.downs).toBe(0);
});

it('asks for another token when one is refused, and a second later for one more', async () => {
  let count = 0;
  const link = open('/a', new TokenSource(() => `t${++count}`));
  const it = await peer(0, 1);
  const refusal = { error: 'Expired.', status: 401, retryable: false };

  it.tell('1', 'error', refusal);
  await peer(0, 2);
  expect(it.commands[1]?.token).toBe('t2');

  const waiting = clock.waiting;
  it.tell('2', 'error', refusal);
  await service.until(() => clock.waiting > waiting);
  clock.advance(1_100);
  await peer(0, 3);
  expect(it.commands[2]?.token).toBe('t3');

  it.tell('3', 'error', refusal);
  await service.until(() => link.refused !== undefined);
  expect(link.refused?.status).toBe(401);
});

it('goes on with another token when its own is taken back, if it can get one', async () => {
  let count = 0;
  const page = open('/a', new TokenSource(() => `t${++count}`));
  const it = await peer(0, 1);
  it.tell('1', 'live', {}, 'c1');
  it.tell('1', 'end', { reason: 'revoked', retryable: false });
  await service.until(() => page.frames.length === 2);
  clock.advance(1000);
  await peer(0, 2);

  expect(it.commands[1]).toMatchObject({ type: 'subscribe', token: 't2', after: 'c1' });
  expect(page.frames[1]).toMatchObject({ type: 'end', retryable: true });
});

it('ends when the only token that there is is taken back', async () => {
  const page = open('/a', new TokenSource('t'));
  const it = await peer(0, 1);
  it.tell('1', 'end', { reason: 'revoked', retryable: false });
  await service.until(() => page.frames.length === 1);

  expect(page.frames[0]).toMatchObject({ type: 'end', retryable: false });
});

it('goes on under the old token when a renewal is refused', async () => {
  const link = open('/a', new TokenSource(() => 't'));
  const it = await peer(0, 1);
  it.tell('1', 'token-expiring', { expiresAt: '2026-01-02T03:05:00Z' }, 'c1');
  await peer(0, 2);

  it.tell('1', 'error', { error: 'Not yours.', status: 403, retryable: false });
  it.tell('1', 'live', {}, 'c2');
  await service.until(() => link.frames.length === 2);

  expect(link.refused).toBeUndefined();
});

it('tells why no token is got, and goes on asking for one', async () => {
  let offline = true;
  const link = open(
    '/a',
    new TokenSource(() => (offline ? Promise.reject(new Error('offline')) : 't')),
  );
  await service.until(() => link.downs === 1);
  expect(link.trouble?.message).toContain('offline');

  offline = false;
  clock.advance(1000);
  const it = await peer(0, 1);
  expect(it.commands[0]?.token).toBe('t');
});

it('finds out that nobody is there any more, though nothing says so', async () => {
  const link = open('/a');
  const it = await peer(0, 1);
  it.tell('1', 'live', {}, 'c1');
  await service.until(() => link.frames.length === 1);
  it.goDeaf();

  clock.advance(30_000);
  expect(link.downs).toBe(0);
  clock.advance(15_000);
  expect(link.downs).toBe(1);
  clock.advance(1000);

  expect((await peer(1, 1)).commands[0]?.after).toBe('c1');
});

it('passes over what it can not read, but not in a feed', async () => {
  const link = open('/a');
  const it = await peer(0, 1);

  it.say('no json');
  it.say('7');
  it.tell('unknown', 'live', {});
  it.tell('1', 'weather', {}, 'c');
  it.tell('1', 'live', {}, 'c');
  await service.until(() => link.frames.length === 1);
  it.tell('1', 'run', { version: 'three' }, 'c');
  await service.until(() => link.refused !== undefined);

  expect(link.refused?.code).toBe('protocol');
});

it('says that the way may be barred when sockets are refused again and again', async () => {
  service.takesSockets = false;
  const link = open('/a');
  await service.until(() => link.downs === 1);
  expect(barred).toBe(0);
  clock.advance(1000);
  await service.until(() => link.downs === 2);

  expect(barred).toBe(1);
});

it('says so, too, where a page may open none at all', () => {
  transport = over(() => {
    throw new Error('forbidden by policy');
  });
  const link = open('/a');
  clock.advance(60_000);

  expect(link.downs).toBeGreaterThan(1);
  expect(barred).toBeGreaterThan(0);
});
