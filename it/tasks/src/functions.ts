import {
  batch,
  heartbeats,
  idempotencyKeys,
  locals,
  logger,
  metadata,
  otel,
  retry,
  runs,
  schedules,
  streams,
  tags,
  task,
  tasks,
  usage,
  wait,
  waitUntil,
} from '@trigger.dev/sdk';
import { child } from './waits.js';

const LOCAL = locals.create<string>('of this run');

/** What a task has at hand while it runs. */
export const handy = task({
  id: 'handy',
  run: async () => {
    logger.debug('at debug', { n: 1 });
    logger.log('at log');
    logger.info('at info');
    logger.warn('at warn');
    logger.error('at error');
    const traced = await logger.trace('a span of its own', async () => 'traced');
    const tried = await retry.onThrow(
      async ({ attempt }) => {
        if (attempt < 3) throw new Error('not yet');
        return attempt;
      },
      { maxAttempts: 4, minTimeoutInMs: 10, maxTimeoutInMs: 20, factor: 1, randomize: false },
    );
    const fetched = await retry.fetch(`${process.env.TRIGGER_API_URL}/api/v1/timezones`);
    locals.set(LOCAL, 'kept');
    await heartbeats.yield();
    const measured = await usage.measure(async () => 'measured');
    let late = false;
    waitUntil(
      new Promise<void>((done) =>
        setTimeout(() => {
          late = true;
          metadata.set('late', late);
          done();
        }, 300),
      ),
    );
    return {
      traced,
      tried,
      fetched: fetched.status,
      local: locals.getOrThrow(LOCAL),
      heard: heartbeats.getLastHeartbeat() === undefined ? 'not yet' : 'heard',
      measured: measured.result,
      lasted: usage.getCurrent().compute.attempt.durationMs >= 0,
      outside: otel.withExternalTrace(() => 'outside'),
      late,
    };
  },
});

/** Every way to change metadata, its own and that of those above. */
export const changes = task({
  id: 'changes',
  run: async () => {
    metadata.replace({ seen: ['a', 'b'], n: 5, gone: true });
    metadata
      .append('seen', 'c')
      .remove('seen', 'a')
      .increment('n', 3)
      .decrement('n', 1)
      .del('gone');
    metadata.parent
      .set('child', 'was here')
      .append('children', 'one')
      .append('children', 'two')
      .remove('children', 'two')
      .increment('count', 3)
      .decrement('count', 1)
      .set('gone', true)
      .del('gone');
    metadata.root.set('leaf', 'was here');
    await metadata.flush();
    await metadata.refresh();
    return { current: metadata.current(), n: metadata.get('n') };
  },
});

export const aboveChanges = task({
  id: 'above-changes',
  run: async () => {
    metadata.save({ count: 1 });
    await metadata.flush();
    const result = await changes.triggerAndWait().unwrap();
    await tags.add(['one', 'two']);
    return { below: result, above: await metadata.refresh().then(() => metadata.current()) };
  },
});

/** Triggers by keys of each scope, in two attempts. */
export const keyed = task({
  id: 'keyed',
  retry: { maxAttempts: 2, minTimeoutInMs: 50, maxTimeoutInMs: 50, factor: 1, randomize: false },
  run: async (payload: { key: string }, { ctx }) => {
    for (const scope of ['run', 'attempt', 'global'] as const) {
      const idempotencyKey = await idempotencyKeys.create(payload.key, { scope });
      const handle = await child.trigger({ n: 2 }, { idempotencyKey });
      metadata.append(scope, handle.id);
    }
    await metadata.flush();
    if (ctx.attempt.number === 1) throw new Error('once more');
    // A run that is there, and has ended, or is about to.
    const idempotencyKey = await idempotencyKeys.create(payload.key, { scope: 'global' });
    const found = await child.triggerAndWait({ n: 2 }, { idempotencyKey });
    return { found: found.id, squared: found.ok ? found.output.squared : null };
  },
});

/** Says by which key it was triggered. */
export const keyOf = task({
  id: 'key-of',
  run: async (_: unknown, { ctx }) => ({
    key: ctx.run.idempotencyKey ?? null,
    scope: ctx.run.idempotencyKeyScope ?? null,
    isReplay: ctx.run.isReplay,
  }),
});

export const triggersByKey = task({
  id: 'triggers-by-key',
  run: async () => {
    const idempotencyKey = await idempotencyKeys.create('written by hand', { scope: 'run' });
    return keyOf.triggerAndWait(undefined, { idempotencyKey }).unwrap();
  },
});

/** The other ways to wait for runs, by their names alone. */
export const byName = task({
  id: 'by-name',
  run: async () => {
    const one = await tasks.triggerAndWait<typeof child>('child', { n: 4 });
    const many = await tasks.batchTriggerAndWait<typeof child>('child', [{ payload: { n: 5 } }]);
    const mixed = await batch.triggerAndWait<typeof child>([{ id: 'child', payload: { n: 8 } }]);
    const subscribed = await tasks.triggerAndSubscribe<typeof child>('child', { n: 6 });
    const handle = await tasks.trigger<typeof child>('child', { n: 7 });
    const polled = await runs.poll(handle.id, { pollIntervalMs: 200 });
    return {
      one: one.ok ? one.output.squared : null,
      many: many.runs.map((run) => (run.ok ? run.output.squared : null)),
      mixed: mixed.runs.map((run) => (run.ok ? run.output.squared : null)),
      subscribed: subscribed.ok ? subscribed.output.squared : null,
      polled: (polled.output as { squared: number }).squared,
    };
  },
});

/** A batch that the service refuses, and what a task makes of that. */
export const refused = task({
  id: 'refused',
  run: async () => {
    // A name of no task, which only a cast gets past the compiler.
    const wrong = { id: '' as 'child', payload: { n: 1 } };
    const failed = await batch.triggerAndWait<typeof child>([wrong]).then(
      () => 'taken',
      (error: Error) => error.name,
    );
    const after = await child.triggerAndWait({ n: 3 }).unwrap();
    return { failed, after: after.squared };
  },
});

export const yearly = schedules.task({
  id: 'yearly',
  cron: { pattern: '0 0 1 1 *', timezone: 'Europe/London' },
  run: async (payload) => ({
    type: payload.type,
    zone: payload.timezone,
    dates: [payload.timestamp, ...payload.upcoming].every((at) => at instanceof Date),
    upcoming: payload.upcoming.length,
  }),
});

const spoken = streams.define<string>({ id: 'spoken' });
export const approval = streams.input<{ yes: boolean }>({ id: 'approval' });

/** Says something while it runs, by every way there is. */
export const speaks = task({
  id: 'speaks',
  run: async () => {
    async function* words() {
      yield 'Hello, ';
      yield 'world';
    }
    await spoken.pipe(words()).waitUntilComplete();
    await streams.append('appended', 'one');
    const written = streams.writer('written', {
      execute: async ({ write }) => {
        write('a');
        write('b');
      },
    });
    await written.waitUntilComplete();
    const stream = await metadata.stream('older', words());
    let older = '';
    for await (const word of stream) older += word;
    return { older };
  },
});

/** Waits for what is sent in to it, three times, once in vain. */
export const listens = task({
  id: 'listens',
  run: async () => {
    metadata.set('listening', true);
    await metadata.flush();
    const first = await approval.wait({ timeout: '1h' }).unwrap();
    const second = await approval.wait().unwrap();
    const third = await approval.wait({ timeout: '1s' });
    return { first: first.yes, second: second.yes, third: third.ok };
  },
});

/** Waits until a date, and again under a key that stands for the same. */
export const dated = task({
  id: 'dated',
  run: async () => {
    const date = new Date(Date.now() + 6_000);
    await wait.until({ date, idempotencyKey: 'until then' });
    const from = Date.now();
    const far = new Date(Date.now() + 3_600_000);
    await wait.until({ date: far, idempotencyKey: 'until then' });
    return { reached: from >= date.getTime(), again: Date.now() - from };
  },
});
