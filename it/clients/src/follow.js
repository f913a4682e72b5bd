// Follows a run, a tag or a batch with the SDK of today's generation, and tells all that it hears.
//
//   follow.js run <id> | tag <tags,…> | batch <id>  [options as JSON]
import { configure, runs } from '@trigger.dev/sdk';
import { service, tell } from './facts.js';

configure({ baseURL: service.url, accessToken: service.key });

const [kind = '', target = '', options = '{}'] = process.argv.slice(2);

/** @type {Record<string, () => AsyncIterable<unknown>>} */
const feeds = {
  run: () => runs.subscribeToRun(target, JSON.parse(options)),
  tag: () => runs.subscribeToRunsWithTag(target.split(','), JSON.parse(options)),
  batch: () => runs.subscribeToBatch(target),
};

for await (const run of feeds[kind]?.() ?? []) {
  tell('run', run);
}
tell('end', null);
