// Makes, reads and completes wait tokens with the SDK of today's generation, unmodified.
import { auth, configure, wait } from '@trigger.dev/sdk';
import { observe, service } from './facts.js';

configure({ baseURL: service.url, accessToken: service.key });

const [name = 'waits'] = process.argv.slice(2);
const tag = `${name}:tag`;

/** @param {AsyncIterable<{ id: string }>} tokens */
async function ids(tokens) {
  const found = [];
  for await (const token of tokens) {
    found.push(token.id);
  }
  return found;
}

await observe('create', async () => {
  const made = await wait.createToken({ timeout: '1h', tags: [tag, 'second'] });
  return { made, found: await wait.retrieveToken(made) };
});

await observe('idempotency key', async () => {
  const options = { idempotencyKey: `${name}-key`, idempotencyKeyTTL: '1h' };
  const first = await wait.createToken(options);
  const second = await wait.createToken(options);
  return { first, second, found: await wait.retrieveToken(first.id) };
});

await observe('complete', async () => {
  const token = await wait.createToken();
  const before = await wait.retrieveToken(token);
  const completed = await wait.completeToken(token, { status: 'approved', n: [1, null] });
  const again = await wait.completeToken(token.id, { status: 'rejected' });
  return { before, completed, again, after: await wait.retrieveToken(token) };
});

await observe('complete with little', async () => {
  const outputs = [];
  for (const data of ['', 0, null, undefined]) {
    const token = await wait.createToken();
    await wait.completeToken(token, data);
    const { output, status } = await wait.retrieveToken(token);
    outputs.push([output === undefined ? 'undefined' : output, status]);
  }
  return outputs;
});

await observe('timed out', async () => {
  const token = await wait.createToken({ timeout: new Date(Date.now() + 200) });
  let found = await wait.retrieveToken(token);
  while (found.status === 'WAITING') {
    await new Promise((wake) => setTimeout(wake, 50));
    found = await wait.retrieveToken(token);
  }
  await wait.completeToken(token, 'too late');
  const { error, ...rest } = await wait.retrieveToken(token);
  return { ...rest, errorName: error?.name, errorMessage: error?.message };
});

await observe('callback', async () => {
  const token = await wait.createToken();
  const called = await fetch(token.url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ prediction: 42 }),
  });
  const { output } = await wait.retrieveToken(token);
  return { status: called.status, body: await called.json(), output };
});

await observe('list', async () => {
  const tags = [`${name}:list`];
  const made = /** @type {string[]} */ ([]);
  for (let i = 0; i < 5; i++) {
    made.push((await wait.createToken({ tags, idempotencyKey: `${name}-list-${i}` })).id);
  }
  await wait.completeToken(String(made[1]), {});
  const page = await wait.listTokens({ tags, limit: 2 });
  const second = await page.getNextPage();
  const back = await second.getPreviousPage();
  return {
    made,
    all: await ids(wait.listTokens({ tags, limit: 2 })),
    pages: [page, second, back].map((each) => each.data.map((token) => token.id)),
    completed: await ids(wait.listTokens({ tags, status: 'COMPLETED' })),
    open: await ids(wait.listTokens({ tags, status: ['WAITING', 'TIMED_OUT'] })),
    byKey: await ids(wait.listTokens({ idempotencyKey: `${name}-list-3` })),
    recent: await ids(wait.listTokens({ tags, period: '1h' })),
    older: await ids(wait.listTokens({ tags, to: new Date(Date.now() - 3_600_000) })),
  };
});

await observe('public tokens', async () => {
  const token = await wait.createToken();
  const other = await wait.createToken();
  const reading = await auth.createPublicToken({ scopes: { read: { waitpoints: token.id } } });
  const outcome = /** @type {Record<string, unknown>} */ ({});
  await auth.withAuth({ accessToken: token.publicAccessToken }, async () => {
    outcome.other = await wait.completeToken(other, 1).catch((error) => error.status);
    outcome.own = await wait.completeToken(token, 'by its own token');
    outcome.reads = await wait.retrieveToken(token).catch((error) => error.status);
  });
  await auth.withAuth({ accessToken: reading }, async () => {
    outcome.read = (await wait.retrieveToken(token)).output;
    outcome.readsOther = await wait.retrieveToken(other).catch((error) => error.status);
    outcome.completes = await wait.completeToken(token, 2).catch((error) => error.status);
    outcome.lists = await wait.listTokens().catch((error) => error.status);
  });
  return outcome;
});

await observe('no such token', () => wait.retrieveToken('waitpoint_nobody'));
