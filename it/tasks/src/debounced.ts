import { task } from '@trigger.dev/sdk';

/** Says what it was given, and how often it was begun. */
export const debounced = task({
  id: 'debounced',
  retry: { maxAttempts: 1 },
  run: async (payload: { n: number }, { ctx }) => ({ n: payload.n, attempt: ctx.attempt.number }),
});

/** Triggers it three times in a row, and tells the runs that came of it. */
export const debounces = task({
  id: 'debounces',
  run: async (payload: { key: string }) => {
    const debounce = { key: payload.key, delay: '1h', mode: 'trailing' as const };
    const ids: string[] = [];
    for (const n of [1, 2, 3]) ids.push((await debounced.trigger({ n }, { debounce })).id);
    return { ids };
  },
});

/** Waits for the run of a key, which others may wait for as well. */
export const waitsForDebounced = task({
  id: 'waits-for-debounced',
  run: async (payload: { key: string; n: number }) => {
    const debounce = { key: payload.key, delay: '1h' };
    const result = await debounced.triggerAndWait({ n: payload.n }, { debounce });
    return { id: result.id, n: result.ok ? result.output.n : null };
  },
});
