import { expect, it } from 'vitest';
import { aRun } from '../../testing/runs.ts';
import { RunList } from './runList.ts';

const at = (second: number) => new Date(Date.UTC(2026, 0, 2, 3, 4, second));
const run = (id: string, second: number, more = {}) => aRun(id, { createdAt: at(second), ...more });

const page = (runs: readonly ReturnType<typeof run>[], next?: string, previous?: string) => ({
  runs,
  next,
  previous,
  cursor: undefined,
  passed: undefined,
});

function listOf(...runs: readonly ReturnType<typeof run>[]) {
  const list = new RunList(({ task }) => task === 'hello');
  list.begin(page(runs, 'n'));
  return list;
}

it('changes a run in its place', () => {
  const list = listOf(run('b', 2), run('a', 1));
  const { order, revision } = list.view();

  list.take([run('a', 1, { status: 'EXECUTING', updatedAt: at(9) })]);

  expect(list.row('a')?.status).toBe('EXECUTING');
  expect(list.view().order).toBe(order);
  expect(list.view().revision).not.toBe(revision);
});

it('keeps what is newer when an older telling comes late', () => {
  const list = listOf(run('a', 1, { status: 'COMPLETED', updatedAt: at(9) }));

  list.take([run('a', 1, { status: 'EXECUTING', updatedAt: at(5) })]);

  expect(list.row('a')?.status).toBe('COMPLETED');
});

it('keeps showing a run that the filters would not show any more', () => {
  const list = listOf(run('a', 1));

  list.take([run('a', 1, { task: 'other', updatedAt: at(2) })]);

  expect(list.view().order).toEqual(['a']);
  expect(list.row('a')?.task).toBe('other');
});

it('lets new runs wait until they are asked for', () => {
  const list = listOf(run('b', 2));

  list.take([run('c', 3), run('d', 4)]);
  expect(list.view().waiting).toBe(2);
  expect(list.view().order).toEqual(['b']);

  list.reveal();
  expect(list.view().waiting).toBe(0);
  expect(list.view().order).toEqual(['d', 'c', 'b']);
});

it('forgets a run that waits and no longer belongs', () => {
  const list = listOf(run('b', 2));

  list.take([run('c', 3)]);
  list.take([run('c', 3, { task: 'other', updatedAt: at(4) })]);

  expect(list.view().waiting).toBe(0);
  list.reveal();
  expect(list.view().order).toEqual(['b']);
});

it('does not reach down to what no page has read', () => {
  const list = listOf(run('c', 3), run('b', 2));

  list.take([run('a', 1)]);
  expect(list.view().waiting).toBe(0);

  list.addOlder(page([run('a', 1)]));
  expect(list.view().order).toEqual(['c', 'b', 'a']);
});

it('reaches everything once the last page is read', () => {
  const list = new RunList(() => true);
  list.begin(page([run('b', 2)]));

  list.take([run('a', 1)]);
  list.reveal();

  expect(list.view().order).toEqual(['b', 'a']);
});

it('shows a run once when a page tells it again', () => {
  const list = listOf(run('b', 2), run('a', 1));
  list.take([run('c', 3)]);

  list.addOlder(page([run('c', 3), run('a', 1)]));

  expect(list.view().waiting).toBe(0);
  expect(list.view().order).toEqual(['b', 'a', 'c']);
});

it('orders runs of the same moment by their ids', () => {
  const list = new RunList(() => true);
  list.begin(page([]));

  list.take([run('a', 1), run('c', 1), run('b', 1)]);
  list.reveal();

  expect(list.view().order).toEqual(['c', 'b', 'a']);
});

it('holds the pages around a place, and says where that is', () => {
  const list = listOf(run('z', 50));
  list.jump(500, page([run('m', 20), run('l', 19)], 'below', 'above'));
  expect(list.view()).toMatchObject({ base: 500, order: ['m', 'l'] });
  expect(list.row('z')).toBeUndefined();
  expect([list.previous, list.next]).toEqual(['above', 'below']);

  list.addNewer(page([run('o', 22), run('n', 21)], 'x', 'more'));
  expect(list.view()).toMatchObject({ base: 498, order: ['o', 'n', 'm', 'l'] });
  expect([list.previous, list.next]).toEqual(['more', 'below']);

  list.addNewer(page([run('p', 23)], 'x', undefined));
  expect(list.view().base).toBe(0);
});

it('announces what is new however far down one is, and nothing else that is not held', () => {
  const list = listOf(run('z', 50), run('y', 49));
  list.jump(500, page([run('m', 20), run('k', 18)], 'below', 'above'));

  list.take([run('x', 40), run('a', 1)]);
  expect(list.view().waiting).toBe(0);
  list.take([run('new', 51), run('l', 19)]);
  expect(list.view().waiting).toBe(2);
});

it('lets go of the pages that are farthest, and takes them up again', () => {
  const list = listOf(run('0', 59));
  for (let n = 1; n <= 40; n++) {
    list.addOlder(page([run(`${n}`, 59 - n)], `below ${n}`, `above ${n}`));
  }

  expect(list.view().base).toBe(11);
  expect(list.view().order).toHaveLength(30);
  expect(list.previous).toBe('above 11');
  expect(list.row('10')).toBeUndefined();

  list.addNewer(page([run('10', 49)], 'x', 'above 10'));
  expect(list.view()).toMatchObject({ base: 10 });
  expect(list.view().order).toHaveLength(30);
  expect(list.next).toBe('below 39');
});

it('shows new runs where they belong, in whichever page that is', () => {
  const list = listOf(run('f', 6), run('d', 4));
  list.addOlder(page([run('c', 3), run('a', 1)]));

  list.take([run('g', 7), run('e', 5), run('b', 2), run('0', 0)]);
  expect(list.reveal()).toBe(4);

  expect(list.view().order).toEqual(['g', 'f', 'e', 'd', 'c', 'b', 'a', '0']);
});

it('keeps what was told of its runs while the beginning was read anew', () => {
  const list = listOf(run('b', 2), run('a', 1));

  list.take([run('a', 1, { status: 'COMPLETED', updatedAt: at(9) })]);
  list.begin(page([run('b', 2), run('a', 1)], 'n'));

  expect(list.row('a')?.status).toBe('COMPLETED');
});

it('keeps what was told of runs that were too many to wait', () => {
  const list = listOf(run('a', 1));
  list.take(Array.from({ length: 1_000 }, (_, n) => run(`many_${n}`, 20)));

  list.take([run('z', 30, { status: 'COMPLETED', updatedAt: at(40) })]);
  expect(list.view().overrun).toBe(true);
  list.begin(page([run('z', 30), run('a', 1)], 'n'));

  expect(list.row('z')?.status).toBe('COMPLETED');
  expect(list.row('many_0')).toBeUndefined();
});
