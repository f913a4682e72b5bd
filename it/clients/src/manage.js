// Triggers and manages runs with the SDK of today's generation, unmodified.
import { auth, batch, configure, idempotencyKeys, runs, tasks } from '@trigger.dev/sdk';
import { move, observe, service, tell } from './facts.js';

configure({ baseURL: service.url, accessToken: service.key });

const [name = 'manage'] = process.argv.slice(2);
const tag = `${name}:tag`;

await observe('trigger', async () => {
  const handle = await tasks.trigger(
    'send-email',
    { to: 'ada@example.com', at: new Date(0), big: 12345678901234567890n },
    {
      tags: [tag, 'second'],
      metadata: { stage: 'new' },
      ttl: '10m',
      machine: 'small-1x',
      maxAttempts: 3,
      maxDuration: 60,
      priority: 5,
      queue: 'mail',
      concurrencyKey: 'ada',
      region: 'eu',
    },
  );
  const run = await runs.retrieve(handle.id);
  return { handle, run };
});

await observe('a text for a payload', async () => {
  const { id } = await tasks.trigger('send-email', 'just text');
  return (await runs.retrieve(id)).payload;
});

await observe('idempotency key', async () => {
  const key = await idempotencyKeys.create(`${name}-key`);
  const first = await tasks.trigger('once', {}, { idempotencyKey: key });
  const second = await tasks.trigger('once', {}, { idempotencyKey: key });
  const { isCached } = /** @type {{ isCached?: boolean }} */ (second);
  return { first: first.id, second: second.id, isCached };
});

await observe('cancel', async () => {
  const { id } = await tasks.trigger('long', {});
  await runs.cancel(id);
  await runs.cancel(id);
  return runs.retrieve(id);
});

await observe('replay', async () => {
  const { id } = await tasks.trigger('again', { n: 1 }, { tags: 'replayed' });
  const replayed = await runs.replay(id);
  return { id, replayed: await runs.retrieve(replayed.id) };
});

await observe('reschedule', async () => {
  const { id } = await tasks.trigger('later', {}, { delay: '1h' });
  const before = await runs.retrieve(id);
  const after = await runs.reschedule(id, { delay: new Date(Date.now() + 7_200_000) });
  return { before, after };
});

await observe('list', async () => {
  const own = `${name}:listed`;
  const ids = [];
  for (let i = 0; i < 5; i++) {
    ids.push((await tasks.trigger(i % 2 === 0 ? 'even' : 'odd', { i }, { tags: own })).id);
  }
  const seen = [];
  for await (const run of runs.list({ tag: own, limit: 2 })) {
    seen.push(run.id);
  }
  const odd = await runs.list({ tag: own, taskIdentifier: 'odd', status: ['QUEUED'] });
  const first = await runs.list({ tag: own, limit: 2 });
  const second = await first.getNextPage();
  return {
    ids,
    seen,
    odd: odd.data.map((run) => run.id),
    second: second.data.map((run) => run.id),
  };
});

await observe('poll', async () => {
  const { id } = await tasks.trigger('polled', {});
  const polled = runs.poll(id, { pollIntervalMs: 50 });
  await move(id, { status: 'EXECUTING' });
  await move(id, { status: 'COMPLETED', output: { answer: 42 } });
  return polled;
});

await observe('a failed run', async () => {
  const { id } = await tasks.trigger('flaky', {});
  await move(id, {
    status: 'FAILED',
    error: { type: 'BUILT_IN_ERROR', name: 'TypeError', message: 'no', stackTrace: 'at x' },
  });
  return runs.retrieve(id);
});

await observe('batch', async () => {
  const made = await batch.trigger([
    { id: 'a', payload: { n: 1 }, options: { tags: 'in-batch' } },
    { id: 'b', payload: 'two' },
  ]);
  const found = await batch.retrieve(made.batchId);
  const members = await Promise.all(found.runs.map((id) => runs.retrieve(id)));
  return { made, found, members: members.map((run) => [run.taskIdentifier, run.payload]).sort() };
});

await observe('batch with an item that can not be triggered', async () => {
  const machine = /** @type {'micro'} */ (/** @type {string} */ ('huge'));
  const made = await batch.trigger([
    { id: 'a', payload: 1 },
    { id: 'b', payload: 2, options: { machine, tags: 'bad' } },
    { id: 'a', payload: 3 },
  ]);
  const found = await batch.retrieve(made.batchId);
  return { found, members: await Promise.all(found.runs.map((id) => runs.retrieve(id))) };
});

await observe('batch of one task', async () => {
  const items = Array.from({ length: 120 }, (_, i) => ({ payload: { i } }));
  const made = await tasks.batchTrigger('many', items);
  return { made, found: await batch.retrieve(made.batchId) };
});

await observe('public token', async () => {
  const { id } = await tasks.trigger('seen', {}, { tags: `${name}:seen` });
  const other = await tasks.trigger('unseen', {});
  const token = await auth.createPublicToken({
    scopes: { read: { tags: [`${name}:seen`] } },
    expirationTime: '1h',
  });
  return auth.withAuth({ accessToken: token, baseURL: service.url }, async () => ({
    own: (await runs.retrieve(id)).id === id,
    other: await runs.retrieve(other.id).then(
      () => 'seen',
      (error) => error.status,
    ),
  }));
});

await observe('no such run', () => runs.retrieve('run_nobody'));

await observe('a wrong key', () =>
  auth.withAuth({ accessToken: 'tr_dev_wrong', baseURL: service.url }, () =>
    tasks.trigger('x', {}),
  ),
);

tell('end', null);
