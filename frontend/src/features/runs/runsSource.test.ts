import { expect, it } from 'vitest';
import type { RunSummary } from '../../api/run.ts';
import type { RunPage } from '../../api/runs.ts';
import type { FeedFilter, FeedListener, FeedStart } from '../../live/feed.ts';
import { aRun } from '../../testing/runs.ts';
import { filtersOf } from './runFilters.ts';
import { RunsSource } from './runsSource.ts';

const at = (second: number) => new Date(Date.UTC(2026, 0, 2, 3, 4, second));

/** A service whose answers are given by the test, when it likes. */
class Service {
  readonly asked: { query: string; after: string | undefined }[] = [];
  readonly added: string[][] = [];
  readonly feeds: { filter: FeedFilter; start: FeedStart; listener: FeedListener }[] = [];
  closed = 0;
  readonly #waiting: ((page: RunPage | Error) => void)[] = [];

  readonly read = (query: URLSearchParams, after: string | undefined) =>
    new Promise<RunPage>((resolve, reject) => {
      this.asked.push({ query: query.toString(), after });
      this.#waiting.push((page) => (page instanceof Error ? reject(page) : resolve(page)));
    });

  readonly open = (filter: FeedFilter, start: FeedStart, listener: FeedListener) => {
    this.feeds.push({ filter, start, listener });
    return {
      add: (columns: readonly Readonly<Record<string, unknown>>[]) =>
        this.added.push(columns.map(({ id }) => String(id))),
      close: () => this.closed++,
    };
  };

  async answer(runs: readonly RunSummary[] | Error, next?: string): Promise<void> {
    const columns = runs instanceof Error ? [] : runs.map(({ id }) => ({ id }));
    this.#waiting.shift()?.(runs instanceof Error ? runs : { runs, columns, next, cursor: 'c' });
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
  expect(service.feeds[0]?.start).toMatchObject({ cursor: 'c', columns: [{ id: 'a' }] });

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

it('reads older pages one at a time, and what changed before the feed knew them', async () => {
  const { service, source } = started();
  await service.answer([aRun('b', { createdAt: at(20) })], 'p1');

  source.more();
  source.more();
  expect(service.asked.map(({ after }) => after)).toEqual([undefined, 'p1']);
  expect(source.getSnapshot().older).toBe('reading');

  await service.answer([aRun('a', { createdAt: at(10) })]);
  expect(source.getSnapshot()).toMatchObject({ older: 'none' });
  expect(source.getSnapshot().list.order).toEqual(['b', 'a']);

  await service.answer([aRun('a', { createdAt: at(10), status: 'COMPLETED', updatedAt: at(40) })]);
  expect(source.row('a')?.status).toBe('COMPLETED');
  expect(service.added).toEqual([['a'], ['a']]);
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
