import { beforeEach, describe, expect, it } from 'vitest';
import { TestSource } from '../testing.js';
import { RealtimeError } from './errors.js';
import type { RealtimeRun } from './run/run.js';
import type { RunStream } from './stream/runStream.js';

let source: TestSource;

beforeEach(() => {
  source = new TestSource();
});

/** The statuses that a loop sees until the feed is over. */
async function statuses(runs: RunStream): Promise<string[]> {
  const seen: string[] = [];
  for await (const { status } of runs) {
    seen.push(status);
  }
  return seen;
}

/** The next run of a loop. */
async function next(loop: AsyncIterator<RealtimeRun>): Promise<RealtimeRun> {
  const { value } = await loop.next();
  return value;
}

describe('following', () => {
  it('one run tells its states and ends with the final one', async () => {
    source.emit({ id: 'r' });
    const loop = source.client.subscribeToRun('r')[Symbol.asyncIterator]();

    expect((await next(loop)).status).toBe('QUEUED');
    source.emit({ id: 'r', status: 'EXECUTING' });
    expect((await next(loop)).status).toBe('EXECUTING');
    source.emit({ id: 'r', status: 'COMPLETED', output: 42 });
    expect(await next(loop)).toMatchObject({ status: 'COMPLETED', output: 42, isSuccess: true });
    expect((await loop.next()).done).toBe(true);
  });

  it('a run that is over already tells its state and ends', async () => {
    source.emit({ id: 'r', status: 'FAILED' });

    expect(await statuses(source.client.subscribeToRun('r'))).toEqual(['FAILED']);
  });

  it('a run beyond its end, for who wants that', async () => {
    source.emit({ id: 'r', status: 'COMPLETED' });
    const options = { stopOnCompletion: false };
    const loop = source.client.subscribeToRun('r', options)[Symbol.asyncIterator]();
    await next(loop);
    source.emit({ id: 'r', metadata: { late: 1 } });

    expect((await next(loop)).metadata).toEqual({ late: 1 });
    await loop.return?.();
  });

  it('by tags, batch, parent and everything finds what it says', async () => {
    source.emit({ id: 'tagged', tags: ['a', 'b'] });
    source.emit({ id: 'half', tags: ['a'] });
    source.emit({ id: 'batched', batchId: 'batch_1' });
    source.emit({ id: 'child', parentRunId: 'tagged' });
    const { client } = source;
    const first = async (runs: RunStream) => {
      for await (const { id } of runs) {
        return id;
      }
    };

    expect(await first(client.subscribeToRunsWithTag(['b', 'a']))).toBe('tagged');
    expect(await first(client.subscribeToBatch('batch_1'))).toBe('batched');
    expect(await first(client.subscribeToRuns({ parent: 'tagged' }))).toBe('child');
    expect(await first(client.subscribeToRuns({}))).toBe('tagged');
  });

  it('shares a subscription, and lets go of it when every loop is left', async () => {
    source.emit({ id: 'r' });
    const one = source.client.subscribeToRun('r')[Symbol.asyncIterator]();
    const two = source.client.subscribeToRun('r')[Symbol.asyncIterator]();
    await next(one);
    await next(two);
    expect(source.followed).toBe(1);

    await one.return?.();
    source.emit({ id: 'r', status: 'EXECUTING' });
    expect((await next(two)).status).toBe('EXECUTING');
    await two.return?.();
    await vanish();
  });

  it('ends by its signal, also while it waits', async () => {
    const controller = new AbortController();
    const runs = source.client.subscribeToRun('r', { signal: controller.signal });
    const ended = statuses(runs);
    controller.abort();

    expect(await ended).toEqual([]);
    expect(await statuses(runs)).toEqual([]);
    await vanish();
  });

  it.each([400, 401, 403, 404])(
    'throws what the service says no with, such as %i',
    async (status) => {
      const ended = statuses(source.client.subscribeToRun('r'));
      await Promise.resolve();
      source.refuse(status, 'Because.');

      await expect(ended).rejects.toThrow(RealtimeError);
      await expect(ended).rejects.toMatchObject({ message: 'Because.', status, retryable: false });
    },
  );

  it('gives who is slow the newest of each run', async () => {
    source.emit({ id: 'r' });
    const options = { stopOnCompletion: false };
    const loop = source.client.subscribeToRun('r', options)[Symbol.asyncIterator]();
    await next(loop);
    const { subscription, release } = source.client.hold({ run: 'r', stopOnCompletion: false }, {});
    const told = new Promise<void>((resolve) => {
      subscription.subscribe(() => subscription.getSnapshot().runs[0]?.isSuccess && resolve());
    });
    source.emit({ id: 'r', status: 'EXECUTING' });
    source.emit({ id: 'r', status: 'COMPLETED' });
    await told;

    expect((await next(loop)).status).toBe('COMPLETED');
    release();
    await loop.return?.();
  });

  async function vanish(): Promise<void> {
    while (source.followed > 0) {
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  }
});

describe('a stream', () => {
  it('comes beside its run, and is over with it', async () => {
    source.emit({ id: 'r' });
    source.emitPart('r', 's', 1);
    const parts = source.client.stream('r', 's')[Symbol.asyncIterator]();
    expect((await parts.next()).value).toMatchObject({ id: '0', chunk: 1 });
    source.emitPart('r', 's', 2);
    expect((await parts.next()).value).toMatchObject({ id: '1', chunk: 2 });
    expect(source.requests).toEqual([]);
    source.emit({ id: 'r', status: 'COMPLETED' });

    expect((await parts.next()).done).toBe(true);
    expect(source.followed).toBe(0);
  });

  it('is read to its own end where that is after the run', async () => {
    source.emit({ id: 'r' });
    source.emitPart('r', 's', 1);
    const parts = source.client.stream('r', 's')[Symbol.asyncIterator]();
    await parts.next();
    source.emit({ id: 'r', status: 'COMPLETED' });
    source.emitPart('r', 's', 2);

    expect((await parts.next()).value).toMatchObject({ chunk: 2 });
    expect((await parts.next()).done).toBe(true);
    expect(source.requests.map(({ path }) => path)).toEqual(['/realtime/v1/streams/r/s']);
  });

  it.each([
    { startIndex: 1 },
    { lastEventId: '0' },
    { timeoutInSeconds: 600, startIndex: 1 },
    { alone: true, startIndex: 1 },
  ])('is read alone by who wants only a part of it: %o', async (options) => {
    source.emit({ id: 'r' });
    source.emitPart('r', 's', 1);
    source.emitPart('r', 's', 2);
    const parts = source.client.stream('r', 's', options)[Symbol.asyncIterator]();

    expect((await parts.next()).value).toMatchObject({ chunk: 2 });
    expect(source.opened).toBe(0);
    await parts.return?.();
  });

  it('has a name that can stand in a list, or is read alone', async () => {
    source.emit({ id: 'r' });
    source.emitPart('r', 'a,b', 1);
    const parts = source.client.stream('r', 'a,b')[Symbol.asyncIterator]();

    expect((await parts.next()).value).toMatchObject({ chunk: 1 });
    expect(source.opened).toBe(0);
    await parts.return?.();
  });

  it('goes on after the last part that was seen', async () => {
    source.emit({ id: 'r' });
    source.emitPart('r', 's', 1);
    source.emitPart('r', 's', 2);
    const parts = source.client.stream('r', 's', {}, '1700000000000-0')[Symbol.asyncIterator]();

    expect((await parts.next()).value).toMatchObject({ id: '1' });
    await parts.return?.();
  });

  it('is read alone where feeds tell no streams', async () => {
    source.tellStreams(false);
    source.emit({ id: 'r' });
    source.emitPart('r', 's', 1);
    const parts = source.client.stream('r', 's')[Symbol.asyncIterator]();

    expect((await parts.next()).value).toMatchObject({ chunk: 1 });
    expect(source.requests).toHaveLength(1);
    await parts.return?.();
  });

  it('ends by its signal, and with its client', async () => {
    source.emit({ id: 'r' });
    const controller = new AbortController();
    const { signal } = controller;
    const one = source.client.stream('r', 's', { signal })[Symbol.asyncIterator]().next();
    const two = source.client.stream('r', 's')[Symbol.asyncIterator]().next();
    controller.abort();
    expect((await one).done).toBe(true);
    source.client.close();

    expect((await two).done).toBe(true);
    expect(source.requests).toEqual([]);
  });
});

describe('what a server has read', () => {
  it('is plain data, with which a page goes on', async () => {
    source.emit({ id: 'r', status: 'EXECUTING', tags: ['x'] });
    const data = await source.client.snapshot({ tags: 'x' });

    const initialData = JSON.parse(JSON.stringify(data));
    const { subscription, release } = new TestSource().client.hold({ tags: 'x' }, { initialData });

    expect(subscription.getSnapshot().runs[0]?.status).toBe('EXECUTING');
    expect(subscription.getSnapshot().connection).toBe('connecting');
    expect(subscription.after()).toBe(data.cursor);
    expect(data.cursor).toBeDefined();
    release();
  });

  it('serves who follows a run to its end, too', async () => {
    source.emit({ id: 'r', status: 'EXECUTING' });
    const initialData = await source.client.snapshot({ run: 'r', skipColumns: ['payload'] });
    const filter = { run: 'r', skipColumns: ['payload' as const], stopOnCompletion: true };
    const { subscription, release } = new TestSource().client.hold(filter, { initialData });

    expect(subscription.getSnapshot().runs[0]?.status).toBe('EXECUTING');
    release();
  });

  it('is of no use for another feed', async () => {
    source.emit({ id: 'r', tags: ['x'] });
    const initialData = await source.client.snapshot({ tags: 'x' });
    const { subscription, release } = new TestSource().client.hold({ tags: 'y' }, { initialData });

    expect(subscription.getSnapshot().runs).toEqual([]);
    expect(subscription.after()).toBeUndefined();
    release();
  });

  it('is refused where the feed is', async () => {
    const read = source.client.snapshot({ run: 'r' });
    await Promise.resolve();
    source.refuse(404, 'No such run.');

    await expect(read).rejects.toMatchObject({ status: 404 });
  });
});
