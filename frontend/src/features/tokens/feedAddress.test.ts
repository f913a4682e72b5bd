import { expect, it } from 'vitest';
import { feedAddress } from './feedAddress.ts';

it('is what a page would ask for', () => {
  expect(feedAddress('all', '', '')).toBe('/realtime/v1/runs');
  expect(feedAddress('run', '', 'run_a')).toBe('/realtime/v1/runs/run_a');
  expect(feedAddress('tags', 'user:1, b', 'run_a')).toBe('/realtime/v1/runs?tag=b&tag=user%3A1');
  expect(feedAddress('batch', 'batch_a', '')).toBe('/realtime/v1/batches/batch_a');
  expect(feedAddress('parent', 'run_p', '')).toBe('/realtime/v1/runs?parent=run_p');
});

it('is nothing while it is not said of what', () => {
  expect(feedAddress('tags', ' ', 'run_a')).toBeUndefined();
  expect(feedAddress('run', '', ' ')).toBeUndefined();
});
