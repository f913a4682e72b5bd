import { batch, metadata, task, wait } from '@trigger.dev/sdk';

export const child = task({
  id: 'child',
  retry: { maxAttempts: 1 },
  run: async (payload: { n: number; fail?: boolean }) => {
    if (payload.fail) throw new Error(`child ${payload.n} fails`);
    return { squared: payload.n * payload.n };
  },
});

/** Waits for one child after the other, one that fails among them. */
export const parent = task({
  id: 'parent',
  run: async () => {
    const one = await child.triggerAndWait({ n: 3 });
    const failed = await child.triggerAndWait({ n: 4, fail: true });
    return {
      one: one.ok ? one.output.squared : null,
      failed: failed.ok ? null : String((failed.error as Error).message),
    };
  },
});

export const batches = task({
  id: 'batches',
  run: async () => {
    const all = await child.batchTriggerAndWait([
      { payload: { n: 1 } },
      { payload: { n: 2, fail: true } },
      { payload: { n: 3 } },
    ]);
    const mixed = await batch.triggerByTaskAndWait([{ task: child, payload: { n: 5 } }]);
    return {
      all: all.runs.map((run) => (run.ok ? run.output.squared : 'failed')),
      mixed: mixed.runs.map((run) => (run.ok ? run.output.squared : 'failed')),
    };
  },
});

/** Waits for time, and for what somebody says. */
export const patientTask = task({
  id: 'waits',
  run: async () => {
    const from = Date.now();
    await wait.for({ seconds: 6 });
    const waited = Date.now() - from;
    const token = await wait.createToken({ timeout: '1h' });
    metadata.set('token', token.id);
    await metadata.flush();
    const said = await wait.forToken<{ word: string }>(token);
    const late = await wait.forToken(await wait.createToken({ timeout: '1s' }));
    return { waited, word: said.ok ? said.output.word : null, late: late.ok };
  },
});
