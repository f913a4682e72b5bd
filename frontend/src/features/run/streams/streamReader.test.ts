import { expect, it } from 'vitest';
import { readAll, type StreamState } from './streamReader.ts';

async function* partsOf(...chunks: readonly unknown[]) {
  for (const [index, chunk] of chunks.entries()) {
    yield { chunk, timestamp: 1_000 + index };
    if (chunk === 'break') {
      throw new Error('broken');
    }
  }
}

it('tells many parts at once, and the end', async () => {
  const told: StreamState[] = [];

  await readAll(partsOf('a', 'b', 'c'), new AbortController().signal, (state) => told.push(state));

  expect(told).toEqual([
    { chunks: ['a', 'b', 'c'], first: 1_000, last: 1_002, over: true, error: undefined },
  ]);
});

it('keeps what had come when it breaks', async () => {
  const told: StreamState[] = [];

  await readAll(partsOf('a', 'break'), new AbortController().signal, (state) => told.push(state));

  expect(told.at(-1)).toMatchObject({ chunks: ['a', 'break'], over: true });
  expect(told.at(-1)?.error).toEqual(new Error('broken'));
});

it('says nothing to whoever has left', async () => {
  const leaving = new AbortController();
  leaving.abort();

  await readAll(partsOf('a'), leaving.signal, () => {
    throw new Error('nobody is here');
  });
});
