// Triggers and manages runs with the SDK of the generation before, unmodified.
import { auth, batch, configure, runs, tasks } from 'trigger-sdk-3.3/v3';
import { move, observe, service, tell } from './facts.js';

configure({ baseURL: service.url, accessToken: service.key });

const [name = 'manage-3.3'] = process.argv.slice(2);

await observe('trigger', async () => {
  const handle = await tasks.trigger('old-mail', { at: new Date(0) }, { tags: [`${name}:tag`] });
  return { handle, run: await runs.retrieve(handle.id) };
});

await observe('statuses', async () => {
  const { id } = await tasks.trigger('old-steps', {});
  const seen = [];
  for (const status of ['DEQUEUED', 'EXECUTING', 'WAITING_TO_RESUME', 'RETRYING_AFTER_FAILURE']) {
    await move(id, { status });
    seen.push((await runs.retrieve(id)).status);
    if (status === 'WAITING_TO_RESUME') {
      await move(id, { status: 'EXECUTING' });
    }
  }
  return seen;
});

await observe('batch', async () => {
  const made = await batch.trigger([
    { id: 'old-a', payload: { n: 1 } },
    { id: 'old-b', payload: 'two' },
  ]);
  const members = await Promise.all(made.runs.map((run) => runs.retrieve(run.id)));
  const before = await batch.retrieve(made.batchId);
  for (const { id } of made.runs) {
    await move(id, { status: 'COMPLETED', output: { done: true } });
  }
  return {
    made,
    before,
    after: await batch.retrieve(made.batchId),
    members: members.map((run) => [run.taskIdentifier, run.payload]),
  };
});

await observe('batch by key', async () => {
  const items = [{ payload: { i: 0 } }, { payload: { i: 1 } }];
  const options = { idempotencyKey: `${name}-batch`, idempotencyKeyTTL: '1h' };
  const first = await tasks.batchTrigger('old-many', items, options);
  const second = await tasks.batchTrigger('old-many', items, options);
  return { first, second };
});

await observe('token of a batch', async () => {
  const made = await tasks.batchTrigger('old-many', [{ payload: 1 }]);
  return auth.withAuth({ accessToken: made.publicAccessToken, baseURL: service.url }, async () => ({
    own: (await batch.retrieve(made.batchId)).id === made.batchId,
  }));
});

await observe('list', async () => {
  const { id } = await tasks.trigger('old-waiting', {}, { tags: `${name}:list` });
  await move(id, { status: 'EXECUTING' });
  await move(id, { status: 'WAITING_TO_RESUME' });
  const frozen = await runs.list({ tag: `${name}:list`, status: 'FROZEN' });
  return { id, frozen: frozen.data.map((run) => [run.id, run.status]) };
});

await observe('trigger and poll', async () => {
  const done = tasks.triggerAndPoll('old-polled', {}, { tags: `${name}:poll`, pollIntervalMs: 50 });
  let found = await runs.list({ tag: `${name}:poll` });
  while (found.data.length === 0) {
    found = await runs.list({ tag: `${name}:poll` });
  }
  await move(found.data[0]?.id ?? '', { status: 'COMPLETED', output: { answer: 42 } });
  return done;
});

await observe('changes', async () => {
  const { id } = await tasks.trigger('old-later', {}, { delay: '1h' });
  const later = await runs.reschedule(id, { delay: '2h' });
  await runs.cancel(id);
  const replayed = await runs.replay(id);
  return {
    later: later.status,
    canceled: (await runs.retrieve(id)).status,
    replayed: replayed.id !== id,
  };
});

await observe('no such run', () => runs.retrieve('run_nobody'));

tell('end', null);
