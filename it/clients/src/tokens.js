// What public tokens of the SDK of today's generation, unmodified, are good for.
import { auth, batch, configure, runs, tasks } from '@trigger.dev/sdk';
import { observe, service } from './facts.js';

configure({ baseURL: service.url, accessToken: service.key });

const [name = 'tokens'] = process.argv.slice(2);
const one = `${name}-one`;
const two = `${name}-two`;

/**
 * Does something with another credential; how it was refused is its status.
 *
 * @template T
 * @param {string} accessToken
 * @param {() => Promise<T>} work
 * @returns {Promise<T | number>}
 */
async function as(accessToken, work) {
  try {
    return await auth.withAuth({ accessToken }, work);
  } catch (error) {
    const { status, cause } = /** @type {{ status?: number, cause?: { status: number } }} */ (
      error
    );
    return status ?? cause?.status ?? -1;
  }
}

/** @param {string} token */
function claims(token) {
  return JSON.parse(Buffer.from(String(token.split('.')[1]), 'base64url').toString());
}

await observe('trigger token', async () => {
  const token = await auth.createTriggerPublicToken(one);
  const other = await as(token, () => tasks.trigger(two, {}));
  const first = await as(token, () => tasks.trigger(one, { n: 1 }, { tags: 'by-token' }));
  const second = await as(token, () => tasks.trigger(one, { n: 2 }));
  if (typeof first === 'number') {
    return { other, first };
  }
  const run = await as(first.publicAccessToken, () => runs.retrieve(first.id));
  const foreign = await as(first.publicAccessToken, () => runs.cancel(first.id));
  return { other, second, run, foreign, claims: claims(token) };
});

await observe('two uses at once', async () => {
  const token = await auth.createTriggerPublicToken(one);
  const uses = [1, 2, 3].map((n) =>
    as(token, () => tasks.trigger(one, { n }, { tags: `${name}-race` })),
  );
  const outcomes = await Promise.all(uses);
  const made = await runs.list({ tag: `${name}-race` });
  return {
    runs: outcomes.filter((outcome) => typeof outcome !== 'number').length,
    refused: outcomes.filter((outcome) => typeof outcome === 'number'),
    made: made.data.length,
  };
});

await observe('a refusal uses nothing up', async () => {
  const token = await auth.createTriggerPublicToken(one);
  const tooMany = await as(token, () =>
    tasks.trigger(one, {}, { tags: Array.from({ length: 11 }, (_, i) => `t${i}`) }),
  );
  const made = await as(token, () => tasks.trigger(one, {}));
  return { tooMany, made: typeof made };
});

await observe('for many uses', async () => {
  const token = await auth.createTriggerPublicToken([one, two], {
    multipleUse: true,
    expirationTime: '1h',
  });
  const made = [];
  for (const task of [one, two, one]) {
    made.push(typeof (await as(token, () => tasks.trigger(task, {}))));
  }
  const { exp, iat } = claims(token);
  return { made, life: exp - iat };
});

await observe('batch token', async () => {
  const token = await auth.createBatchTriggerPublicToken(one);
  const items = [{ payload: { n: 1 } }, { payload: { n: 2 } }];
  const other = await as(token, () => tasks.batchTrigger(two, items));
  const made = await as(token, () => tasks.batchTrigger(one, items));
  const again = await as(token, () => tasks.batchTrigger(one, items));
  if (typeof made === 'number') {
    return { other, made };
  }
  const found = await as(made.publicAccessToken, () => batch.retrieve(made.batchId));
  return { other, again, found };
});

await observe('batch token of two tasks', async () => {
  const token = await auth.createBatchTriggerPublicToken([one, two]);
  const half = await auth.createBatchTriggerPublicToken([one]);
  const items = [
    { id: one, payload: 1 },
    { id: two, payload: 2 },
  ];
  const refused = await as(half, () => batch.trigger(items));
  const made = await as(token, () => batch.trigger(items));
  return { refused, made };
});

await observe('hidden columns', async () => {
  const { id } = await tasks.trigger(one, { secret: 'payload' }, { metadata: { shown: 1 } });
  const token = await auth.createPublicToken({
    scopes: { read: { runs: id } },
    realtime: { skipColumns: ['payload', 'output'] },
  });
  const found = await as(token, () => runs.retrieve(id));
  const seen = await as(token, async () => {
    for await (const run of runs.subscribeToRun(id)) {
      return run;
    }
    return 0;
  });
  return { found, seen };
});

await observe('columns hidden from what it triggers', async () => {
  const token = await auth.createTriggerPublicToken(one, {
    realtime: { skipColumns: ['payload'] },
  });
  const handle = await as(token, () => tasks.trigger(one, { secret: 'payload' }));
  if (typeof handle === 'number') {
    return { handle };
  }
  return { found: await as(handle.publicAccessToken, () => runs.retrieve(handle.id)) };
});

await observe('expiry', async () => {
  const { id } = await tasks.trigger(one, {});
  const scopes = { read: { runs: id } };
  const now = Math.floor(Date.now() / 1000);
  const outcomes = [];
  for (const expirationTime of ['1h', '7 days', new Date((now + 60) * 1000), now + 60, now - 1]) {
    const token = await auth.createPublicToken({ scopes, expirationTime });
    const outcome = await as(token, () => runs.retrieve(id));
    outcomes.push([claims(token).exp - now > 0, typeof outcome === 'number' ? outcome : 'read']);
  }
  return outcomes;
});

await observe('with tokens', async () => {
  const told = /** @type {Record<string, unknown>} */ ({});
  await auth.withTriggerPublicToken(one, {}, async () => {
    told.triggered = (await tasks.trigger(one, {})).id;
  });
  await auth.withBatchTriggerPublicToken(one, {}, async () => {
    told.batch = (await tasks.batchTrigger(one, [{ payload: 1 }])).runCount;
  });
  await auth.withPublicToken({ scopes: { read: { tasks: one } } }, async () => {
    told.read = (await runs.retrieve(String(told.triggered))).id;
    told.lists = await runs.list().catch((error) => error.status);
    told.listsOfTask = (await runs.list({ taskIdentifier: one })).data.length > 0;
  });
  return told;
});

await observe('who reads may not write', async () => {
  const { id } = await tasks.trigger(one, {});
  const reading = await auth.createPublicToken({ scopes: { read: { runs: true } } });
  const writing = await auth.createPublicToken({ scopes: { write: { runs: id } } });
  const read = [
    typeof (await as(reading, () => runs.retrieve(id))),
    await as(reading, () => runs.cancel(id)),
  ];
  const write = [
    await as(writing, () => runs.retrieve(id)),
    typeof (await as(writing, () => runs.cancel(id))),
  ];
  return { read, write };
});
