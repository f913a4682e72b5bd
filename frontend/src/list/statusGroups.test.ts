import { expect, it } from 'vitest';
import { STATUSES } from '../api/run.ts';
import { groupOf, STATUS_GROUPS, sizeOf } from './statusGroups.ts';

it('puts each status into one group', () => {
  const grouped = STATUS_GROUPS.flatMap(({ statuses }) => statuses);

  expect([...grouped].sort()).toEqual([...STATUSES].sort());
});

it('adds up what a group has', () => {
  const sizes = STATUS_GROUPS.map((group) => sizeOf(group, { FAILED: 2, EXPIRED: 3, QUEUED: 1 }));

  expect(sizes).toEqual([5, 0, 0, 1, 0, 0]);
});

it('knows a group by its statuses, whatever their order, and nothing less', () => {
  expect(groupOf(['EXECUTING', 'DEQUEUED'])?.name).toBe('moving');
  expect(groupOf(['EXECUTING'])).toBeUndefined();
  expect(groupOf([])).toBeUndefined();
});
