import { logger, metadata, queue, schemaTask, tags, task } from '@trigger.dev/sdk';
import { z } from 'zod';

/** The least that a task can be. */
export const greet = task({
  id: 'greet',
  run: async (payload: { name: string; at?: Date }, { ctx }) => {
    logger.info('greeting', { name: payload.name });
    return {
      text: `Hello, ${payload.name}`,
      attempt: ctx.attempt.number,
      run: ctx.run.id,
      isDate: payload.at instanceof Date,
      variable: process.env.GREETING ?? null,
    };
  },
});

export const typed = schemaTask({
  id: 'typed',
  schema: z.object({ count: z.number().int() }),
  run: async (payload) => ({ doubled: payload.count * 2 }),
});

/** What a task tells while it runs. */
export const tells = task({
  id: 'tells',
  run: async () => {
    metadata.set('step', 1).append('seen', 'a').increment('n', 2);
    await tags.add('told');
    await metadata.flush();
    metadata.set('step', 2);
    return 'done';
  },
});

export const oneAtATime = queue({ name: 'one-at-a-time', concurrencyLimit: 1 });

/** Writes down between which times it ran. */
export const exclusive = task({
  id: 'exclusive',
  queue: oneAtATime,
  run: async () => {
    const from = Date.now();
    await new Promise((done) => setTimeout(done, 300));
    return { from, to: Date.now() };
  },
});

export const small = task({
  id: 'small',
  machine: 'micro',
  run: async (_: unknown, { ctx }) => ({ machine: ctx.machine?.name }),
});
