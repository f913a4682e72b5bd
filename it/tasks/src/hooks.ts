import { metadata, task } from '@trigger.dev/sdk';

/** Writes down which of its hooks were called, in their order. */
export const hooked = task({
  id: 'hooked',
  retry: { maxAttempts: 2, minTimeoutInMs: 50, maxTimeoutInMs: 50, factor: 1, randomize: false },
  init: async () => ({ made: 'by init' }),
  onStartAttempt: async () => void metadata.append('calls', 'onStartAttempt'),
  catchError: async () => void metadata.append('calls', 'catchError'),
  onSuccess: async () => void metadata.append('calls', 'onSuccess'),
  onComplete: async () => void metadata.append('calls', 'onComplete'),
  cleanup: async () => void metadata.append('calls', 'cleanup'),
  run: async (_: unknown, { ctx, init }) => {
    metadata.append('calls', 'run');
    if (ctx.attempt.number === 1) throw new Error('once');
    return { made: init?.made };
  },
});
