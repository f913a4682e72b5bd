import { expect, it } from 'vitest';
import type { RunSummary } from '../../api/run.ts';
import type { PageMark, RunPage } from '../../api/runs.ts';
import type { FeedFilter, FeedListener } from '../../live/feed.ts';
import { aRun } from '../../testing/runs.ts';
import { filtersOf } from '../runFilters.ts';
import { RunsSource } from './runsSource.ts';

const at = (second: number) => new Date(Date.UTC(2026, 0, 2, 3, 4, second));

/** A service whose answers are given by the test, when it likes. */
class Service {
  readonly asked: { query: string; mark: PageMark }[] = [];
  readonly feeds: {
    filter: FeedFilter;
    cursor: string | undefined;
    listener: FeedListener;
  }[] = [];
  closed = 0;
  readonly #waiting: ((page: RunPage | Error) => void)[] = [];

  readonly read = (query: URLSearchParams, mark: PageMark) =>
    new Promise<RunPage>((resolve, reject) => {
      this.asked.push({ query: query.toString(), mark });
      this.#waiting.push((page) => (page instanceof Error ? reject(page) : resolve(page)));
    });

  readonly open = (filter: FeedFilter, cursor: string | undefined, listener: FeedListener) => {
    this.feeds.push({ filter, cursor, listener });
    return () => this.closed++;
  };

  async answer(
    runs: readonly RunSummary[] | Error,
    next?: string,
    previous?: string,
  ): Promise<void> {
    this.#waiting.shift()?.(
      runs instanceof Error ? runs : { runs, next, previous, cursor: 'c', passed: undefined },
    );
    await new Promise((resolve) => setTimeout(resolve));
  }

  /** There is nothing behind so many rows that were passed over. */
  async answerNone(passed: number): Promise<void> {
    this.#waiting.shift()?.({
      runs: [],
      next: undefined,
      previous: undefined,
      cursor: 'c',
      passed,
    });
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

  expect(source.getSnapshot()).toMatchObject({ phase: 'ready', isWhole: true });
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

  source.show(0, 0);
  source.show(0, 1);
  expect(service.asked.map(({ mark }) => mark)).toEqual([{}, { after: 'p1' }]);
  expect(source.getSnapshot()).toMatchObject({ isReading: true, isWhole: false, length: 1 });

  const before = aRun('a', { createdAt: at(10) });
  service.feeds[0]?.listener.news([{ ...before, status: 'COMPLETED', updatedAt: at(40) }]);
  await service.answer([before]);

  expect(source.getSnapshot()).toMatchObject({ isReading: false, isWhole: true, length: 2 });
  expect(source.getSnapshot().list.order).toEqual(['b', 'a']);
  expect(source.row('a')?.status).toBe('COMPLETED');
  expect(service.asked).toHaveLength(2);
});

it('reads an older page again if more was told meanwhile than is kept', async () => {
  const { service, source } = started();
  await service.answer([aRun('b', { createdAt: at(20) })], 'p1');

  source.show(0, 0);
  const many = Array.from({ length: 2_001 }, (_, n) => aRun(`x${n}`, { createdAt: at(1) }));
  service.feeds[0]?.listener.news(many);
  await service.answer([aRun('a', { createdAt: at(10) })], 'p2');
  await service.answer([aRun('a', { createdAt: at(10), status: 'FAILED', updatedAt: at(40) })]);

  expect(source.row('a')?.status).toBe('FAILED');
  expect(service.asked.map(({ mark }) => mark)).toEqual([{}, { after: 'p1' }, { after: 'p1' }]);
});

it('jumps to what is far from what is held, and reads on both ways from there', async () => {
  const { service, source } = started();
  await service.answer([aRun('top', { createdAt: at(50) })], 'p1');
  source.expect(100_000);
  expect(source.getSnapshot()).toMatchObject({ length: 100_000, isWhole: true });

  source.show(70_000, 70_020);
  expect(service.asked.at(-1)?.mark).toEqual({ after: 'p1', skip: 69_969 });
  await service.answer([aRun('m', { createdAt: at(20) })], 'below', 'above');
  expect(source.getSnapshot().list).toMatchObject({ base: 69_970, order: ['m'] });
  expect(service.asked.at(-1)?.mark).toEqual({ after: 'below' });

  await service.answer([aRun('l', { createdAt: at(19) })]);
  expect(service.asked.at(-1)?.mark).toEqual({ before: 'above' });
  await service.answer([aRun('n', { createdAt: at(21) })]);
  expect(source.getSnapshot().list.order).toEqual(['n', 'm', 'l']);
});

it('finds the end of a list at once that is shorter than was counted', async () => {
  const { service, source } = started();
  await service.answer([aRun('top', { createdAt: at(50) })], 'p1');
  source.expect(10_000);

  source.show(9_972, 9_999);
  expect(service.asked.at(-1)?.mark).toEqual({ after: 'p1', skip: 9_941 });
  await service.answerNone(4_321);

  // One before the mark, and those that were passed over behind it.
  expect(source.getSnapshot()).toMatchObject({ length: 4_322, error: undefined });
  expect(service.asked.at(-1)?.mark).toEqual({ after: 'p1', skip: 4_264 });
  const last = Array.from({ length: 57 }, (_, n) => aRun(`r${n}`, { createdAt: at(1) }));
  await service.answer(last, undefined, 'above');
  expect(source.getSnapshot()).toMatchObject({ length: 4_322, isWhole: true });
  expect(source.getSnapshot().list).toMatchObject({ base: 4_265 });
  expect(service.asked.slice(3)).toHaveLength(1);
  expect(service.asked.at(-1)?.mark).toEqual({ before: 'above' });
});

it('is led to what is new from wherever it is', async () => {
  const { service, source } = started();
  await service.answer([aRun('top', { createdAt: at(50) })], 'p1');
  source.expect(10_000);
  source.show(5_000, 5_020);
  await service.answer([aRun('m', { createdAt: at(20) })], undefined, 'above');
  service.feeds[0]?.listener.news([aRun('new', { createdAt: at(59) })]);
  expect(source.getSnapshot().list.waiting).toBe(1);

  source.reveal();
  await service.answer([aRun('n', { createdAt: at(21) })], 'm', 'above n');
  await service.answer([aRun('new', { createdAt: at(59) }), aRun('top', { createdAt: at(50) })]);

  expect(source.getSnapshot()).toMatchObject({ revealed: 1 });
  expect(source.getSnapshot().list).toMatchObject({ base: 0, order: ['new', 'top'], waiting: 0 });
  expect(service.closed).toBe(0);
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
  expect(service.closed).toBe(0);
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

  source.show(0, 0);
  await service.answer(new Error('away'));
  source.show(0, 1);
  expect(service.asked).toHaveLength(2);
  expect(source.getSnapshot()).toMatchObject({ phase: 'ready', isReading: false });
  expect(source.getSnapshot().error).toEqual(new Error('away'));

  source.again();
  expect(source.getSnapshot()).toMatchObject({ isReading: true, error: undefined });
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
