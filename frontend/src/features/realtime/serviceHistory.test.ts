import { expect, it } from 'vitest';
import type { ServiceSample } from '../../api/service.ts';
import {
  bytes,
  columnsOf,
  followersOf,
  lastOf,
  millis,
  short,
  slotHealth,
  withLook,
} from './serviceHistory.ts';

const START = Date.UTC(2026, 0, 2, 3, 4, 5);

const NOW = new Date(START);

function sample(second: number, more: Partial<ServiceSample> = {}): ServiceSample {
  const none = { lagP50Ms: null, lagP99Ms: null, retainedBytes: null, horizonAgeMs: 500 };
  const zero = { changes: 0, deliveries: 0, connections: 0, subscriptions: 0 };
  const slow = { behind: 0, dropped: 0, missed: 0 };
  return { at: new Date(START + second * 1_000), ...none, ...zero, ...slow, ...more };
}

function look(...samples: readonly ServiceSample[]) {
  return { everyMs: 5_000, position: '0/1', samples, feeds: [] };
}

it('goes on from what it has, each sample once', () => {
  const before = withLook(undefined, look(sample(0), sample(5)), NOW);

  const after = withLook(before, look(sample(5), sample(10)), NOW);

  expect(after.samples.map(({ at }) => at.getTime() - START)).toEqual([0, 5_000, 10_000]);
});

it('goes back a quarter of an hour', () => {
  const before = withLook(undefined, look(sample(0), sample(5)), NOW);

  expect(withLook(before, look(sample(902)), NOW).samples).toHaveLength(2);
  expect(withLook(before, look(sample(3_600)), NOW).samples).toHaveLength(1);
});

it('has a line for each measure, with gaps', () => {
  const samples = [sample(0, { lagP50Ms: 3 }), sample(5)];

  expect(columnsOf(samples, ['lagP50Ms', 'changes'])).toEqual([
    [START / 1_000, START / 1_000 + 5],
    [3, null],
    [0, 0],
  ]);
});

it('has a line for each feed from where it was first followed', () => {
  const followed = (second: number, subscriptions: Readonly<Record<string, number>>) => ({
    at: new Date(START + second * 1_000),
    feeds: Object.entries(subscriptions).map(([feed, subscriptions]) => ({ feed, subscriptions })),
  });
  let history = withLook(undefined, { ...look(), ...followed(0, { a: 3 }) }, NOW);
  const later = followed(5, { b: 2, a: 1 });
  history = withLook(history, { ...look(), ...later }, later.at);

  expect(followersOf(history.followed, ['b', 'a'])).toEqual([
    [START / 1_000, START / 1_000 + 5],
    [0, 2],
    [3, 1],
  ]);
  const muchLater = new Date(START + 903_000);
  expect(withLook(history, look(), muchLater).followed).toHaveLength(2);
});

it('remembers what was known last', () => {
  const samples = [sample(0, { lagP50Ms: 3 }), sample(5)];

  expect(lastOf(samples, 'lagP50Ms')).toBe(3);
  expect(lastOf(samples, 'lagP99Ms')).toBeUndefined();
});

it('knows how the slot is', () => {
  expect(slotHealth(undefined)).toBe('unknown');
  expect(slotHealth(sample(0, { horizonAgeMs: null }))).toBe('unknown');
  expect(slotHealth(sample(0, { retainedBytes: 10 }))).toBe('well');
  expect(slotHealth(sample(0))).toBe('elsewhere');
  expect(slotHealth(sample(0, { retainedBytes: 10, horizonAgeMs: 60_000 }))).toBe('silent');
});

it('says numbers shortly', () => {
  expect([0, 0.25, 7, 12.34, 123.4, 1_234, 1_234_567].map(short)).toEqual([
    '0',
    '0.25',
    '7',
    '12.3',
    '123',
    '1.23K',
    '1.23M',
  ]);
  expect([0, 999, 1_500, 250_000_000].map(bytes)).toEqual(['0 B', '999 B', '1.5 kB', '250 MB']);
  expect([0.4, 8.23, 42.2, 1_500].map(millis)).toEqual(['0.4 ms', '8.2 ms', '42 ms', '1.5 s']);
});
