import { expect, it } from 'vitest';
import type { RunSummary } from '../api/run.ts';
import type { RunPage } from '../api/runs.ts';
import type { FeedFilter, FeedListener } from '../live/feed.ts';
import { aRun } from '../testing/runs.ts';
import { filtersOf } from './runFilters.ts';
import { RunsSource } from './runsSource.ts';

const at = (second: number) => new Date(Date.UTC(2026, 0, 2, 3, 4, second));

/** A service whose answers are given by the test, when it likes. */
class Service {
  readonly asked: { query: string; after: string | undefined }[] = [];
  readonly feeds: {
    filter: FeedFilter;
    cursor: string | undefined;
    listener: FeedListener;
  }[] = [];
  closed = 0;
  readonly #waiting: ((page: RunPage | Error) => void)[] = [];

  readonly read = (query: URLSearchParams, after: string | undefined) =>
    new Promise<RunPage>((resolve, reject) => {
      this.asked.push({ query: query.toString(), after });
      this.#waiting.push((page) => (page instanceof Error ? reject(page) : resolve(page)));
    });

  readonly open = (filter: FeedFilter, cursor: string | undefined, listener: FeedListener) => {
    this.feeds.push({ filter, cursor, listener });
    return () => this.closed++;
  };

  async answer(runs: readonly RunSummary[] | Error, next?: string): Promise<void> {
    this.#waiting.shift()?.(runs instanceof Error ? runs : { runs, next, cursor: 'c' });
    await new Promise((resolve) => setTimeout(resolve));
  }
}

function started(url = {}) {
  const service = new Service();
  const source = new RunsSource(filtersOf(url), service.read, service.open);
  source.start();
  return { service, source };
}

it('shows a page and follows from where it was read', async () => {
  const { service, source } = started();
  expect(source.getSnapshot().phase).toBe('loading');

  await service.answer([aRun('a')]);

  expect(source.getSnapshot()).toMatchObject({ phase: 'ready', older: 'none' });
  expect(source.getSnapshot().list.order).toEqual(['a']);
  expect(service.feeds[0]?.cursor).toBe('c');

  service.feeds[0]?.listener.news([aRun('a', { status: 'FAILED', updatedAt: at(59) })]);
  expect(source.row('a')?.status).toBe('FAILED');
});

it('announces what is new and shows it when asked', async () => {
  const { service, source } = started();
  await service.answer([aRun('a')]);

  service.feeds[0]?.listener.news([aRun('b', { createdAt: at(30) })]);
  expect(source.getSnapshot().list).toMatchObject({ order: ['a'], waiting: 1 });

  source.reveal();
  expect(source.getSnapshot().list).toMatchObject({ order: ['b', 'a'], waiting: 0 });
});

it('reads older pages one at a time, and keeps what was told of their runs before', async () => {
  const { service, source } = started();
  await service.answer([aRun('b', { createdAt: at(20) })], 'p1');

  source.more();
  source.more();
  expect(service.asked.map(({ after }) => after)).toEqual([undefined, 'p1']);
  expect(source.getSnapshot().older).toBe('reading');

  const before = aRun('a', { createdAt: at(10) });
  service.feeds[0]?.listener.news([{ ...before, status: 'COMPLETED', updatedAt: at(40) }]);
  await service.answer([before]);

  expect(source.getSnapshot()).toMatchObject({ older: 'none' });
  expect(source.getSnapshot().list.order).toEqual(['b', 'a']);
  expect(source.row('a')?.status).toBe('COMPLETED');
  expect(service.asked).toHaveLength(2);
});

it('reads an older page again if more was told meanwhile than is kept', async () => {
  const { service, source } = started();
  await service.answer([aRun('b', { createdAt: at(20) })], 'p1');

  source.more();
  const many = Array.from({ length: 2_001 }, (_, n) => aRun(`x${n}`, { createdAt: at(1) }));
  service.feeds[0]?.listener.news(many);
  await service.answer([aRun('a', { createdAt: at(10) })], 'p2');
  await service.answer([aRun('a', { createdAt: at(10), status: 'FAILED', updatedAt: at(40) })]);

  expect(source.row('a')?.status).toBe('FAILED');
  expect(service.asked.map(({ after }) => after)).toEqual([undefined, 'p1', 'p1']);
});

it('begins anew rather than keep all that comes while nobody looks', async () => {
  const { service, source } = started();
  await service.answer([aRun('a')]);

  const many = Array.from({ length: 1_001 }, (_, n) => aRun(`x${n}`, { createdAt: at(30) }));
  service.feeds[0]?.listener.news(many);
  expect(source.getSnapshot().list).toMatchObject({ waiting: 1_000, overrun: true });

  source.reveal();
  await service.answer([aRun('x1000', { createdAt: at(30) })], 'p1');
  expect(source.getSnapshot().list).toMatchObject({ order: ['x1000'], waiting: 0, overrun: false });
  expect(service.closed).toBe(1);
});

it('is quiet about what does not concern it', async () => {
  const { service, source } = started();
  await service.answer([aRun('b', { createdAt: at(20) })], 'p1');
  let told = 0;
  source.subscribe(() => told++);

  service.feeds[0]?.listener.news([aRun('a', { createdAt: at(10) })]);

  expect(told).toBe(0);
});

it('says that the list could not be read, and begins anew', async () => {
  const { service, source } = started();
  await service.answer(new Error('away'));
  expect(source.getSnapshot()).toMatchObject({ phase: 'failed', error: new Error('away') });

  source.start();
  await service.answer([aRun('a')]);
  expect(source.getSnapshot()).toMatchObject({ phase: 'ready', error: undefined });
});

it('offers an older page again that could not be read', async () => {
  const { service, source } = started();
  await service.answer([aRun('b')], 'p1');

  source.more();
  await service.answer(new Error('away'));
  expect(source.getSnapshot()).toMatchObject({ phase: 'ready', older: 'some' });
  expect(source.getSnapshot().error).toEqual(new Error('away'));

  source.more();
  expect(source.getSnapshot()).toMatchObject({ older: 'reading', error: undefined });
});

it('opens no feed for whoever has left', async () => {
  const { service, source } = started();

  source.stop();
  await service.answer([aRun('a')]);
  expect(service.feeds).toHaveLength(0);
  expect(source.getSnapshot().phase).toBe('loading');
});

it('closes its feed', async () => {
  const { service, source } = started();
  await service.answer([aRun('a')]);

  source.stop();
  expect(service.closed).toBe(1);
});

it('follows no narrower than it lists', async () => {
  for (const [url, filter] of [
    [{ status: 'FAILED', version: '1', period: '1h' }, {}],
    [{ tags: 'a' }, { tags: ['a'] }],
    [{ tags: 'a,b' }, {}],
    [{ task: 'x,y' }, { taskIdentifier: ['x', 'y'] }],
    [
      { batch: 'b', tags: 'a', task: 'x' },
      { batch: 'b', taskIdentifier: ['x'] },
    ],
  ]) {
    const { service } = started(url);
    await service.answer([]);
    expect(service.feeds[0]?.filter).toEqual(filter);
  }
});
