// The same as follow.js, with the SDK of the generation before the last.
import { configure, runs } from 'trigger-sdk-3.3/v3';
import { service, tell } from './facts.js';

configure({ baseURL: service.url, accessToken: service.key });

const [kind = '', target = ''] = process.argv.slice(2);

/** @type {Record<string, () => AsyncIterable<unknown>>} */
const feeds = {
  run: () => runs.subscribeToRun(target),
  tag: () => runs.subscribeToRunsWithTag(target.split(',')),
  batch: () => runs.subscribeToBatch(target),
};

for await (const run of feeds[kind]?.() ?? []) {
  tell('run', run);
}
tell('end', null);
