// Streams of runs with the SDK of the generation before the last: writes one, or reads.
//
//   streams-3.3.js write <run> <key> <count> <pause in ms> | with <run> | fetch <run> <key> | read <run> <key>
import { createRequire } from 'node:module';
import { configure, metadata, runs } from 'trigger-sdk-3.3/v3';
import { observe, service, tell } from './facts.js';

configure({ baseURL: service.url, accessToken: service.key });

const [what = '', run = '', key = '', count = '0', ms = '0'] = process.argv.slice(2);

/** Who writes is inside a task, where the runtime has put this in place. */
function enterTask() {
  const within = createRequire(createRequire(import.meta.url).resolve('trigger-sdk-3.3/v3'));
  const { apiClientManager, runMetadata } = within('@trigger.dev/core/v3');
  const { StandardMetadataManager } = within('@trigger.dev/core/v3/workers');
  const manager = new StandardMetadataManager(apiClientManager.clientOrThrow(), service.url);
  manager.runId = run;
  manager.enterWithMetadata({});
  runMetadata.setGlobalManager(manager);
  return manager;
}

async function* numbered() {
  for (let n = 0; n < Number(count); n++) {
    await new Promise((resolve) => setTimeout(resolve, Number(ms)));
    yield { n, text: `π ${n}` };
  }
}

/** @type {Record<string, () => Promise<unknown>>} */
const behaviours = {
  write: async () => {
    const manager = enterTask();
    await metadata.stream(key, numbered());
    // Its limit is a timer that keeps the program alive, by default for a minute.
    await manager.waitForAllStreams(3_000);
  },
  read: async () => {
    enterTask();
    for await (const chunk of await metadata.fetchStream(key)) {
      tell('chunk', chunk);
    }
    tell('end', null);
  },
  fetch: async () => {
    for await (const chunk of await runs.fetchStream(run, key)) {
      tell('chunk', chunk);
    }
    tell('end', null);
  },
  with: async () => {
    for await (const part of runs.subscribeToRun(run).withStreams()) {
      if (part.type === 'run') {
        tell('run', part.run.status);
        if (part.run.finishedAt) {
          tell('finished', null);
        }
      } else {
        const { type, chunk } = /** @type {{ type: string, chunk: unknown }} */ (part);
        tell('part', { key: type, chunk });
      }
    }
  },
};

await observe(what, behaviours[what] ?? (() => Promise.reject(new Error(`what is ${what}?`))));
