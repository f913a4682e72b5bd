// What is kept beside runs, with the SDK of today's generation, unmodified.
import { configure, envvars, queues, runs, schedules, tasks } from '@trigger.dev/sdk';
import { failure, move, observe, service, tell } from './facts.js';

configure({ baseURL: service.url, accessToken: service.key });

const [name = 'stored'] = process.argv.slice(2);
const project = 'proj_runcast';

await observe('queues', async () => {
  const own = `${name}/own`;
  const { id } = await tasks.trigger(`${name}-task`, {}, { queue: own });
  await tasks.trigger(`${name}-task`, {}, { queue: own });
  await tasks.trigger(`${name}-task`, {});
  await move(id, { status: 'EXECUTING' });
  const custom = await queues.retrieve({ type: 'custom', name: own });
  const paused = await queues.pause({ type: 'custom', name: own });
  const resumed = await queues.resume(custom.id);
  const overridden = await queues.overrideConcurrencyLimit(custom.id, 7);
  const reset = await queues.resetConcurrencyLimit({ type: 'custom', name: own });
  const task = await queues.retrieve({ type: 'task', name: `${name}-task` });
  return {
    custom,
    paused,
    resumed,
    overridden,
    reset,
    task,
    byId: await queues.retrieve(custom.id),
  };
});

await observe('list of queues', async () => {
  const seen = [];
  for await (const queue of queues.list({ perPage: 1 })) {
    seen.push(queue.name);
  }
  const first = await queues.list({ perPage: 1 });
  return { seen, pagination: first.pagination, next: (await first.getNextPage()).data.length };
});

await observe('no such queue', () =>
  queues.retrieve({ type: 'custom', name: `${name}-none` }).catch(failure),
);

await observe('variables', async () => {
  const at = /** @type {const} */ ([project, 'dev']);
  const key = name.replace(/\W/g, '_').toUpperCase();
  await envvars.create(...at, { name: `${key}_A`, value: 'one' });
  const created = await envvars.retrieve(...at, `${key}_A`);
  await envvars.upload(...at, {
    variables: { [`${key}_A`]: 'two', [`${key}_B`]: 'three' },
    override: true,
  });
  const uploaded = await envvars.list(...at);
  const refused = await envvars
    .upload(...at, { variables: { [`${key}_B`]: 'four' } })
    .catch(failure);
  await envvars.del(...at, `${key}_A`);
  return {
    key,
    created,
    uploaded: uploaded.filter((variable) => variable.name.startsWith(key)),
    refused,
    gone: await envvars.retrieve(...at, `${key}_A`).catch(failure),
    elsewhere: await envvars.list(project, 'prod').catch(failure),
  };
});

await observe('a change of a variable', async () =>
  envvars.update(project, 'dev', 'ANY', { value: 'five' }),
);

await observe('a secret variable', async () => {
  const key = `${name.replace(/\W/g, '_').toUpperCase()}_SECRET`;
  await envvars.upload(project, 'dev', { variables: { [key]: 'hush' }, isSecret: true });
  return envvars.retrieve(project, 'dev', key);
});

await observe('schedules', async () => {
  const plan = {
    task: 'report',
    cron: '0 9 * * 1-5',
    timezone: 'America/New_York',
    externalId: 'customer 1',
    deduplicationKey: `${name}-schedule`,
    window: '30m',
  };
  const created = await schedules.create(plan);
  const again = await schedules.create({ ...plan, cron: '*/5 * 29 2 *' });
  const updated = await schedules.update(created.id, { task: 'other', cron: '@yearly' });
  const off = await schedules.deactivate(created.id);
  const on = await schedules.activate(created.id);
  const retrieved = await schedules.retrieve(created.id);
  await schedules.create({ ...plan, deduplicationKey: `${name}-second` });
  const seen = [];
  for await (const schedule of schedules.list({ perPage: 1 })) {
    seen.push(schedule.deduplicationKey);
  }
  const ofIt = await runs.list({ schedule: created.id });
  const deleted = await schedules.del(created.id);
  return {
    created,
    again,
    updated,
    off,
    on,
    retrieved,
    seen,
    runs: ofIt.data.length,
    deleted,
    gone: await schedules.retrieve(created.id).catch(failure),
    refused: await schedules.create({ ...plan, cron: '0 0 31 2 *' }).catch(failure),
  };
});

await observe('time zones', async () => ({
  all: (await schedules.timezones()).timezones,
  places: (await schedules.timezones({ excludeUtc: true })).timezones,
}));

tell('end', null);
