import { expect, it } from 'vitest';
import { aRun } from '../testing/runs.ts';
import { RunList } from './runList.ts';

const at = (second: number) => new Date(Date.UTC(2026, 0, 2, 3, 4, second));
const run = (id: string, second: number, more = {}) => aRun(id, { createdAt: at(second), ...more });

function listOf(...runs: readonly ReturnType<typeof run>[]) {
  const list = new RunList(({ task }) => task === 'hello');
  list.addPage(runs, false);
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

  list.addPage([run('a', 1)], true);
  expect(list.view().order).toEqual(['c', 'b', 'a']);
});

it('reaches everything once the last page is read', () => {
  const list = new RunList(() => true);
  list.addPage([run('b', 2)], true);

  list.take([run('a', 1)]);
  list.reveal();

  expect(list.view().order).toEqual(['b', 'a']);
});

it('shows a run once when a page tells it again', () => {
  const list = listOf(run('b', 2), run('a', 1));
  list.take([run('c', 3)]);

  list.addPage([run('c', 3), run('a', 1)], true);

  expect(list.view().waiting).toBe(0);
  expect(list.view().order).toEqual(['b', 'a', 'c']);
});

it('orders runs of the same moment by their ids', () => {
  const list = new RunList(() => true);
  list.addPage([], true);

  list.take([run('a', 1), run('c', 1), run('b', 1)]);
  list.reveal();

  expect(list.view().order).toEqual(['c', 'b', 'a']);
});
