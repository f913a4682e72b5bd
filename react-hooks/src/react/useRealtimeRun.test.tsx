import { cleanup, waitFor } from '@testing-library/react';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Page } from '../fakes/page.js';
import { TestSource } from '../testing.js';
import { useRealtimeRun } from './useRealtimeRun.js';

let page: Page;

beforeEach(() => {
  page = new Page();
});

afterEach(cleanup);

describe('useRealtimeRun', () => {
  it('shows a run from its first state to its last', async () => {
    const { seen } = page.mount(() => useRealtimeRun('r'));
    expect(seen.now).toMatchObject({ run: undefined, error: undefined, connection: 'connecting' });

    await page.happens(() => page.source.emit({ id: 'r' }));
    await waitFor(() => expect(seen.now.run?.status).toBe('QUEUED'));
    expect(seen.now.connection).toBe('live');
    expect(seen.now.asOf).toBeInstanceOf(Date);

    await page.happens(() => page.source.emit({ id: 'r', status: 'COMPLETED', output: 42 }));
    await waitFor(() => expect(seen.now.run?.output).toBe(42));
    expect(seen.now.connection).toBe('ended');
    expect(seen.now.error).toBeUndefined();
  });

  it('follows once where StrictMode mounts twice, and tells of the end once', async () => {
    const completed: string[] = [];
    const onComplete = ({ status }: { status: string }) => completed.push(status);
    page.source.emit({ id: 'r' });
    const { seen } = page.mount(() => useRealtimeRun('r', { onComplete }), undefined, {
      strict: true,
    });
    await waitFor(() => expect(seen.now.run?.status).toBe('QUEUED'));
    expect(page.source.opened).toBe(1);
    expect(page.source.followed).toBe(1);

    await page.happens(() => page.source.emit({ id: 'r', status: 'COMPLETED' }));
    await waitFor(() => expect(completed).toEqual(['COMPLETED']));
    expect(page.source.opened).toBe(1);
  });

  it('shares what two components follow', async () => {
    page.source.emit({ id: 'r' });
    const one = page.mount(() => useRealtimeRun('r'));
    await waitFor(() => expect(one.seen.now.run).toBeDefined());
    const two = page.mount(() => useRealtimeRun('r'));

    expect(two.seen.all[0]?.run).toBe(one.seen.now.run);
    expect(page.source.opened).toBe(1);
    one.unmount();
    await page.happens(() => page.source.emit({ id: 'r', status: 'EXECUTING' }));
    await waitFor(() => expect(two.seen.now.run?.status).toBe('EXECUTING'));
  });

  it('never shows one run for another', async () => {
    page.source.emit({ id: 'a' });
    page.source.emit({ id: 'b' });
    const { seen, rerender } = page.mount((id: string) => ({ id, ...useRealtimeRun(id) }), 'a');
    await waitFor(() => expect(seen.now.run?.id).toBe('a'));
    rerender('b');
    await waitFor(() => expect(seen.now.run?.id).toBe('b'));

    expect(seen.all.filter(({ id, run }) => run !== undefined && run.id !== id)).toEqual([]);
  });

  it('waits for an id, and until it is enabled', async () => {
    page.source.emit({ id: 'r' });
    const { seen, rerender } = page.mount(
      ({ id, enabled }: { id?: string; enabled: boolean }) => useRealtimeRun(id, { enabled }),
      { enabled: true },
    );
    rerender({ id: 'r', enabled: false });
    await page.happens(() => {});
    expect(page.source.opened).toBe(0);

    rerender({ id: 'r', enabled: true });
    await waitFor(() => expect(seen.now.run?.id).toBe('r'));
    rerender({ id: 'r', enabled: false });
    await waitFor(() => expect(page.source.followed).toBe(0));
    expect(seen.now.run?.id).toBe('r');
  });

  it('stops where it is told to, and keeps what it shows', async () => {
    page.source.emit({ id: 'r' });
    const { seen } = page.mount(() => useRealtimeRun('r'));
    await waitFor(() => expect(seen.now.run).toBeDefined());
    await page.happens(() => seen.now.stop());
    await waitFor(() => expect(page.source.followed).toBe(0));
    await page.happens(() => page.source.emit({ id: 'r', status: 'EXECUTING' }));

    expect(seen.now.run?.status).toBe('QUEUED');
    expect(seen.now.connection).toBe('ended');
  });

  it('goes on after the end, for who wants that', async () => {
    page.source.emit({ id: 'r', status: 'COMPLETED' });
    const { seen } = page.mount(() => useRealtimeRun('r', { stopOnCompletion: false }));
    await waitFor(() => expect(seen.now.run).toBeDefined());
    await page.happens(() => page.source.emit({ id: 'r', metadata: { late: 1 } }));

    await waitFor(() => expect(seen.now.run?.metadata).toEqual({ late: 1 }));
  });

  it('says what is old, and goes on when the connection is back with nothing missed', async () => {
    page.source.emit({ id: 'r' });
    const { seen } = page.mount(() => useRealtimeRun('r'));
    await waitFor(() => expect(seen.now.connection).toBe('live'));
    await page.happens(() => page.source.dropConnection());
    await waitFor(() => expect(seen.now.connection).toBe('stale'));
    expect(seen.now.run?.status).toBe('QUEUED');
    page.source.emit({ id: 'r', status: 'EXECUTING' });
    await page.happens(() => page.source.restoreConnection());
    await waitFor(() => expect(seen.now.connection).toBe('live'));
    expect(seen.now.run?.status).toBe('EXECUTING');

    await page.happens(() => page.source.fallBehind());
    await waitFor(() => expect(seen.now.connection).toBe('stale'));
    await page.happens(() => page.source.catchUp());
    await waitFor(() => expect(seen.now.connection).toBe('live'));
  });
});

describe('onComplete', () => {
  it('is told of a run that was over before', async () => {
    const completed: unknown[] = [];
    page.source.emit({ id: 'r', status: 'CANCELED' });
    page.mount(() => useRealtimeRun('r', { onComplete: (run) => completed.push(run.status) }));

    await waitFor(() => expect(completed).toEqual(['CANCELED']));
  });

  it('is told once, though the end is told again', async () => {
    const completed: unknown[] = [];
    const onComplete = (run: { status: string }) => completed.push(run.status);
    page.source.emit({ id: 'r', status: 'FAILED' });
    const { seen } = page.mount(() => useRealtimeRun('r', { stopOnCompletion: false, onComplete }));
    await waitFor(() => expect(completed).toEqual(['FAILED']));
    await page.happens(() => page.source.dropConnection());
    await page.happens(() => page.source.restoreConnection());
    await page.happens(() => page.source.emit({ id: 'r', metadata: { late: 1 } }));
    await waitFor(() => expect(seen.now.run?.metadata).toEqual({ late: 1 }));

    expect(completed).toEqual(['FAILED']);
  });

  it('is not told of a connection that ends, for whatever reason', async () => {
    const completed: unknown[] = [];
    page.source.emit({ id: 'r', status: 'EXECUTING' });
    const { seen } = page.mount(() =>
      useRealtimeRun('r', { onComplete: (run) => completed.push(run) }),
    );
    await waitFor(() => expect(seen.now.run).toBeDefined());
    await page.happens(() => page.source.refuse(403, 'Not any more.'));
    await waitFor(() => expect(seen.now.error?.message).toBe('Not any more.'));

    expect(completed).toEqual([]);
  });

  it('is told what waited to be shown when the component goes', async () => {
    const completed: unknown[] = [];
    page.source.emit({ id: 'r' });
    const { seen, unmount } = page.mount(() =>
      useRealtimeRun('r', {
        throttleInMs: 60_000,
        stopOnCompletion: false,
        onComplete: ({ status }) => completed.push(status),
      }),
    );
    const other = page.mount(() => useRealtimeRun('r', { stopOnCompletion: false }));
    await waitFor(() => expect(other.seen.now.run).toBeDefined());
    await page.happens(() => page.source.emit({ id: 'r', status: 'COMPLETED' }));
    await waitFor(() => expect(other.seen.now.run?.status).toBe('COMPLETED'));
    expect(seen.now.run).toBeUndefined();
    unmount();

    expect(completed).toEqual(['COMPLETED']);
  });
});

describe('a token', () => {
  it('may be a function made anew at each render, and is asked for again before it ends', async () => {
    const tokens: string[] = [];
    const source = new TestSource();
    const next = () => {
      tokens.push(`t${tokens.length + 1}`);
      return tokens.at(-1) as string;
    };
    source.emit({ id: 'r' });
    const { seen, rerender } = new Page(source).mount(
      (count: number) => ({ count, ...useRealtimeRun('r', { accessToken: () => next() }) }),
      1,
    );
    await waitFor(() => expect(seen.now.run).toBeDefined());
    rerender(2);
    rerender(3);
    await page.happens(() => source.expireToken());
    await page.happens(() => source.emit({ id: 'r', status: 'EXECUTING' }));
    await waitFor(() => expect(seen.now.run?.status).toBe('EXECUTING'));

    expect(source.opened).toBe(1);
    expect(tokens).toEqual(['t1']);
  });

  it('that ends without another one is an error', async () => {
    page.source.emit({ id: 'r' });
    const { seen } = page.mount(() => useRealtimeRun('r'));
    await waitFor(() => expect(seen.now.run).toBeDefined());
    await page.happens(() => page.source.expireToken());

    await waitFor(() => expect(seen.now.error).toMatchObject({ status: 401 }));
    expect(seen.now.connection).toBe('ended');
  });

  it('in the place of another goes on with what is shown', async () => {
    page.source.emit({ id: 'r' });
    const { seen, rerender } = page.mount(
      (accessToken: string) => useRealtimeRun('r', { accessToken }),
      'one',
    );
    await waitFor(() => expect(seen.now.run).toBeDefined());
    const before = seen.renders;
    rerender('two');
    await page.happens(() => page.source.emit({ id: 'r', status: 'EXECUTING' }));
    await waitFor(() => expect(seen.now.run?.status).toBe('EXECUTING'));

    expect(seen.all.slice(before).every(({ run }) => run !== undefined)).toBe(true);
    await waitFor(() => expect(page.source.followed).toBe(1));
  });
});
