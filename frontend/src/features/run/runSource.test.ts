import { expect, it } from 'vitest';
import type { RunDetails } from '../../api/runs.ts';
import type { FeedListener, RunListener } from '../../live/feed.ts';
import { aRun } from '../../testing/runs.ts';
import { RunSource } from './runSource.ts';

const at = (second: number) => new Date(Date.UTC(2026, 0, 2, 3, 4, second));
const COLUMNS = {
  id: 'r',
  taskIdentifier: 'hello',
  status: 'EXECUTING',
  createdAt: '2026-01-02T03:04:05Z',
};

function details(more: Partial<RunDetails> = {}): RunDetails {
  const none = { root: undefined, parent: undefined, children: [], cursor: undefined };
  return { run: aRun('r'), columns: { ...COLUMNS, payload: { a: 1 } }, ...none, ...more };
}

async function started(answer: RunDetails | undefined | Error) {
  const opened: { run?: RunListener; children?: FeedListener; parent?: string } = {};
  let closed = 0;
  const source = new RunSource(
    'r',
    () => (answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer)),
    {
      openRun: (_id, listener) => {
        opened.run = listener;
        return () => closed++;
      },
      openFeed: ({ parent }, _start, listener) => {
        Object.assign(opened, { children: listener, parent });
        return () => closed++;
      },
    },
  );
  source.start();
  await new Promise((resolve) => setTimeout(resolve));
  return { source, opened, closed: () => closed };
}

it('shows what was read, then what changes', async () => {
  const { source, opened } = await started(details());
  expect(source.getSnapshot()).toMatchObject({ phase: 'ready', columns: { payload: { a: 1 } } });

  opened.run?.run({ ...COLUMNS, status: 'FAILED', metadata: { n: 1 } });

  expect(source.getSnapshot().run?.status).toBe('FAILED');
  expect(source.getSnapshot().columns).toMatchObject({ payload: { a: 1 }, metadata: { n: 1 } });
});

it('shows children in the order of their making, as they come and change', async () => {
  const second = aRun('c2', { createdAt: at(20), parentRunId: 'r' });
  const { source, opened } = await started(details({ children: [second] }));
  expect(opened.parent).toBe('r');

  opened.children?.news([
    aRun('c1', { createdAt: at(10) }),
    { ...second, status: 'COMPLETED' as const },
  ]);

  const { children } = source.getSnapshot();
  expect(children.map(({ id, status }) => [id, status])).toEqual([
    ['c1', 'QUEUED'],
    ['c2', 'COMPLETED'],
  ]);
});

it('says that there is no such run, and follows nothing', async () => {
  const { source, opened } = await started(undefined);

  expect(source.getSnapshot().phase).toBe('absent');
  expect(opened.run).toBeUndefined();
});

it('says what went wrong', async () => {
  const { source } = await started(new Error('away'));

  expect(source.getSnapshot()).toMatchObject({ phase: 'failed', error: new Error('away') });
});

it('lets go of its feeds', async () => {
  const { source, closed } = await started(details());

  source.stop();
  expect(closed()).toBe(2);
});
