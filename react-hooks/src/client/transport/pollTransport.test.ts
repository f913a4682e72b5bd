import type { IncomingMessage, ServerResponse } from 'node:http';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { FakeClock } from '../../fakes/fakeClock.js';
import { FakeLink } from '../../fakes/fakeLink.js';
import { json, TestService } from '../../fakes/testService.js';
import { NOTHING } from '../feed/feedState.js';
import { reduce } from '../feed/reducer.js';
import { pollTransport } from './pollTransport.js';
import type { Rounds } from './rounds.js';

let service: TestService;
let clock: FakeClock;
let transport: Rounds;
let links: FakeLink[];

beforeEach(async () => {
  service = await TestService.start();
  clock = new FakeClock();
  links = [];
  transport = make();
});

afterEach(async () => {
  for (const link of links) {
    transport.close(link);
  }
  await service.stop();
});

function make(mostHeld?: number): Rounds {
  return pollTransport({ clock, random: () => 0, base: service.url, fetch }, mostHeld);
}

function open(feed = '/realtime/v1/runs?tag=x'): FakeLink {
  const link = new FakeLink(feed);
  links.push(link);
  transport.open(link);
  return link;
}

function row(id: string, more: Record<string, unknown> = {}) {
  return {
    id,
    friendlyId: id,
    taskIdentifier: 'send',
    status: 'PENDING',
    runTags: ['x'],
    createdAt: '2026-01-02T03:04:05.678',
    updatedAt: '2026-01-02T03:04:05.678',
    completedAt: null,
    usageDurationMs: 3,
    payload: '{"to":"ada"}',
    payloadType: 'application/json',
    ...more,
  };
}

function message(operation: string, value: object) {
  return { key: 'k', value, headers: { operation } };
}

/** Answers each request by the next of these; whoever comes later is held. */
function answers(...each: ((response: ServerResponse, request: IncomingMessage) => void)[]): void {
  let count = 0;
  service.answer = (request, response) => each[count++]?.(response, request);
}

function news(offset: string, messages: unknown[], upToDate = true) {
  const headers = { 'electric-offset': offset, 'electric-handle': 'h' };
  const body = upToDate ? [...messages, { headers: { control: 'up-to-date' } }] : messages;
  return (response: ServerResponse) =>
    json(response, 200, body, upToDate ? { ...headers, 'electric-up-to-date': '' } : headers);
}

function asked(): Record<string, string>[] {
  return service.requests.map(({ url }) =>
    Object.fromEntries(new URL(url ?? '', service.url).searchParams),
  );
}

function stateOf(link: FakeLink) {
  return reduce(
    NOTHING,
    link.frames.map((frame) => ({ type: 'frame', frame, at: 0 })),
  );
}

it('reads all there is, then waits for news, and tells both as the other ways do', async () => {
  answers(
    news('1', [message('insert', row('a')), message('insert', row('b'))], false),
    news('2', [message('insert', row('c'))]),
    news('3', [
      message('update', { friendlyId: 'a', status: 'COMPLETED_SUCCESSFULLY' }),
      message('delete', { id: 'b' }),
    ]),
  );
  const link = open();
  await service.until(() => service.requests.length === 4);

  expect(asked()).toEqual([
    { tag: 'x', offset: '-1' },
    { tag: 'x', offset: '1', handle: 'h' },
    { tag: 'x', offset: '2', handle: 'h', live: 'true' },
    { tag: 'x', offset: '3', handle: 'h', live: 'true' },
  ]);
  const { runs, connection } = stateOf(link);
  expect(connection).toBe('live');
  expect(runs.map(({ id, status }) => [id, status])).toEqual([
    ['a', 'COMPLETED'],
    ['c', 'QUEUED'],
  ]);
  expect(runs[0]).toMatchObject({
    payload: { to: 'ada' },
    tags: ['x'],
    durationMs: 3,
    createdAt: new Date('2026-01-02T03:04:05.678Z'),
  });
});

it('begins anew where it is told to', async () => {
  answers(
    news('1', [message('insert', row('a'))]),
    (response) =>
      json(response, 409, [{ headers: { control: 'must-refetch' } }], { 'electric-handle': 'h2' }),
    news('9', [message('insert', row('b'))]),
  );
  const link = open();
  await service.until(() => service.requests.length === 4);

  expect(asked()[2]).toEqual({ tag: 'x', offset: '-1', handle: 'h2' });
  expect(stateOf(link).runs.map(({ id }) => id)).toEqual(['b']);
});

it('begins anew where the link is of another feed than before', async () => {
  let reads = 0;
  service.answer = (request, response) => {
    const query = new URL(request.url ?? '', service.url).searchParams;
    if (query.has('streams')) {
      json(response, 400, { error: 'Not here.', param: 'streams' });
    } else if (query.get('offset') === '-1') {
      news('1', [message('insert', row(++reads === 1 ? 'a' : 'b'))])(response);
    }
  };
  const link = open('/realtime/v1/runs/a');
  await service.until(() => link.frames.some(({ type }) => type === 'live'));
  transport.close(link);
  link.feed = '/realtime/v1/runs/a?streams=*';
  transport.open(link);
  await service.until(() => link.refused !== undefined);
  link.feed = '/realtime/v1/runs/a';
  transport.open(link);
  await service.until(() => stateOf(link).runs.some(({ id }) => id === 'b'));

  expect(link.refused?.param).toBe('streams');
  expect(stateOf(link).runs.map(({ id }) => id)).toEqual(['b']);
});

it('asks at once how things stand after it was cut off', async () => {
  answers(
    news('1', [message('insert', row('a'))]),
    (response) => response.destroy(),
    news('2', []),
  );
  const link = open();
  await service.until(() => link.downs === 1);
  clock.advance(1000);
  await service.until(() => service.requests.length === 4);

  expect(asked()[2]).toEqual({ tag: 'x', offset: '1', handle: 'h' });
  expect(link.frames.filter(({ type }) => type === 'live')).toHaveLength(2);
});

it('ends by itself with a final state, for the service leaves that to who asks by turns', async () => {
  answers(news('1', [message('insert', row('a', { status: 'CANCELED' }))]));
  const link = open('/realtime/v1/runs/a?stopOnCompletion=true');
  await service.until(() => link.frames.some(({ type }) => type === 'end'));

  expect(asked()[0]).toEqual({ offset: '-1' });
  expect(stateOf(link).connection).toBe('ended');
});

it('holds no requests where there are too many feeds, but asks every two seconds', async () => {
  transport = make(0);
  answers(news('1', []), news('2', []));
  const link = open();
  await service.until(() => link.frames.some(({ type }) => type === 'live'));
  expect(service.requests).toHaveLength(1);

  await service.until(() => clock.waiting > 0);
  clock.advance(2000);
  await service.until(() => service.requests.length === 2);

  expect(asked()[1]).toEqual({ tag: 'x', offset: '1', handle: 'h' });
});

it('takes a no for a no, and anything else for a while', async () => {
  answers(
    (response) => json(response, 503, {}),
    (response) => json(response, 403, { error: 'Not yours.' }),
  );
  const link = open();
  await service.until(() => link.downs === 1);
  clock.advance(1000);
  await service.until(() => link.refused !== undefined);

  expect(link.refused?.message).toBe('Not yours.');
});

it('reads packets by their types', async () => {
  answers(
    news('1', [
      message('insert', row('a', { payload: 'plain', payloadType: 'text/plain' })),
      message(
        'insert',
        row('b', { payload: '{"json":{"n":1}}', payloadType: 'application/super+json' }),
      ),
      message('insert', row('c', { payload: 'not json', payloadType: 'application/json' })),
      message('insert', row('d', { payload: null })),
      message(
        'insert',
        row('e', {
          payload: '{"json":"1970-01-01T00:00:00.007Z","meta":{"values":["Date"]}}',
          payloadType: 'application/super+json',
        }),
      ),
    ]),
  );
  const link = open();
  await service.until(() => link.frames.length === 2);

  expect(stateOf(link).runs.map(({ payload }) => payload)).toEqual([
    'plain',
    { n: 1 },
    'not json',
    undefined,
    new Date(7),
  ]);
});

it('asks for no proof, and says that it has no counts', async () => {
  answers(news('1', []));
  open('/realtime/v1/runs?include=digest');
  const counts = open('/realtime/v1/runs?include=counts&rows=none');
  await service.until(() => service.requests.length > 0 && counts.refused !== undefined);

  expect(asked()[0]).toEqual({ offset: '-1' });
  expect(counts.refused?.code).toBe('no-counts');
});
