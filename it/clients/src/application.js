// An application as its users write it: it says nowhere where the service is, so that it goes by
// its environment alone. Triggers a run, follows it to its end and lists it, on the server.
//
//   application.js <package of the SDK>
import { move, observe, tell } from './facts.js';

const [name = '@trigger.dev/sdk'] = process.argv.slice(2);

/** @type {typeof import('@trigger.dev/sdk')} */
const { runs, tasks } = await import(name);

await observe('followed', async () => {
  const handle = await tasks.trigger('welcome', { to: 'ada@example.com' }, { tags: 'user:1' });
  /** @type {string[]} */
  const statuses = [];
  for await (const run of runs.subscribeToRun(handle.id)) {
    if (run.status === statuses.at(-1)) {
      continue;
    }
    statuses.push(run.status);
    if (run.status === 'QUEUED') {
      await move(handle.id, { status: 'COMPLETED', output: { sent: true } });
    }
    if (run.finishedAt) {
      break;
    }
  }
  const run = await runs.retrieve(handle.id);
  return { statuses, output: run.output, tags: run.tags };
});

tell('end', null);
process.exit(0);
