import { logger, metadata, task, tasks, wait } from '@trigger.dev/sdk';

/** Which hooks of all tasks were called, of those tasks that have it written down. */
const note = (ctx: { task: { id: string } }, hook: string) => {
  if (ctx.task.id.startsWith('observed')) metadata.append('calls', hook);
};

tasks.onStart('note', ({ ctx }) => note(ctx, 'onStart'));
tasks.onStartAttempt('note', ({ ctx }) => note(ctx, 'onStartAttempt'));
tasks.onSuccess('note', ({ ctx }) => note(ctx, 'onSuccess'));
tasks.onFailure('note', ({ ctx }) => note(ctx, 'onFailure'));
tasks.onComplete('note', ({ ctx }) => note(ctx, 'onComplete'));
tasks.onWait('note', ({ ctx }) => note(ctx, 'onWait'));
tasks.onResume('note', ({ ctx }) => note(ctx, 'onResume'));
// Its run has ended by then, and takes no more metadata.
tasks.onCancel('note', ({ ctx }) => logger.info(`onCancel of ${ctx.task.id}`));
tasks.catchError('note', ({ ctx }) => note(ctx, 'catchError'));
tasks.handleError('note by its older name', ({ ctx }) => note(ctx, 'handleError'));
tasks.middleware('note', async ({ ctx, next }) => {
  note(ctx, 'middleware');
  await next();
});

/** Fails once, then waits for long enough that the service is asked. */
export const observed = task({
  id: 'observed',
  retry: { maxAttempts: 2, minTimeoutInMs: 50, maxTimeoutInMs: 50, factor: 1, randomize: false },
  run: async (_: unknown, { ctx }) => {
    if (ctx.attempt.number === 1) throw new Error('once');
    await wait.for({ seconds: 6 });
    return 'done';
  },
});

export const observedFailure = task({
  id: 'observed-failure',
  run: async () => {
    throw new Error('for good');
  },
});

/** Is to be cancelled. */
export const observedEndless = task({
  id: 'observed-endless',
  run: async (_: unknown, { signal }) => {
    metadata.set('running', true);
    await metadata.flush();
    await new Promise((done) => signal.addEventListener('abort', done));
  },
});
