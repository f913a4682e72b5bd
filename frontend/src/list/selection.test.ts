import { expect, it } from 'vitest';
import { allOrNone, NOTHING_SELECTED, toggled } from './selection.ts';

it('selects and deselects one', () => {
  const one = toggled(NOTHING_SELECTED, 'a');

  expect([...one]).toEqual(['a']);
  expect([...toggled(one, 'b')]).toEqual(['a', 'b']);
  expect([...toggled(one, 'a')]).toEqual([]);
  expect([...NOTHING_SELECTED]).toEqual([]);
});

it('selects all unless all are selected', () => {
  expect([...allOrNone(new Set(['a']), ['a', 'b'])]).toEqual(['a', 'b']);
  expect([...allOrNone(new Set(['a', 'b', 'c']), ['a', 'b'])]).toEqual([]);
});
