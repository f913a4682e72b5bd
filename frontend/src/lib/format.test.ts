import { expect, it } from 'vitest';
import { count, duration, exactTime, relativeTime } from './format.ts';

const NOW = Date.parse('2026-01-02T03:04:05Z');
const ago = (ms: number) => relativeTime(new Date(NOW - ms), NOW);

it('says how long ago in one unit', () => {
  expect(ago(0)).toBe('now');
  expect(ago(1_999)).toBe('now');
  expect(ago(59_999)).toBe('59 s ago');
  expect(ago(60_000)).toBe('1 min ago');
  expect(ago(3_600_000)).toBe('1 h ago');
  expect(ago(47 * 3_600_000)).toBe('47 h ago');
  expect(ago(48 * 3_600_000)).toBe('2 d ago');
});

it('says in how long for what is to come', () => {
  expect(ago(-90_000)).toBe('in 1 min');
});

it('tells spans with two figures', () => {
  expect(duration(-5)).toBe('0 ms');
  expect(duration(999)).toBe('999 ms');
  expect(duration(1_000)).toBe('1.0 s');
  expect(duration(9_999)).toBe('9.9 s');
  expect(duration(59_999)).toBe('59 s');
  expect(duration(61_000)).toBe('1 min 1 s');
  expect(duration(3_660_000)).toBe('1 h 1 min');
  expect(duration(90_000_000)).toBe('1 d 1 h');
});

it('tells the exact time in the zone here and in UTC', () => {
  expect(exactTime(new Date(NOW))).toContain('2026-01-02T03:04:05.000Z');
});

it('counts in English', () => {
  expect(count(1, 'run')).toBe('1 run');
  expect(count(1_200, 'run')).toBe('1,200 runs');
});
