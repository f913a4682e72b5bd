// What is left of either generation of the SDK, unmodified, pointed here by its own variables.
import { failure, move, observe, service, tell } from './facts.js';

const [generation = '4.8.3', name = 'sundry'] = process.argv.slice(2);
const sdk = generation === '3.3.17' ? 'trigger-sdk-3.3/v3' : '@trigger.dev/sdk';
const { auth, batch, runs, task, tasks } = /** @type {any} */ (await import(sdk));

await observe('batch of tasks', async () => {
  const one = task({ id: `${name}-one`, run: async () => 1 });
  const two = task({ id: `${name}-two`, run: async () => 2 });
  const made = await batch.triggerByTask([
    { task: one, payload: { n: 1 } },
    { task: two, payload: 'two' },
  ]);
  const members = await Promise.all((await runsOf(made)).map((id) => runs.retrieve(id)));
  return members.map((run) => [run.taskIdentifier.slice(name.length), run.payload]);
});

await observe('batch by key', async () => {
  const items = [{ payload: { i: 0 } }, { payload: { i: 1 } }];
  const options = { idempotencyKey: `${name}-batch`, idempotencyKeyTTL: '1h' };
  const first = await tasks.batchTrigger(`${name}-many`, items, options);
  const second = await tasks.batchTrigger(`${name}-many`, items, options);
  return { first: first.batchId, second: second.batchId, runs: (await runsOf(second)).length };
});

await observe('poll', async () => {
  const { id } = await tasks.trigger(`${name}-polled`, {});
  const polled = runs.poll(id, { pollIntervalMs: 50 });
  await move(id, { status: 'COMPLETED', output: { answer: 42 } });
  return polled;
});

await observe('trigger token', async () => {
  const token = await auth.createTriggerPublicToken(`${name}-one`);
  const uses = [];
  for (const asked of [`${name}-two`, `${name}-one`, `${name}-one`]) {
    uses.push(await as(token, () => tasks.trigger(asked, {})));
  }
  return uses;
});

await observe('batch token', async () => {
  const token = await auth.createBatchTriggerPublicToken(`${name}-one`);
  const uses = [];
  for (const asked of [`${name}-two`, `${name}-one`, `${name}-one`]) {
    uses.push(await as(token, () => tasks.batchTrigger(asked, [{ payload: 1 }])));
  }
  return uses;
});

await observe('within a token', async () => {
  const { id } = await tasks.trigger(`${name}-seen`, {});
  const did = [];
  await auth.withPublicToken({ scopes: { read: { runs: [id] } } }, async () => {
    did.push((await runs.retrieve(id)).id === id, await status(() => runs.cancel(id)));
  });
  await auth.withTriggerPublicToken(`${name}-one`, {}, async () => {
    did.push(await status(() => tasks.trigger(`${name}-one`, {})));
  });
  await auth.withBatchTriggerPublicToken(`${name}-one`, {}, async () => {
    did.push(await status(() => tasks.batchTrigger(`${name}-one`, [{ payload: 1 }])));
  });
  did.push(await status(() => runs.cancel(id)));
  return did;
});

// The last: the older generation lets nobody configure it twice.
await observe('configured', async () => {
  auth.configure({ baseURL: service.url, accessToken: 'tr_dev_wrong' });
  return status(() => tasks.trigger(`${name}-one`, {}));
});

tell('end', null);

/**
 * The runs of a batch: the older generation is told them when it is made, today's asks for them.
 *
 * @param {{ batchId: string, runs?: { id: string }[] }} made
 * @returns {Promise<string[]>}
 */
async function runsOf(made) {
  return made.runs?.map((run) => run.id) ?? (await batch.retrieve(made.batchId)).runs;
}

/**
 * @param {string} accessToken
 * @param {() => Promise<unknown>} work
 */
function as(accessToken, work) {
  return auth.withAuth({ accessToken }, () => status(work));
}

/**
 * How it went: 200, or the status that it was refused with.
 *
 * @param {() => Promise<unknown>} work
 */
async function status(work) {
  try {
    await work();
    return 200;
  } catch (error) {
    const { cause } = /** @type {{ cause?: unknown }} */ (error);
    return failure(error).status ?? failure(cause).status ?? String(error);
  }
}
