import { cleanup, waitFor } from '@testing-library/react';
import { renderToString } from 'react-dom/server';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { InitialData } from '../client/feed/initialData.js';
import { Page } from '../fakes/page.js';
import { TestSource } from '../testing.js';
import { TriggerAuthContext } from './TriggerAuthContext.js';
import { useRealtimeCounts } from './useRealtimeCounts.js';
import { useRealtimeRun } from './useRealtimeRun.js';
import { useRealtimeBatch, useRealtimeRuns, useRealtimeRunsWithTag } from './useRealtimeRuns.js';

let page: Page;

beforeEach(() => {
  page = new Page();
});

afterEach(cleanup);

describe('runs', () => {
  it('are found by tag, batch and filter', async () => {
    page.source.emit({ id: 'a', tags: ['x'], batchId: 'batch_1' });
    page.source.emit({ id: 'b', tags: ['x', 'y'], status: 'EXECUTING' });
    const tag = page.mount(() => useRealtimeRunsWithTag('x'));
    const batch = page.mount(() => useRealtimeBatch('batch_1'));
    const executing = page.mount(() => useRealtimeRuns({ status: ['EXECUTING'] }));
    const every = page.mount(() => useRealtimeRuns({}));

    await waitFor(() => expect(every.seen.now.runs).toHaveLength(2));
    await waitFor(() => expect(ids(tag.seen.now)).toEqual(['a', 'b']));
    await waitFor(() => expect(ids(batch.seen.now)).toEqual(['a']));
    await waitFor(() => expect(ids(executing.seen.now)).toEqual(['b']));

    await page.happens(() => page.source.emit({ id: 'b', status: 'COMPLETED' }));
    await waitFor(() => expect(ids(executing.seen.now)).toEqual([]));
  });

  it('are followed once though the list of tags is made anew at each render', async () => {
    page.source.emit({ id: 'a', tags: ['x', 'y'] });
    const { seen, rerender } = page.mount(
      (count: number) => ({ count, ...useRealtimeRunsWithTag(['x', 'y'], { createdAt: '1h' }) }),
      0,
    );
    for (let count = 1; count <= 5; count++) {
      rerender(count);
    }
    await waitFor(() => expect(seen.now.runs).toHaveLength(1));
    const { runs } = seen.now;
    rerender(6);

    expect(seen.now.runs).toBe(runs);
    expect(page.source.opened).toBe(1);
  });

  it('are no more than are wanted', async () => {
    for (let count = 0; count < 5; count++) {
      const createdAt = `2026-01-02T03:04:0${count}.000Z`;
      page.source.emit({ id: `r${count}`, createdAt });
    }
    const some = page.mount(() => useRealtimeRuns({}, { limit: 2 }));
    const all = page.mount(() => useRealtimeRuns({}));
    await waitFor(() => expect(ids(some.seen.now)).toEqual(['r3', 'r4']));
    await waitFor(() => expect(all.seen.now.runs).toHaveLength(5));
    await page.happens(() => page.source.emit({ id: 'r5' }));

    await waitFor(() => expect(ids(some.seen.now)).toEqual(['r4', 'r5']));
  });

  it('are rendered once for all that happens at once', async () => {
    const { seen } = page.mount(() => useRealtimeRuns({}));
    await waitFor(() => expect(seen.now.connection).toBe('live'));
    const before = seen.renders;
    await page.happens(() => {
      for (let count = 0; count < 200; count++) {
        page.source.emit({ id: `r${count % 50}`, metadata: { count } });
      }
    });
    await waitFor(() => expect(seen.now.runs).toHaveLength(50));

    expect(seen.renders - before).toBe(1);
  });

  it('are not told to a component that is gone', async () => {
    const { seen, unmount } = page.mount(() => useRealtimeRuns({}));
    const other = page.mount(() => useRealtimeRuns({}));
    await waitFor(() => expect(seen.now.connection).toBe('live'));
    unmount();
    const before = seen.renders;
    await page.happens(() => page.source.emit({ id: 'a' }));
    await waitFor(() => expect(other.seen.now.runs).toHaveLength(1));

    expect(seen.renders).toBe(before);
  });

  it('wait for a batch or a filter', async () => {
    const batch = page.mount(() => useRealtimeBatch(''));
    const filter = page.mount(() => useRealtimeRuns(undefined));
    await page.happens(() => {});

    expect(page.source.opened).toBe(0);
    expect(batch.seen.now.runs).toEqual([]);
    expect(filter.seen.now.runs).toEqual([]);
  });

  it.each([400, 401, 403, 404, 405, 422])('are an error at %i', async (status) => {
    const one = page.mount(() => useRealtimeRun('r'));
    const tag = page.mount(() => useRealtimeRunsWithTag('x'));
    const batch = page.mount(() => useRealtimeBatch('batch_1'));
    await page.happens(() => page.source.refuse(status, 'Because.'));

    for (const { seen } of [one, tag, batch]) {
      await waitFor(() => expect(seen.now.error).toMatchObject({ message: 'Because.', status }));
      expect(seen.now.connection).toBe('ended');
    }
  });
});

describe('counts', () => {
  it('are told by status, without the runs', async () => {
    page.source.emit({ id: 'a', tags: ['x'] });
    page.source.emit({ id: 'b', tags: ['x'], status: 'EXECUTING' });
    page.source.emit({ id: 'c' });
    const { seen } = page.mount(() => useRealtimeCounts({ tags: 'x' }));
    expect(seen.now).toMatchObject({ counts: undefined, total: undefined });
    await waitFor(() => expect(seen.now.counts).toEqual({ QUEUED: 1, EXECUTING: 1 }));
    expect(seen.now.total).toBe(2);
    await page.happens(() => page.source.emit({ id: 'a', status: 'COMPLETED' }));

    await waitFor(() => expect(seen.now.counts).toEqual({ COMPLETED: 1, EXECUTING: 1 }));
    expect(seen.now.connection).toBe('live');
  });
});

describe('what a server has read', () => {
  it('is shown on the server and from the first render on, and goes on', async () => {
    const server = new TestSource();
    server.emit({ id: 'a', tags: ['x'] });
    const initialData: InitialData = JSON.parse(
      JSON.stringify(await server.client.snapshot({ tags: 'x' })),
    );
    const html = renderToString(
      <TriggerAuthContext.Provider value={{ accessToken: 'token', baseURL: 'http://memory' }}>
        <Runs initialData={initialData} />
      </TriggerAuthContext.Provider>,
    );
    expect(html).toBe('<p>a</p>');

    page.source.emit({ id: 'a', tags: ['x'] });
    page.source.emit({ id: 'b', tags: ['x'] });
    const { seen } = page.mount(() => useRealtimeRunsWithTag('x', { initialData }));
    expect(ids(seen.all[0])).toEqual(['a']);
    await waitFor(() => expect(ids(seen.now)).toEqual(['a', 'b']));
  });
});

describe('without a token', () => {
  it('nothing is rendered, unless it is not enabled', () => {
    const bare = (options: { enabled?: boolean }) => () => useRealtimeRun('r', options);
    const source = { client: undefined } as unknown as TestSource;

    expect(() => new Page(source).mount(bare({}))).toThrow('accessToken');
    expect(() => new Page(source).mount(bare({ enabled: false }))).not.toThrow();
  });
});

function Runs({ initialData }: { initialData: InitialData }) {
  return <p>{ids(useRealtimeRunsWithTag('x', { initialData })).join()}</p>;
}

function ids(shown: { runs: { id: string }[] } | undefined): string[] {
  return (shown?.runs ?? []).map(({ id }) => id);
}
