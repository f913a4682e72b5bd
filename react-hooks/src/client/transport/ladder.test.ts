import { afterEach, beforeEach, expect, it } from 'vitest';
import { WebSocket as NodeSocket } from 'ws';
import { FakeClock } from '../../fakes/fakeClock.js';
import { FakeLink } from '../../fakes/fakeLink.js';
import { event, events, json, TestService } from '../../fakes/testService.js';
import { Ladder, type Way } from './ladder.js';

let service: TestService;
let clock: FakeClock;
let remembered: Way | undefined;
let ladder: Ladder;
let links: FakeLink[];

beforeEach(async () => {
  service = await TestService.start();
  clock = new FakeClock();
  remembered = undefined;
  links = [];
  ladder = make();
});

afterEach(async () => {
  for (const link of links) {
    ladder.close(link);
  }
  await service.stop();
});

function make(hasSockets = true): Ladder {
  const world = { clock, random: () => 0, base: service.url, fetch };
  const connect = () => new NodeSocket(service.url.replace('http', 'ws')) as unknown as WebSocket;
  return new Ladder(world, hasSockets ? { clock, random: () => 0, connect } : undefined, {
    read: () => remembered,
    write: (way) => {
      remembered = way;
    },
  });
}

function open(feed = '/realtime/v1/runs'): FakeLink {
  const link = new FakeLink(feed);
  links.push(link);
  ladder.open(link);
  return link;
}

/** A network through which whole answers come, and of streams only what is let through. */
function network(letsEventsThrough: boolean): void {
  service.takesSockets = false;
  service.answer = (request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? '', service.url);
    if (pathname === '/realtime/v1/socket') {
      json(response, 400, { error: 'Open this path as a WebSocket.' });
    } else if (searchParams.has('offset')) {
      answerTurn(response, searchParams.has('live'));
    } else if (letsEventsThrough) {
      events(response);
      event(response, 'live', {}, 'c1');
    }
  };
}

function answerTurn(response: Parameters<TestService['answer']>[1], held: boolean): void {
  if (!held) {
    json(response, 200, [], {
      'electric-offset': '1',
      'electric-handle': 'h',
      'electric-up-to-date': '',
    });
  }
}

function eventRequests(): number {
  return service.requests.filter(({ headers }) => headers.accept === 'text/event-stream').length;
}

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) {
    clock.skipPause();
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
}

it('takes a socket where there is one', async () => {
  open();
  await service.until(() => service.peers[0]?.commands.length === 1);

  expect(ladder.way).toBe('socket');
});

it('takes events where sockets are barred, and remembers that', async () => {
  network(true);
  const link = open();
  await until(() => link.frames.some(({ type }) => type === 'live'));

  expect(ladder.way).toBe('events');
  expect(remembered).toBe('events');
  expect(make().way).toBe('events');
});

it('takes turns where events are kept back', async () => {
  network(false);
  const link = open();
  await until(() => ladder.way === 'events');
  for (let count = 1; ladder.way === 'events'; count++) {
    await service.until(() => eventRequests() === count || ladder.way !== 'events');
    clock.advance(10_000);
    await until(() => eventRequests() > count || ladder.way !== 'events');
  }
  await until(() => link.frames.some(({ type }) => type === 'live'));

  expect(ladder.way).toBe('poll');
});

it('stays with sockets while the service is down, and goes on when it is back', async () => {
  service.takesSockets = false;
  service.answer = (_, response) => json(response, 502, 'nobody there');
  const link = open();
  await until(() => link.downs >= 4);
  expect(ladder.way).toBe('socket');

  service.takesSockets = true;
  await until(() => service.peers[0]?.commands.length === 1);
  expect(remembered).toBeUndefined();
});

it('begins with events where there are no sockets', () => {
  expect(make(false).way).toBe('events');
});

it('takes no more connections of a browser than it has: the other feeds ask by turns', async () => {
  network(true);
  remembered = 'events';
  ladder = make();
  const feeds = Array.from({ length: 7 }, (_, index) => open(`/realtime/v1/runs/${index}`));
  await service.until(() =>
    feeds.every(({ frames }) => frames.some(({ type }) => type === 'live')),
  );

  expect(eventRequests()).toBe(4);
  expect(service.requests.every(({ url }) => !url?.includes('live=true'))).toBe(true);
});
