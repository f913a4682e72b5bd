import { expect, it } from 'vitest';
import { moved } from './rowKeys.ts';

it('goes by one, by ten, and to the ends', () => {
  expect(moved('ArrowDown', 30, 3)).toBe(4);
  expect(moved('ArrowUp', 30, 3)).toBe(2);
  expect(moved('PageDown', 30, 3)).toBe(13);
  expect(moved('PageUp', 30, 13)).toBe(3);
  expect(moved('Home', 30, 13)).toBe(0);
  expect(moved('End', 30, 13)).toBe(29);
});

it('stops at the ends', () => {
  expect(moved('ArrowUp', 30, 0)).toBe(0);
  expect(moved('PageDown', 30, 25)).toBe(29);
});

it('begins at the top', () => {
  expect(moved('ArrowDown', 30, -1)).toBe(0);
});

it('leaves other keys alone', () => {
  expect(moved('a', 30, 0)).toBeUndefined();
  expect(moved('toString', 30, 0)).toBeUndefined();
  expect(moved('ArrowDown', 0, -1)).toBeUndefined();
});
