import { AbortTaskRunError, metadata, task } from '@trigger.dev/sdk';

/** Fails until the attempt that its payload names. */
export const flaky = task({
  id: 'flaky',
  retry: { maxAttempts: 5, minTimeoutInMs: 50, maxTimeoutInMs: 100, factor: 1, randomize: false },
  run: async (payload: { until: number }, { ctx }) => {
    if (ctx.attempt.number < payload.until) throw new Error(`attempt ${ctx.attempt.number} fails`);
    return { attempt: ctx.attempt.number };
  },
});

/** Fails once, and waits for longer than its worker keeps it. */
export const patient = task({
  id: 'patient',
  retry: {
    maxAttempts: 2,
    minTimeoutInMs: 2_500,
    maxTimeoutInMs: 2_500,
    factor: 1,
    randomize: false,
  },
  run: async (_: unknown, { ctx }) => {
    if (ctx.attempt.number === 1) throw new Error('not yet');
    return { attempt: ctx.attempt.number };
  },
});

export const aborts = task({
  id: 'aborts',
  retry: { maxAttempts: 3 },
  run: async () => {
    throw new AbortTaskRunError('no use');
  },
});

/** Takes its process with it, once. */
export const exits = task({
  id: 'exits',
  retry: { maxAttempts: 2, minTimeoutInMs: 50, maxTimeoutInMs: 100, factor: 1, randomize: false },
  run: async (_: unknown, { ctx }) => {
    if (ctx.attempt.number === 1) process.exit(7);
    return { attempt: ctx.attempt.number };
  },
});

export const alwaysExits = task({
  id: 'always-exits',
  retry: { maxAttempts: 1 },
  run: async () => process.exit(7),
});

/** Goes on until it is told to stop. */
export const endless = task({
  id: 'endless',
  run: async (_: unknown, { signal }) => {
    metadata.set('running', true);
    await metadata.flush();
    await new Promise((done) => signal.addEventListener('abort', done));
    return 'aborted';
  },
});

export const tooLong = task({
  id: 'too-long',
  maxDuration: 5,
  run: async () => {
    const end = Date.now() + 60_000;
    // Its time is that of the processor.
    while (Date.now() < end) await new Promise((done) => setImmediate(done));
  },
});
