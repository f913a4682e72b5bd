// What is kept beside runs, large payloads and keys, with the SDK of the generation before, unmodified.
import { createRequire } from 'node:module';
import {
  auth,
  configure,
  envvars,
  idempotencyKeys,
  runs,
  schedules,
  tasks,
} from 'trigger-sdk-3.3/v3';
import { failure, move, observe, service, tell } from './facts.js';

configure({ baseURL: service.url, accessToken: service.key });

const [name = 'stored-3.3'] = process.argv.slice(2);
const project = 'proj_runcast';
// What the runtime of that generation asks with, from the very package that the SDK brings.
const { ApiClient } = createRequire(import.meta.resolve('trigger-sdk-3.3/v3'))(
  '@trigger.dev/core/v3',
);
const client = new ApiClient(service.url, service.key);
const large = 'ü'.repeat(100_000);

await observe('a large payload', async () => {
  const { id } = await tasks.trigger('old-large', { text: large, at: new Date(0) });
  const { payload } = await runs.retrieve(id);
  return { same: payload?.text === large, at: payload?.at };
});

await observe('a payload that was put apart', async () => {
  const path = `old/${name}/payload.json`;
  const { presignedUrl } = await client.createUploadPayloadUrl(path);
  await fetch(presignedUrl, {
    method: 'PUT',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ text: large }),
  });
  const options = { payloadType: 'application/store' };
  const { id } = await client.triggerTask('old-large', { payload: path, options });
  const run = await runs.retrieve(id);
  const read = await fetch((await client.getPayloadUrl(path)).presignedUrl);
  return { same: run.payload?.text === large, byName: (await read.json()).text === large };
});

await observe('an idempotency key', async () => {
  const key = await idempotencyKeys.create([name, 'key']);
  const options = { idempotencyKey: key, idempotencyKeyTTL: '1h' };
  const first = await tasks.trigger('old-once', {}, options);
  const second = await tasks.trigger('old-once', {}, options);
  await move(first.id, { status: 'FAILED' });
  const third = await tasks.trigger('old-once', {}, options);
  const short = { idempotencyKey: `${name}-short`, idempotencyKeyTTL: '1s' };
  const before = await tasks.trigger('old-once', {}, short);
  let after = await tasks.trigger('old-once', {}, short);
  while (after.id === before.id) {
    after = await tasks.trigger('old-once', {}, short);
  }
  return { first: first.id, second: second.id, third: third.id };
});

await observe('a public token', async () => {
  const { id } = await tasks.trigger('old-seen', {});
  const other = await tasks.trigger('old-unseen', {});
  const token = await auth.createPublicToken({ scopes: { read: { runs: [id] } } });
  return auth.withAuth({ accessToken: token, baseURL: service.url }, async () => ({
    own: (await runs.retrieve(id)).id === id,
    other: await runs.retrieve(other.id).catch(failure),
  }));
});

await observe('results', async () => {
  const { id } = await tasks.trigger('old-result', {});
  const before = (await client.getRunResult(id)) ?? 'none';
  await move(id, { status: 'COMPLETED', output: { answer: 42 } });
  const failed = await tasks.trigger('old-result', {});
  const error = { type: 'INTERNAL_ERROR', code: 'RECURSIVE_WAIT_DEADLOCK' };
  await move(failed.id, { status: 'CRASHED', error });
  const made = await tasks.batchTrigger('old-result', [{ payload: 1 }, { payload: 2 }]);
  await move(made.runs[0]?.id ?? '', { status: 'COMPLETED', output: 'done' });
  return {
    before,
    after: await client.getRunResult(id),
    failed: await client.getRunResult(failed.id),
    first: made.runs[0]?.id,
    batch: await client.getBatchResults(made.batchId),
  };
});

await observe('schedules', async () => {
  const plan = { task: 'report', cron: '0 9 * * *', deduplicationKey: `${name}-schedule` };
  const created = await schedules.create(plan);
  const updated = await schedules.update(created.id, { task: 'report', cron: '@yearly' });
  const off = await schedules.deactivate(created.id);
  const on = await schedules.activate(created.id);
  const retrieved = await schedules.retrieve(created.id);
  const listed = await schedules.list();
  const deleted = await schedules.del(created.id);
  return {
    created,
    updated,
    off,
    on,
    retrieved,
    listed: listed.data.some((schedule) => schedule.id === created.id),
    deleted,
    zones: (await schedules.timezones()).timezones.length,
  };
});

await observe('variables', async () => {
  const key = name.replace(/\W/g, '_').toUpperCase();
  await envvars.create(project, 'dev', { name: `OLD_${key}_A`, value: 'one' });
  await envvars.upload(project, 'dev', { variables: { [`OLD_${key}_B`]: 'two' } });
  const one = await envvars.retrieve(project, 'dev', `OLD_${key}_A`);
  const all = await envvars.list(project, 'dev');
  await envvars.del(project, 'dev', `OLD_${key}_A`);
  return {
    one: one.value,
    all: all.filter((variable) => variable.name.startsWith(`OLD_${key}`)).map(({ value }) => value),
    gone: await envvars.retrieve(project, 'dev', `OLD_${key}_A`).catch(failure),
  };
});

await observe('a change of a variable', async () =>
  envvars.update(project, 'dev', 'ANY', { value: 'five' }),
);

tell('end', null);
