// Large payloads, results and idempotency keys with the SDK of today's generation, unmodified.
import { apiClientManager } from '@trigger.dev/core/v3';
import { configure, idempotencyKeys, runs, tasks } from '@trigger.dev/sdk';
import { move, observe, service, tell } from './facts.js';

configure({ baseURL: service.url, accessToken: service.key });

const [name = 'store'] = process.argv.slice(2);
const large = { text: 'ü'.repeat(100_000), at: new Date(0) };

await observe('a large payload', async () => {
  const { id } = await tasks.trigger('large', large, { tags: `${name}:large` });
  const run = await runs.retrieve(id);
  return {
    same: run.payload?.text === large.text,
    at: run.payload?.at,
    url: run.payloadPresignedUrl ?? null,
  };
});

await observe('a large text', async () => {
  const text = 'x'.repeat(200_000);
  const { id } = await tasks.trigger('large', text);
  return (await runs.retrieve(id)).payload === text;
});

await observe('results', async () => {
  const client = apiClientManager.clientOrThrow();
  const { id } = await tasks.trigger('result', {});
  const before = (await client.getRunResult(id)) ?? 'none';
  await move(id, { status: 'COMPLETED', output: { answer: 42 } });
  const failed = await tasks.trigger('result', {});
  await move(failed.id, { status: 'CRASHED' });
  return {
    before,
    after: await client.getRunResult(id),
    failed: await client.getRunResult(failed.id),
  };
});

await observe('results of a batch', async () => {
  const client = apiClientManager.clientOrThrow();
  const made = await client.batchTriggerV3({
    items: [
      { task: 'result', payload: '1', options: { payloadType: 'application/json' } },
      { task: 'result', payload: '2', options: { payloadType: 'application/json' } },
    ],
  });
  const [first] = (await runs.list({ batch: made.id, taskIdentifier: 'result' })).data;
  await move(first?.id ?? '', { status: 'COMPLETED', output: 'done' });
  return { made, first: first?.id, results: await client.getBatchResults(made.id) };
});

await observe('reset of a key', async () => {
  const key = await idempotencyKeys.create(`${name}-reset`);
  const first = await tasks.trigger('once', {}, { idempotencyKey: key });
  await idempotencyKeys.reset('once', key);
  const second = await tasks.trigger('once', {}, { idempotencyKey: key });
  const missing = await idempotencyKeys.reset('never', key).then(
    () => 'reset',
    (error) => error.status,
  );
  return { first: first.id, second: second.id, missing };
});

await observe('a key after a failure', async () => {
  const options = { idempotencyKey: await idempotencyKeys.create(`${name}-failing`) };
  const first = await tasks.trigger('failing', {}, options);
  await move(first.id, { status: 'FAILED' });
  const second = await tasks.trigger('failing', {}, options);
  await move(second.id, { status: 'COMPLETED' });
  const third = await tasks.trigger('failing', {}, options);
  return { first: first.id, second: second.id, third: third.id };
});

await observe('a key that expires', async () => {
  const options = {
    idempotencyKey: await idempotencyKeys.create(`${name}-short`),
    idempotencyKeyTTL: '1s',
  };
  const first = await tasks.trigger('short', {}, options);
  let last = await tasks.trigger('short', {}, options);
  const cached = /** @type {{ isCached?: boolean }} */ (last).isCached;
  while (last.id === first.id) {
    last = await tasks.trigger('short', {}, options);
  }
  return { cached };
});

await observe('list', async () => {
  const tag = `${name}:filters`;
  const since = new Date(Date.now() - 60_000);
  const plain = await tasks.trigger('listed', {}, { tags: tag, queue: 'mail' });
  const rich = await tasks.trigger(
    'listed',
    {},
    {
      tags: [tag, `${name}:rich`],
      machine: 'small-2x',
      region: 'eu',
      version: '20260101.1',
    },
  );
  /** @param {Parameters<typeof runs.list>[0]} query */
  const ids = async (query) => (await runs.list({ tag, ...query })).data.map((run) => run.id);
  const newest = await runs.list({ tag, limit: 1 });
  const older = await newest.getNextPage();
  const back = await older.getPreviousPage();
  return {
    plain: plain.id,
    rich: rich.id,
    filters: {
      queue: await ids({ queue: { type: 'custom', name: 'mail' } }),
      taskQueue: await ids({ queue: { type: 'task', name: 'listed' } }),
      machine: await ids({ machine: 'small-2x' }),
      region: await ids({ region: 'eu' }),
      version: await ids({ version: '20260101.1' }),
      from: await ids({ from: since, to: new Date(Date.now() + 60_000) }),
      period: await ids({ period: '1h' }),
      status: await ids({ status: ['QUEUED', 'DELAYED'] }),
      completed: await ids({ status: 'COMPLETED' }),
      isTest: await ids({ isTest: true }),
      anyTag: (await runs.list({ tag: [`${name}:rich`, 'nobody'] })).data.map((run) => run.id),
    },
    newest: newest.data.map((run) => run.id),
    older: older.data.map((run) => run.id),
    back: back.data.map((run) => run.id),
    last: older.hasNextPage(),
  };
});

tell('end', null);
