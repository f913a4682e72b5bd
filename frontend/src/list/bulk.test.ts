import { expect, it } from 'vitest';
import { toEach } from './bulk.ts';

const ids = Array.from({ length: 20 }, (_, i) => `run_${i}`);

it('does it to each once, a few at a time', async () => {
  const seen: string[] = [];
  let now = 0;
  let most = 0;

  const result = await toEach(ids, async (id) => {
    most = Math.max(most, ++now);
    await Promise.resolve();
    seen.push(id);
    now--;
  });

  expect(result).toEqual({ done: 20, failed: 0, refusals: [] });
  expect(seen.sort()).toEqual([...ids].sort());
  expect(most).toBeLessThanOrEqual(6);
});

it('goes on after one that is refused and says why', async () => {
  const over: number[] = [];

  const result = await toEach(
    ids,
    async (id) => {
      if (id.endsWith('7')) {
        throw new Error('It is over already.');
      }
    },
    (number) => over.push(number),
  );

  expect(result).toEqual({ done: 18, failed: 2, refusals: ['It is over already.'] });
  expect(over.at(-1)).toBe(20);
});
