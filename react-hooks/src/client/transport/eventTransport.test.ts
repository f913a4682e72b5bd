import type { IncomingMessage, ServerResponse } from 'node:http';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { FakeClock } from '../../fakes/fakeClock.js';
import { FakeLink } from '../../fakes/fakeLink.js';
import { dataOf, fullRead, told } from '../../fakes/runs.js';
import { event, events, json, TestService } from '../../fakes/testService.js';
import { TokenSource } from '../token.js';
import { eventTransport } from './eventTransport.js';
import type { Rounds } from './rounds.js';

let service: TestService;
let clock: FakeClock;
let barred: number;
let transport: Rounds;
let links: FakeLink[];

beforeEach(async () => {
  service = await TestService.start();
  clock = new FakeClock();
  barred = 0;
  links = [];
  const world = { clock, random: () => 0, base: service.url, fetch };
  transport = eventTransport(world, () => {
    barred++;
  });
});

afterEach(async () => {
  for (const link of links) {
    transport.close(link);
  }
  await service.stop();
});

function open(token = new TokenSource('secret')): FakeLink {
  const link = new FakeLink('/realtime/v1/runs', token);
  links.push(link);
  transport.open(link);
  return link;
}

/** Answers each request by the next of these, the last one again and again. */
function answers(...each: ((response: ServerResponse, request: IncomingMessage) => void)[]): void {
  let count = 0;
  service.answer = (request, response) =>
    each[Math.min(count++, each.length - 1)]?.(response, request);
}

function opened(response: ServerResponse): void {
  events(response);
  event(response, 'snapshot', dataOf(fullRead(told('r', 1))), 'c1');
  event(response, 'live', {}, 'c2');
}

it('asks for events with the token and tells what comes', async () => {
  answers(opened);
  const link = open();
  await service.until(() => link.frames.length === 2);

  expect(link.frames).toEqual([fullRead(told('r', 1)), { type: 'live' }]);
  expect(link.cursor).toBe('c2');
  expect(service.requests[0]?.headers).toMatchObject({
    accept: 'text/event-stream',
    authorization: 'Bearer secret',
  });
});

it('goes on from the last event that was told when the connection breaks', async () => {
  answers(
    (response) => {
      opened(response);
      // Half an event is none.
      response.write('id: c3\nevent: live\nda');
      setTimeout(() => response.destroy(), 5);
    },
    (response) => events(response),
  );
  const link = open();
  await service.until(() => link.downs === 1);
  clock.advance(1000);
  await service.until(() => service.requests.length === 2);

  expect(service.requests[1]?.headers['last-event-id']).toBe('c2');
});

it('comes back at once after an end that says so', async () => {
  answers(
    (response) => {
      events(response);
      event(response, 'end', { reason: 'max-age', retryable: true }, 'c1');
      response.end();
    },
    (response) => opened(response),
  );
  const link = open();
  await service.until(() => link.frames.length === 3);

  expect(link.downs).toBe(0);
  expect(service.requests[1]?.headers['last-event-id']).toBe('c1');
});

it.each([400, 401, 403, 404])('takes %i for a no', async (status) => {
  answers((response) => json(response, status, { error: 'Because.', code: 'why' }));
  const link = open();
  await service.until(() => link.refused !== undefined);

  expect(link.refused).toMatchObject({ message: 'Because.', code: 'why', status });
  expect(transport.size).toBe(0);
  expect(barred).toBe(0);
});

it.each([429, 500, 503])('comes back after %i, again and again', async (status) => {
  answers((response) => json(response, status, { error: 'Later.' }));
  const link = open();
  for (let count = 1; count <= 3; count++) {
    await service.until(() => link.downs === count);
    clock.advance(60_000);
  }

  expect(link.refused).toBeUndefined();
  expect(barred).toBe(0);
});

it('gets another token before one ends, and comes back with it', async () => {
  let count = 0;
  answers((response) => {
    events(response);
    event(response, 'token-expiring', { expiresAt: '2026-01-02T03:05:00Z' }, 'c1');
  }, opened);
  open(new TokenSource(() => `t${++count}`));
  await service.until(() => service.requests.length === 2);

  expect(service.requests.map(({ headers }) => headers.authorization)).toEqual([
    'Bearer t1',
    'Bearer t2',
  ]);
  expect(service.requests[1]?.headers['last-event-id']).toBe('c1');
});

it('stays with the only token there is until it ends', async () => {
  answers((response) => {
    events(response);
    event(response, 'token-expiring', { expiresAt: '2026-01-02T03:05:00Z' }, 'c1');
    event(response, 'live', {}, 'c2');
  });
  const link = open();
  await service.until(() => link.frames.length === 2);

  expect(service.requests).toHaveLength(1);
});

it('asks for another token when one is refused', async () => {
  let count = 0;
  answers((response) => json(response, 401, { error: 'Expired.' }), opened);
  const link = open(new TokenSource(() => `t${++count}`));
  await service.until(() => link.frames.length === 2);

  expect(service.requests[1]?.headers.authorization).toBe('Bearer t2');
});

it('asks for one more a second later: the other was of the second in which all were taken back', async () => {
  let count = 0;
  const refuses = (response: ServerResponse) => json(response, 401, { error: 'Revoked.' });
  answers(refuses, refuses, opened);
  const link = open(new TokenSource(() => `t${++count}`));
  await service.until(() => service.requests.length === 2);
  // What looks for silence, and the pause.
  await service.until(() => clock.waiting === 2);
  clock.advance(1_100);
  await service.until(() => link.frames.length === 2);

  expect(service.requests[2]?.headers.authorization).toBe('Bearer t3');
});

it('takes silence for a broken connection', async () => {
  answers(opened);
  const link = open();
  await service.until(() => link.frames.length === 2);

  clock.advance(45_000);
  await service.until(() => link.downs === 1);
  clock.advance(1000);
  await service.until(() => service.requests.length === 2);
});

it('says that the way may be barred when nothing of what is sent arrives', async () => {
  answers(() => {});
  const link = open();
  for (let count = 1; count <= 2; count++) {
    await service.until(() => service.requests.length === count);
    clock.advance(10_000);
    await service.until(() => link.downs === count);
    clock.advance(1000);
  }

  expect(barred).toBe(1);
});

it('says so, too, when something else than events comes', async () => {
  answers((response) => json(response, 200, { from: 'a proxy' }));
  const link = open();
  await service.until(() => link.downs === 1);
  clock.advance(1000);
  await service.until(() => link.downs === 2);

  expect(barred).toBe(1);
});

it('ends with what it can not read', async () => {
  answers((response) => {
    events(response);
    response.write('event: run\ndata: {"version":\n\n');
  });
  const link = open();
  await service.until(() => link.refused !== undefined);

  expect(link.refused?.code).toBe('protocol');
});

it('hangs up when the feed is closed', async () => {
  let gone = false;
  answers((response) => {
    opened(response);
    response.on('close', () => {
      gone = true;
    });
  });
  const link = open();
  await service.until(() => link.frames.length === 2);
  transport.close(link);
  await service.until(() => gone);

  expect(clock.waiting).toBe(0);
  expect(link.downs).toBe(0);
});
