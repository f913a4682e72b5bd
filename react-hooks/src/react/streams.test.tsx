import { cleanup, waitFor } from '@testing-library/react';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Page } from '../fakes/page.js';
import { useRealtimeRun } from './useRealtimeRun.js';
import { useRealtimeRunWithStreams } from './useRealtimeRunWithStreams.js';
import { useRealtimeStream } from './useRealtimeStream.js';

let page: Page;

beforeEach(() => {
  page = new Page();
  page.source.emit({ id: 'r' });
});

afterEach(cleanup);

describe('useRealtimeStream', () => {
  it('shows the parts as they come and ends with the stream', async () => {
    page.source.emitPart('r', 'text', 'a');
    const { seen } = page.mount(() => useRealtimeStream<string>('r', 'text'));
    await waitFor(() => expect(seen.now.parts).toEqual(['a']));
    expect(seen.now.lastEventId).toBe('0');
    await page.happens(() => page.source.emitPart('r', 'text', 'b'));
    await waitFor(() => expect(seen.now.parts).toEqual(['a', 'b']));
    await page.happens(() => page.source.emit({ id: 'r', status: 'COMPLETED' }));

    await waitFor(() => expect(seen.now.connection).toBe('ended'));
    expect(seen.now.error).toBeUndefined();
  });

  it('has all who want a run and its streams share one subscription', async () => {
    page.source.emitPart('r', 'text', 'a');
    page.source.emitPart('r', 'log', 1);
    const run = page.mount(() => useRealtimeRun('r'));
    const text = page.mount(() => useRealtimeStream<string>('r', 'text'));
    await waitFor(() => expect(text.seen.now.parts).toEqual(['a']));
    const both = page.mount(() => useRealtimeRunWithStreams('r'));
    await waitFor(() => expect(both.seen.now.streams).toEqual({ text: ['a'], log: [1] }));
    const later = page.mount(() => useRealtimeStream<number>('r', 'log'));
    await page.happens(() => page.source.emitPart('r', 'text', 'b'));
    await page.happens(() => page.source.emitPart('r', 'log', 2));

    await waitFor(() => expect(text.seen.now.parts).toEqual(['a', 'b']));
    await waitFor(() => expect(both.seen.now.streams).toEqual({ text: ['a', 'b'], log: [1, 2] }));
    await waitFor(() => expect(later.seen.now.parts).toEqual([1, 2]));
    expect(page.source.followed).toBe(1);
    expect(page.source.requests).toEqual([]);
    await page.happens(() => page.source.emit({ id: 'r', status: 'EXECUTING' }));
    await waitFor(() => expect(run.seen.now.run?.status).toBe('EXECUTING'));
  });

  it('goes on without a gap where the connection breaks', async () => {
    page.source.emitPart('r', 'text', 'a');
    const { seen } = page.mount(() => useRealtimeStream<string>('r', 'text'));
    await waitFor(() => expect(seen.now.parts).toEqual(['a']));
    await page.happens(() => page.source.dropConnection());
    page.source.emitPart('r', 'text', 'b');
    await page.happens(() => page.source.restoreConnection());

    await waitFor(() => expect(seen.now.parts).toEqual(['a', 'b']));
  });

  it('takes a defined stream, or the default one', async () => {
    page.source.emitPart('r', 'text', 'a');
    page.source.emitPart('r', 'default', 'd');
    const defined = { id: 'text', append: async (_: string) => {} };
    const one = page.mount(() => useRealtimeStream(defined, 'r'));
    const two = page.mount(() => useRealtimeStream<string>('r', { maxParts: 5 }));

    await waitFor(() => expect(one.seen.now.parts).toEqual(['a']));
    await waitFor(() => expect(two.seen.now.parts).toEqual(['d']));
  });

  it('tells each part once and all that are shown at once together', async () => {
    const data: unknown[] = [];
    const batches: unknown[] = [];
    const { seen } = page.mount(() =>
      useRealtimeStream<number>('r', 'n', {
        onData: (part) => data.push(part),
        onParts: (parts) => batches.push(parts.map(({ chunk }) => chunk)),
      }),
    );
    await waitFor(() => expect(page.source.followed).toBe(1));
    await page.happens(() => {
      for (let n = 0; n < 20; n++) {
        page.source.emitPart('r', 'n', n);
      }
    });
    await waitFor(() => expect(seen.now.parts).toHaveLength(20));

    expect(data).toEqual(seen.now.parts);
    expect(batches.flat()).toEqual(seen.now.parts);
    expect(batches.length).toBeLessThan(20);
  });

  it('shows what waits when the component goes', async () => {
    const data: unknown[] = [];
    const { unmount } = page.mount(() =>
      useRealtimeStream<string>('r', 'text', {
        throttleInMs: 60_000,
        onData: (part) => data.push(part),
      }),
    );
    const other = page.mount(() => useRealtimeStream<string>('r', 'text'));
    await page.happens(() => page.source.emitPart('r', 'text', 'a'));
    await waitFor(() => expect(other.seen.now.parts).toEqual(['a']));
    expect(data).toEqual([]);
    unmount();

    expect(data).toEqual(['a']);
  });

  it('keeps no more than it is told to', async () => {
    for (let n = 0; n < 5; n++) {
      page.source.emitPart('r', 'n', n);
    }
    const two = page.mount(() => useRealtimeStream<number>('r', 'n', { maxParts: 2 }));
    const none = page.mount(() => useRealtimeStream<number>('r', 'n', { maxParts: 0 }));

    await waitFor(() => expect(two.seen.now.parts).toEqual([3, 4]));
    await waitFor(() => expect(none.seen.now.lastEventId).toMatch(/-4$/));
    expect(none.seen.now.parts).toEqual([]);
  });

  it('reads everything once where StrictMode mounts twice', async () => {
    page.source.emitPart('r', 'text', 'a');
    const { seen } = page.mount(() => useRealtimeStream<string>('r', 'text'), undefined, {
      strict: true,
    });
    await waitFor(() => expect(seen.now.parts).toEqual(['a']));
    await page.happens(() => page.source.emitPart('r', 'text', 'b'));
    await waitFor(() => expect(seen.now.parts).toEqual(['a', 'b']));
  });

  it('stops where it is told to', async () => {
    page.source.emitPart('r', 'text', 'a');
    const { seen } = page.mount(() => useRealtimeStream<string>('r', 'text'));
    const other = page.mount(() => useRealtimeStream<string>('r', 'text'));
    await waitFor(() => expect(seen.now.parts).toEqual(['a']));
    await page.happens(() => seen.now.stop());
    await page.happens(() => page.source.emitPart('r', 'text', 'b'));
    await waitFor(() => expect(other.seen.now.parts).toEqual(['a', 'b']));

    expect(seen.now.parts).toEqual(['a']);
    expect(seen.now.connection).toBe('ended');
  });

  it.each([400, 401, 403, 404])('is an error at %i', async (status) => {
    page.source.refuse(status, 'Because.');
    const { seen } = page.mount(() => useRealtimeStream('r', 'text'));

    await waitFor(() => expect(seen.now.error).toMatchObject({ status, message: 'Because.' }));
  });
});

describe('useRealtimeRunWithStreams', () => {
  it('shows a run and each of its streams, also those that begin later', async () => {
    page.source.emitPart('r', 'one', 1);
    const { seen } = page.mount(() => useRealtimeRunWithStreams('r'));
    await waitFor(() => expect(seen.now.streams).toEqual({ one: [1] }));
    await page.happens(() => page.source.emitPart('r', 'two', 'a'));
    await page.happens(() => page.source.emitPart('r', 'one', 2));

    await waitFor(() => expect(seen.now.streams).toEqual({ one: [1, 2], two: ['a'] }));
    expect(seen.now.run?.id).toBe('r');
  });

  it('reads the streams that an older SDK names in the metadata', async () => {
    page.source.emitPart('r', 'one', 1);
    page.source.emit({ id: 'r', realtimeStreams: [], metadata: { $$streams: ['one'] } });
    const { seen } = page.mount(() => useRealtimeRunWithStreams('r'));

    await waitFor(() => expect(seen.now.streams).toEqual({ one: [1] }));
  });

  it('reads everything once where StrictMode mounts twice, and lets go when it goes', async () => {
    page.source.emitPart('r', 'one', 1);
    const { seen, unmount } = page.mount(() => useRealtimeRunWithStreams('r'), undefined, {
      strict: true,
    });
    await waitFor(() => expect(seen.now.streams).toEqual({ one: [1] }));
    await page.happens(() => page.source.emitPart('r', 'one', 2));
    await waitFor(() => expect(seen.now.streams).toEqual({ one: [1, 2] }));
    unmount();
    const before = seen.renders;
    await page.happens(() => page.source.emitPart('r', 'one', 3));
    await waitFor(() => expect(page.source.followed).toBe(0));

    expect(seen.renders).toBe(before);
  });

  it('stops where it is told to, the streams too', async () => {
    page.source.emitPart('r', 'one', 1);
    const { seen } = page.mount(() => useRealtimeRunWithStreams('r'));
    const other = page.mount(() => useRealtimeRunWithStreams('r'));
    await waitFor(() => expect(seen.now.streams).toEqual({ one: [1] }));
    await page.happens(() => seen.now.stop());
    await page.happens(() => page.source.emitPart('r', 'one', 2));
    await waitFor(() => expect(other.seen.now.streams).toEqual({ one: [1, 2] }));

    expect(seen.now.streams).toEqual({ one: [1] });
  });

  it('shows no stream of another run', async () => {
    page.source.emit({ id: 'q' });
    page.source.emitPart('r', 'one', 'r');
    page.source.emitPart('q', 'one', 'q');
    const { seen, rerender } = page.mount(
      (id: string) => ({
        id,
        ...useRealtimeRunWithStreams(id),
        parts: useRealtimeStream(id, 'one').parts,
      }),
      'r',
    );
    await waitFor(() => expect(seen.now.streams).toEqual({ one: ['r'] }));
    await waitFor(() => expect(seen.now.parts).toEqual(['r']));
    rerender('q');
    await waitFor(() => expect(seen.now.streams).toEqual({ one: ['q'] }));
    await waitFor(() => expect(seen.now.parts).toEqual(['q']));

    for (const { id, streams, parts } of seen.all) {
      expect([...parts, ...(streams.one ?? [])].every((part) => part === id)).toBe(true);
    }
  });
});
