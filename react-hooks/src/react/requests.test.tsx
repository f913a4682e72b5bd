import { cleanup, waitFor } from '@testing-library/react';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Page } from '../fakes/page.js';
import type { TestSource } from '../testing.js';
import { useTriggerAuthContext, useTriggerAuthContextOptional } from './TriggerAuthContext.js';
import { useApiClient } from './useAccess.js';
import { useInputStreamSend } from './useInputStreamSend.js';
import { useRun } from './useRun.js';
import {
  useRealtimeTaskTrigger,
  useRealtimeTaskTriggerWithStreams,
  useTaskTrigger,
} from './useTaskTrigger.js';
import { useWaitToken } from './useWaitToken.js';

let page: Page;

beforeEach(() => {
  page = new Page();
});

afterEach(cleanup);

describe('useTaskTrigger', () => {
  it('starts a run and gives its handle', async () => {
    const { seen } = page.mount(() => useTaskTrigger('send-email'));
    expect(seen.now).toMatchObject({ isLoading: false, handle: undefined, error: undefined });
    await page.happens(() => seen.now.submit({ to: 'ada' }, { tags: ['x'] }));
    await waitFor(() => expect(seen.now.handle?.id).toBe('run_1'));

    expect(seen.now.handle).toEqual({
      id: 'run_1',
      taskIdentifier: 'send-email',
      publicAccessToken: 'token of run_1',
    });
    expect(page.source.requests[0]?.body).toMatchObject({ options: { tags: ['x'] } });
  });

  it.each([400, 401, 403, 404, 422])('is an error at %i, and nothing else', async (status) => {
    page.source.refuse(status, 'Because.');
    const { seen } = page.mount(() => useTaskTrigger('send-email'));
    await page.happens(() => seen.now.submit({}));
    await waitFor(() => expect(seen.now.error).toMatchObject({ status, message: 'Because.' }));
    expect(seen.now.isLoading).toBe(false);

    page.source.allow();
    await page.happens(() => seen.now.submit({}));
    await waitFor(() => expect(seen.now.handle).toBeDefined());
    expect(seen.now.error).toBeUndefined();
  });

  it('says that it is at it', async () => {
    const accessToken = () => new Promise<string>(() => {});
    const { seen } = page.mount(() => useTaskTrigger('send-email', { accessToken }));
    await page.happens(() => seen.now.submit({}));

    expect(seen.now.isLoading).toBe(true);
  });

  it('tells nothing to a component that is gone', async () => {
    const { seen, unmount } = page.mount(() => useTaskTrigger('send-email'));
    const { submit } = seen.now;
    await page.happens(() => {
      submit({});
      unmount();
    });
    await waitFor(() => expect(page.source.requests).toHaveLength(1));
    const before = seen.renders;
    await page.happens(() => {});

    expect(seen.renders).toBe(before);
    expect(seen.now.handle).toBeUndefined();
  });

  it('works when StrictMode has mounted it twice', async () => {
    const { seen } = page.mount(() => useTaskTrigger('t'), undefined, { strict: true });
    await page.happens(() => seen.now.submit({}));

    await waitFor(() => expect(seen.now.handle).toBeDefined());
  });
});

describe('useRealtimeTaskTrigger', () => {
  it('follows the run that it starts', async () => {
    const { seen } = page.mount(() => useRealtimeTaskTrigger('t'));
    expect(page.source.opened).toBe(0);
    await page.happens(() => seen.now.submit({ n: 1 }));
    await waitFor(() => expect(seen.now.run?.payload).toEqual({ n: 1 }));
    await page.happens(() =>
      page.source.emit({ id: 'run_1', status: 'COMPLETED', output: 'done' }),
    );

    await waitFor(() => expect(seen.now.run?.output).toBe('done'));
  });

  it('says why none was started', async () => {
    page.source.refuse(422, 'Too long.');
    const { seen } = page.mount(() => useRealtimeTaskTrigger('t'));
    await page.happens(() => seen.now.submit({}));

    await waitFor(() => expect(seen.now.error?.message).toBe('Too long.'));
  });

  it('shows its streams, too', async () => {
    const { seen } = page.mount(() => useRealtimeTaskTriggerWithStreams('t'));
    await page.happens(() => seen.now.submit({}));
    await waitFor(() => expect(seen.now.run).toBeDefined());
    await page.happens(() => page.source.emitPart('run_1', 'text', 'hello'));

    await waitFor(() => expect(seen.now.streams).toEqual({ text: ['hello'] }));
  });
});

describe('useRun', () => {
  it('asks once, and again when the page is looked at or online again', async () => {
    page.source.emit({ id: 'r' });
    const { seen } = page.mount(() => useRun('r'));
    await waitFor(() => expect(seen.now.isLoading).toBe(true));
    await waitFor(() => expect(seen.now.run?.status).toBe('QUEUED'));
    expect(page.source.requests).toHaveLength(1);

    page.source.emit({ id: 'r', status: 'EXECUTING' });
    await page.happens(() => window.dispatchEvent(new Event('focus')));
    await waitFor(() => expect(seen.now.run?.status).toBe('EXECUTING'));
    page.source.emit({ id: 'r', status: 'WAITING' });
    await page.happens(() => window.dispatchEvent(new Event('online')));
    await waitFor(() => expect(seen.now.run?.status).toBe('WAITING'));
  });

  it('does not, where that is not wanted', async () => {
    page.source.emit({ id: 'r' });
    const options = { revalidateOnFocus: false, revalidateOnReconnect: false };
    const { seen } = page.mount(() => useRun('r', options));
    await waitFor(() => expect(seen.now.run).toBeDefined());
    await page.happens(() => {
      window.dispatchEvent(new Event('focus'));
      window.dispatchEvent(new Event('online'));
    });

    expect(page.source.requests).toHaveLength(1);
  });

  it('asks again and again until the run is over', async () => {
    page.source.emit({ id: 'r' });
    const { seen } = page.mount(() => useRun('r', { refreshInterval: 5 }));
    await waitFor(() => expect(page.source.requests.length).toBeGreaterThan(2));
    await page.happens(() => page.source.emit({ id: 'r', status: 'EXPIRED' }));
    await waitFor(() => expect(seen.now.run?.status).toBe('EXPIRED'));
    const before = page.source.requests.length;
    await new Promise((resolve) => setTimeout(resolve, 50));

    expect(page.source.requests).toHaveLength(before);
  });

  it.each([400, 401, 403, 404])('is an error at %i', async (status) => {
    page.source.refuse(status, 'Because.');
    const { seen } = page.mount(() => useRun('r'));

    await waitFor(() => expect(seen.now.isError).toBe(true));
    expect(seen.now.error).toMatchObject({ status });
    expect(seen.now.isLoading).toBe(false);
  });

  it('shows no other run than the one asked for', async () => {
    page.source.emit({ id: 'a' });
    page.source.emit({ id: 'b' });
    const { seen, rerender } = page.mount((id: string) => ({ id, ...useRun(id) }), 'a' as string);
    await waitFor(() => expect(seen.now.run?.id).toBe('a'));
    rerender('b');
    await waitFor(() => expect(seen.now.run?.id).toBe('b'));

    expect(seen.all.filter(({ id, run }) => run !== undefined && run.id !== id)).toEqual([]);
  });
});

describe('useWaitToken', () => {
  it('completes its token', async () => {
    const { seen } = page.mount(() => useWaitToken<{ approved: boolean }>('waitpoint_1'));
    expect(seen.now).toMatchObject({ isReady: true, isCompleted: false, isLoading: false });
    await page.happens(() => seen.now.complete({ approved: true }));

    await waitFor(() => expect(seen.now.isCompleted).toBe(true));
    expect(page.source.requests[0]?.body).toEqual({ data: { approved: true } });
  });

  it('is an error where it may not', async () => {
    page.source.refuse(403, 'Not yours.');
    const { seen } = page.mount(() => useWaitToken('waitpoint_1'));
    await page.happens(() => seen.now.complete({}));

    await waitFor(() => expect(seen.now.error).toMatchObject({ status: 403 }));
    expect(seen.now.isCompleted).toBe(false);
  });

  it('waits for a token', () => {
    expect(page.mount(() => useWaitToken()).seen.now.isReady).toBe(false);
  });
});

describe('useInputStreamSend', () => {
  it('sends to its run', async () => {
    const { seen } = page.mount(() => useInputStreamSend<string>('chat', 'run_1'));
    await page.happens(() => seen.now.send('hello'));
    await waitFor(() => expect(page.source.requests).toHaveLength(1));

    expect(page.source.requests[0]).toEqual({
      method: 'POST',
      path: '/realtime/v1/streams/run_1/input/chat',
      body: { data: 'hello' },
    });
  });

  it('is an error where there is no run, or no leave', async () => {
    const { seen, rerender } = page.mount(
      (run: string | undefined) => useInputStreamSend('chat', run),
      undefined,
    );
    expect(seen.now.isReady).toBe(false);
    await page.happens(() => seen.now.send('hello'));
    await waitFor(() => expect(seen.now.error).toBeDefined());

    page.source.refuse(400, 'The run is over.');
    rerender('run_1');
    await page.happens(() => seen.now.send('hello'));
    await waitFor(() => expect(seen.now.error?.message).toBe('The run is over.'));
  });
});

describe('the context', () => {
  it('gives components its values and a client that works', async () => {
    page.source.emit({ id: 'r' });
    const client = page.mount(() => useApiClient());
    const context = page.mount(() => useTriggerAuthContext());

    expect((await client.seen.now?.retrieveRun('r'))?.status).toBe('QUEUED');
    expect(context.seen.now.client).toBe(page.source.client);
  });

  it('is nothing without a provider, and an error for who needs it', () => {
    const bare = new Page({} as TestSource);

    expect(bare.mount(() => useTriggerAuthContextOptional()).seen.now.client).toBeUndefined();
    expect(bare.mount(() => useApiClient({ enabled: false })).seen.now).toBeUndefined();
  });
});
