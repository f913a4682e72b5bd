// Streams of runs with the SDK of today's generation: writes one, sends in to one, or reads one.
//
//   streams.js pipe <run> <key> <count> <pause in ms> | append <run> <key> <text> | define <run> <key>
//   streams.js metadata <run> <key> <count> <pause in ms>
//   streams.js read <run> <key> [options] | fetch <run> <key> | with <run>
//   streams.js send <run> <key>
import { apiClientManager, realtimeStreams, runMetadata, taskContext } from '@trigger.dev/core/v3';
import {
  StandardMetadataManager,
  StandardRealtimeStreamsManager,
} from '@trigger.dev/core/v3/workers';
import { configure, metadata, runs, streams } from '@trigger.dev/sdk';
import { observe, service, tell } from './facts.js';

configure({ baseURL: service.url, accessToken: service.key });

const [what = '', run = '', key = '', ...rest] = process.argv.slice(2);

// Who writes is inside a task, where the runtime has put this in place.
realtimeStreams.setGlobalManager(
  new StandardRealtimeStreamsManager(apiClientManager.clientOrThrow(), service.url),
);

/** @param {number} ms */
const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

async function* numbered() {
  const [count = '0', ms = '0'] = rest;
  for (let n = 0; n < Number(count); n++) {
    await pause(Number(ms));
    yield { n, text: `π ${n}` };
  }
}

/** @param {AsyncIterable<unknown>} chunks */
async function tellAll(chunks) {
  for await (const chunk of chunks) {
    tell('chunk', chunk);
  }
  tell('end', null);
}

/** @type {Record<string, () => Promise<unknown>>} */
const behaviours = {
  pipe: async () => {
    await streams.pipe(key, numbered(), { target: run }).waitUntilComplete();
  },
  metadata: async () => {
    taskContext.setGlobalTaskContext(
      /** @type {any} */ ({ ctx: { run: { id: run } }, worker: {} }),
    );
    const manager = new StandardMetadataManager(apiClientManager.clientOrThrow());
    manager.runId = run;
    runMetadata.setGlobalManager(manager);
    const reading = tellAll(await metadata.fetchStream(key));
    for await (const chunk of await metadata.stream(key, numbered())) {
      tell('own', chunk);
    }
    await reading;
  },
  append: () => streams.append(key, rest.join(' '), { target: run }),
  define: async () => {
    const defined = streams.define({ id: key });
    await defined.append({ part: 1 }, { target: run });
    await defined.append(['part', 2], { target: run });
    await streams
      .writer(key, {
        target: run,
        execute: ({ write }) => {
          write('part 3');
          write({ part: 4 });
        },
      })
      .waitUntilComplete();
  },
  read: async () => tellAll(await streams.read(run, key, JSON.parse(rest[0] ?? '{}'))),
  fetch: async () => tellAll(await runs.fetchStream(run, key)),
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
  send: async () => {
    const input = streams.input({ id: key });
    await input.send(run, { first: true });
    await input.send(run, 'second');
  },
};

await observe(what, behaviours[what] ?? (() => Promise.reject(new Error(`what is ${what}?`))));
