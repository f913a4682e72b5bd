import { idempotencyKeys, metadata, queue, task, wait } from '@trigger.dev/sdk';
import { child } from './waits.js';

/** Says that it runs, and goes on until it is told to stop. */
export const lasting = task({
  id: 'lasting',
  run: async (_: unknown, { signal }) => {
    metadata.set('running', true);
    await metadata.flush();
    await new Promise((done) => signal.addEventListener('abort', done));
  },
});

/** Waits for a run that goes on, or for two at once, and leaves a third to itself. */
export const waitsBelow = task({
  id: 'waits-below',
  run: async (payload: { batch: boolean }) => {
    const left = await child.trigger({ n: 2 });
    metadata.set('left', left.id);
    await metadata.flush();
    if (payload.batch) await lasting.batchTriggerAndWait([{ payload: {} }, { payload: {} }]);
    else await lasting.triggerAndWait({});
  },
});

/** Waits for one that waits in turn. */
export const waitsFarBelow = task({
  id: 'waits-far-below',
  run: async () => waitsBelow.triggerAndWait({ batch: false }),
});

/** Fails for those who ask for it, and sleeps for long before it is tried again. */
export const sleepsBetween = task({
  id: 'sleeps-between',
  queue: queue({ name: 'sleeps-between', concurrencyLimit: 1 }),
  retry: {
    maxAttempts: 2,
    minTimeoutInMs: 25_000,
    maxTimeoutInMs: 25_000,
    factor: 1,
    randomize: false,
  },
  run: async (payload: { fail: boolean }) => {
    if (payload.fail) throw new Error('not yet');
    return 'done';
  },
});

/** Triggers, or waits for, a run under a key that holds everywhere. */
export const byGlobalKey = task({
  id: 'by-global-key',
  run: async (payload: { key: string; wait: boolean; lasting: boolean }) => {
    const idempotencyKey = await idempotencyKeys.create(payload.key, { scope: 'global' });
    const below = payload.lasting ? lasting : child;
    const input = { n: 4, fail: true };
    if (!payload.wait) return { id: (await below.trigger(input, { idempotencyKey })).id };
    const result = await below.triggerAndWait(input, { idempotencyKey });
    return { id: result.id, ok: result.ok, error: result.ok ? null : String(result.error) };
  },
});

/** Waits for itself, which it finds by a key. */
export const waitsForItself = task({
  id: 'waits-for-itself',
  run: async (payload: { key: string; top: boolean }): Promise<string> => {
    const idempotencyKey = await idempotencyKeys.create(payload.key, { scope: 'global' });
    const again = { key: payload.key, top: false };
    if (payload.top) {
      const below = await waitsForItself.triggerAndWait(again, { idempotencyKey });
      return below.ok ? below.output : 'failed';
    }
    return waitsForItself.triggerAndWait(again, { idempotencyKey }).then(
      () => 'ended',
      (error: Error) => error.message,
    );
  },
});

/** Waits for a batch under a key, in each of two attempts. */
export const batchByKey = task({
  id: 'batch-by-key',
  retry: { maxAttempts: 2, minTimeoutInMs: 50, maxTimeoutInMs: 50, factor: 1, randomize: false },
  run: async (_: unknown, { ctx }) => {
    const many = await child.batchTriggerAndWait([{ payload: { n: 2 } }, { payload: { n: 3 } }], {
      idempotencyKey: await idempotencyKeys.create('the batch', { scope: 'run' }),
    });
    metadata.append('batches', many.id);
    await metadata.flush();
    if (ctx.attempt.number === 1) throw new Error('once more');
    return many.runs.map((run) => (run.ok ? run.output.squared : 'failed'));
  },
});

/** Tells where it is to be called back, and what came there. */
export const calledBack = task({
  id: 'called-back',
  run: async () => {
    const token = await wait.createToken({ timeout: '1h' });
    metadata.set('url', token.url);
    await metadata.flush();
    return wait.forToken<{ word: string }>(token).unwrap();
  },
});

/** One at a time, of each key; goes on until it is stopped if it is to be held. */
export const held = task({
  id: 'held',
  queue: queue({ name: 'held', concurrencyLimit: 1 }),
  run: async (payload: { hold: boolean }, { signal }) => {
    const from = Date.now();
    metadata.set('running', true);
    await metadata.flush();
    if (payload.hold) await new Promise((done) => signal.addEventListener('abort', done));
    return { from, to: Date.now() };
  },
});

const WORDS = 'the first';

export const rebuilt = task({ id: 'rebuilt', run: async () => WORDS });

/** Begins in one build, and has its child executed when there is another. */
export const rebuiltParent = task({
  id: 'rebuilt-parent',
  run: async () => {
    const token = await wait.createToken({ timeout: '1h' });
    metadata.set('token', token.id);
    await metadata.flush();
    await wait.forToken(token);
    return { own: WORDS, below: await rebuilt.triggerAndWait().unwrap() };
  },
});
