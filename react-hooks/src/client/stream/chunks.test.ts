import { afterEach, beforeEach, expect, it } from 'vitest';
import { FakeClock } from '../../fakes/fakeClock.js';
import { events, json, TestService } from '../../fakes/testService.js';
import { TokenSource } from '../token.js';
import { readStream, type StreamOptions } from './chunks.js';

let service: TestService;
let clock: FakeClock;

beforeEach(async () => {
  service = await TestService.start();
  clock = new FakeClock();
});

afterEach(() => service.stop());

function read(options: StreamOptions = {}, token = new TokenSource('secret')) {
  const world = { clock, random: () => 0, base: service.url, fetch };
  return readStream(world, token, '/realtime/v1/streams/r/s', options);
}

async function all(options: StreamOptions = {}) {
  const parts = [];
  for await (const part of read(options)) {
    parts.push(part);
  }
  return parts;
}

it('tells the parts with their times, and ends where the service does', async () => {
  service.answer = (_, response) => {
    events(response);
    response.end('id: 1700000000000-0\ndata: {"n":1}\n\nid: 1700000000001-1\ndata: plain\n\n');
  };

  expect(await all()).toEqual([
    { id: '1700000000000-0', chunk: { n: 1 }, timestamp: 1700000000000 },
    { id: '1700000000001-1', chunk: 'plain', timestamp: 1700000000001 },
  ]);
});

it('goes on after the last part when the connection breaks', async () => {
  service.answer = (request, response) => {
    events(response);
    if (request.headers['last-event-id'] === '5-0') {
      response.end('id: 6-1\ndata: 2\n\n');
    } else {
      response.write('id: 5-0\ndata: 1\n\nid: 6-1\nda');
      setTimeout(() => response.destroy(), 5);
    }
  };
  const loop = read();
  expect((await loop.next()).value).toMatchObject({ chunk: 1 });
  const second = loop.next();
  await service.until(() => clock.waiting > 0 && service.requests.length === 1);
  await passUntil(() => service.requests.length === 2);

  expect(await second).toMatchObject({ value: { chunk: 2, id: '6-1' } });
  expect(await loop.next()).toMatchObject({ done: true });
});

it.each([
  [{}, undefined, undefined],
  [{ startIndex: 0 }, undefined, undefined],
  [{ startIndex: 3 }, '2', undefined],
  [{ lastEventId: 7 }, '7', undefined],
  [{ lastEventId: '5-7', startIndex: 3 }, '5-7', undefined],
  [{ from: 'latest' as const }, undefined, 'latest'],
  [{ from: 'latest' as const, lastEventId: 7 }, '7', undefined],
])('begins where %j says', async (options, last, start) => {
  service.answer = (_, response) => {
    events(response);
    response.end();
  };
  await all({ ...options, timeoutInSeconds: 9 });

  const { headers } = service.requests[0] ?? {};
  expect(headers?.['last-event-id']).toBe(last);
  expect(headers?.['x-trigger-stream-start']).toBe(start);
  expect(headers?.['timeout-seconds']).toBe('9');
});

it.each([400, 401, 403, 404])('throws at %i', async (status) => {
  service.answer = (_, response) => json(response, status, { error: 'Because.' });

  await expect(all()).rejects.toMatchObject({ status, message: 'Because.' });
});

it('tries again at 503', async () => {
  service.answer = (_, response) => {
    if (service.requests.length < 3) {
      json(response, 503, { error: 'Later.' });
    } else {
      events(response);
      response.end('id: 1-0\ndata: 1\n\n');
    }
  };
  const parts = all();
  await passUntil(() => service.requests.length === 3);

  expect(await parts).toHaveLength(1);
});

it('ends by its signal', async () => {
  let gone = false;
  service.answer = (_, response) => {
    events(response);
    response.on('close', () => {
      gone = true;
    });
  };
  const controller = new AbortController();
  const parts = all({ signal: controller.signal });
  await service.until(() => service.requests.length === 1);
  controller.abort();

  expect(await parts).toEqual([]);
  await service.until(() => gone);
});

async function passUntil(condition: () => boolean): Promise<void> {
  while (!condition()) {
    clock.skipPause();
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
}
