// Debounces triggers with the SDK of today's generation, unmodified.
import { batch, configure, runs, tasks } from '@trigger.dev/sdk';
import { observe, service } from './facts.js';

configure({ baseURL: service.url, accessToken: service.key });

/**
 * Triggers a run and reads it.
 *
 * @param {string} task
 * @param {unknown} payload
 * @param {Parameters<typeof tasks.trigger>[2]} options
 */
async function triggered(task, payload, options) {
  const handle = await tasks.trigger(task, payload, options);
  return { handle, run: await runs.retrieve(handle.id) };
}

await observe('leading', async () => {
  const debounce = { key: 'document', delay: '1h' };
  return [
    await triggered('index', { text: 'a' }, { debounce, tags: 'first' }),
    await triggered('index', { text: 'b' }, { debounce, tags: 'second' }),
  ];
});

await observe('trailing', async () => {
  const debounce = { key: 'trailing', delay: '1h', mode: /** @type {const} */ ('trailing') };
  return [
    await triggered('index', { text: 'a', at: new Date(0) }, { debounce, tags: 'first' }),
    await triggered(
      'index',
      { text: 'b', at: new Date(1) },
      { debounce, tags: 'second', metadata: { stage: 'late' } },
    ),
  ];
});

await observe('maxDelay', async () => {
  const debounce = { key: 'bounded', delay: '1h' };
  const bounded = { key: 'bounded', delay: '10m', maxDelay: '601s' };
  const first = await triggered('index', { n: 1 }, { debounce });
  const pushed = await triggered('index', { n: 2 }, { debounce: { ...debounce, maxDelay: '2h' } });
  // From when the first has been there for longer than what is between the delay and its bound.
  await new Promise((done) => setTimeout(done, 1_500));
  const next = await triggered('index', { n: 3 }, { debounce: bounded });
  return [first, pushed, next, await triggered('index', { n: 4 }, { debounce })];
});

await observe('an idempotency key first', async () => {
  const debounce = { key: 'both', delay: '1h' };
  const first = await tasks.trigger('index', { n: 1 }, { debounce });
  const keyed = await tasks.trigger('index', { n: 2 }, { debounce, idempotencyKey: 'once' });
  await runs.cancel(first.id);
  const cached = await tasks.trigger('index', { n: 3 }, { debounce, idempotencyKey: 'once' });
  const next = await tasks.trigger('index', { n: 4 }, { debounce });
  return [first, keyed, cached, next];
});

await observe('batch', async () => {
  const debounce = { key: 'batch', delay: '1h', mode: /** @type {const} */ ('trailing') };
  const there = await tasks.trigger('index', { n: 1 }, { debounce });
  const made = await batch.trigger([
    { id: 'index', payload: { n: 2 }, options: { debounce } },
    { id: 'index', payload: { n: 3 }, options: { debounce } },
    { id: 'other', payload: { n: 4 }, options: { debounce } },
  ]);
  return {
    there: await runs.retrieve(there.id),
    found: await batch.retrieve(made.batchId),
  };
});

await observe('a delay that is no length of time', () =>
  tasks.trigger('index', {}, { debounce: { key: 'k', delay: '2030-01-01' } }),
);

await observe('a bound below the delay', () =>
  tasks.trigger('index', {}, { debounce: { key: 'k', delay: '10s', maxDelay: '5s' } }),
);
