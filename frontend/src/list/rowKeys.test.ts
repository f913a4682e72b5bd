import { expect, it } from 'vitest';
import { moved } from './rowKeys.ts';

const ids = Array.from({ length: 30 }, (_, i) => `run_${i}`);

it('goes by one, by ten, and to the ends', () => {
  expect(moved('ArrowDown', ids, 'run_3')).toBe('run_4');
  expect(moved('ArrowUp', ids, 'run_3')).toBe('run_2');
  expect(moved('PageDown', ids, 'run_3')).toBe('run_13');
  expect(moved('PageUp', ids, 'run_13')).toBe('run_3');
  expect(moved('Home', ids, 'run_13')).toBe('run_0');
  expect(moved('End', ids, 'run_13')).toBe('run_29');
});

it('stops at the ends', () => {
  expect(moved('ArrowUp', ids, 'run_0')).toBe('run_0');
  expect(moved('PageDown', ids, 'run_25')).toBe('run_29');
});

it('begins at the top, also when the run is gone', () => {
  expect(moved('ArrowDown', ids, undefined)).toBe('run_0');
  expect(moved('ArrowDown', ids, 'run_gone')).toBe('run_0');
});

it('leaves other keys alone', () => {
  expect(moved('a', ids, 'run_0')).toBeUndefined();
  expect(moved('toString', ids, 'run_0')).toBeUndefined();
  expect(moved('ArrowDown', [], undefined)).toBeUndefined();
});
