import { batch, idempotencyKeys, metadata, task, wait } from '@trigger.dev/sdk';
import { child } from './waits.js';

/** A name of no machine there is, which only a cast gets past the compiler. */
const options = { machine: 'huge' as 'micro' };

function told(runs: { ok: boolean; output?: unknown; error?: unknown }[]) {
  return runs.map((run) => (run.ok ? run.output : String(run.error)));
}

/** Waits for three of one task, and then of several, of which the second can't be triggered. */
export const someBad = task({
  id: 'some-bad',
  run: async () => {
    const alike = await child.batchTriggerAndWait([
      { payload: { n: 1 } },
      { payload: { n: 2 }, options },
      { payload: { n: 3 } },
    ]);
    const mixed = await batch.triggerByTaskAndWait([
      { task: child, payload: { n: 4 } },
      { task: opener, payload: { token: 'none' }, options },
      { task: child, payload: { n: 5 } },
    ]);
    return { alike: told(alike.runs), mixed: told(mixed.runs) };
  },
});

/** Waits until a token is completed. */
export const opener = task({
  id: 'opener',
  run: async (payload: { token: string }) => wait.forToken<string>(payload.token).unwrap(),
});

/** Waits for such a batch, in each of two attempts, while it is held up by a token. */
export const someBadAgain = task({
  id: 'some-bad-again',
  retry: { maxAttempts: 2, minTimeoutInMs: 50, maxTimeoutInMs: 50, factor: 1, randomize: false },
  run: async (_: unknown, { ctx }) => {
    const key = await idempotencyKeys.create('the token', { scope: 'run' });
    const token = await wait.createToken({ timeout: '1h', idempotencyKey: key });
    metadata.set('token', token.id);
    await metadata.flush();
    const all = await batch.triggerByTaskAndWait(
      [
        { task: opener, payload: { token: token.id } },
        { task: opener, payload: { token: token.id }, options },
        { task: child, payload: { n: 6 } },
      ],
      { idempotencyKey: await idempotencyKeys.create('the batch', { scope: 'run' }) },
    );
    if (ctx.attempt.number === 1) throw new Error('once more');
    return told(all.runs);
  },
});
