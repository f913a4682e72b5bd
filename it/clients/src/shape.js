// Follows a feed with a client of the shape protocol itself, and tells what it holds when asked.
//
//   shape.js <generation> <path of the feed>
import { createInterface } from 'node:readline';
import { service, tell } from './facts.js';

const [generation = '', path = ''] = process.argv.slice(2);

/** @type {Record<string, () => Promise<typeof import('@electric-sql/client')>>} */
const generations = {
  1.5: () => import('@electric-sql/client'),
  '1.0': async () => /** @type {any} */ (await import('electric-client-1.0')),
};

const client = await generations[generation]?.();
if (client === undefined) {
  throw new Error(`there is no generation ${generation}`);
}

const stream = new client.ShapeStream({
  url: `${service.url}${path}`,
  headers: { authorization: `Bearer ${service.key}` },
  onError: (error) => {
    tell('refused', String(error));
    // Today's generation then goes on from where it was; the one before would begin anew, over rows
    // that it does not forget.
    return generation === '1.5' ? {} : undefined;
  },
});
const shape = new client.Shape(/** @type {any} */ (stream));
let told = 0;
stream.subscribe((messages) => {
  told += messages.length;
});
shape.subscribe(() => tell('changed', null));

createInterface({ input: process.stdin }).on('line', () => {
  tell('rows', { told, rows: Object.fromEntries(shape.currentRows.map((row) => [row.id, row])) });
});
