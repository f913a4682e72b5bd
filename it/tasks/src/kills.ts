import { appendFileSync } from 'node:fs';
import { task } from '@trigger.dev/sdk';

/** Where whoever executes writes down that it does: one line at a time, in the order of time. */
type Log = { log: string };
type Which = { run: { id: string }; attempt: { number: number } };

function say(to: Log, ctx: Which, what: string): void {
  appendFileSync(to.log, `${ctx.run.id} ${ctx.attempt.number} ${process.pid} ${what}\n`);
}

/** Works for a while, and fails as often as it is told. */
export const steady = task({
  id: 'steady',
  retry: {
    maxAttempts: 3,
    minTimeoutInMs: 2_500,
    maxTimeoutInMs: 2_500,
    factor: 1,
    randomize: false,
  },
  run: async (payload: Log & { beats: number; fails: number }, { ctx }) => {
    say(payload, ctx, 'start');
    for (let i = 0; i < payload.beats; i++) {
      await new Promise((done) => setTimeout(done, 50));
      say(payload, ctx, 'beat');
    }
    if (ctx.attempt.number <= payload.fails) throw new Error('not yet');
    say(payload, ctx, 'end');
  },
});

export const steadyParent = task({
  id: 'steady-parent',
  retry: { maxAttempts: 1 },
  run: async (payload: Log & { beats: number; fails: number }, { ctx }) => {
    say(payload, ctx, 'start');
    for (let i = 0; i < 3; i++) {
      await steady.triggerAndWait(payload);
      say(payload, ctx, 'beat');
    }
    say(payload, ctx, 'end');
  },
});

/** Fails once, is tried again after long enough to change its words, and says them. */
export const restarted = task({
  id: 'restarted',
  retry: {
    maxAttempts: 2,
    minTimeoutInMs: 15_000,
    maxTimeoutInMs: 15_000,
    factor: 1,
    randomize: false,
  },
  run: async (_: unknown, { ctx }) => {
    if (ctx.attempt.number === 1) throw new Error('not yet');
    return { words: 'before' };
  },
});
