import { expect, it } from 'vitest';
import { aRun } from '../../../testing/runs.ts';
import { placeOf, timelineOf } from './timeline.ts';

const at = (second: number) => new Date(Date.UTC(2026, 0, 2, 3, 4, second));
const ms = (second: number) => at(second).getTime();
const spans = (timeline: ReturnType<typeof timelineOf>) =>
  timeline.bars.map(({ label, from, to }) => [
    label,
    (from - ms(0)) / 1000,
    to === undefined ? 'on' : (to - ms(0)) / 1000,
  ]);

it('shows a run that has only been queued', () => {
  const run = aRun('r', { createdAt: at(0) });

  const timeline = timelineOf(run, undefined, [], [], ms(5));

  expect(spans(timeline)).toEqual([['Queued', 0, 'on']]);
  expect(timeline).toMatchObject({ from: ms(0), to: ms(5) });
});

it('shows a run from its delay to its end', () => {
  const run = aRun('r', {
    createdAt: at(0),
    delayedUntil: at(10),
    startedAt: at(12),
    finishedAt: at(20),
    status: 'COMPLETED',
  });

  const timeline = timelineOf(run, undefined, [], [], ms(50));

  expect(spans(timeline)).toEqual([
    ['Delayed', 0, 10],
    ['Queued', 10, 12],
    ['Executing', 12, 20],
  ]);
  expect(timeline.to).toBe(ms(20));
});

it('shows a delay that goes on, and nothing behind it', () => {
  const run = aRun('r', { createdAt: at(0), delayedUntil: at(59), status: 'DELAYED' });

  expect(spans(timelineOf(run, undefined, [], [], ms(5)))).toEqual([['Delayed', 0, 'on']]);
});

it('ends the queue of a run that was canceled before it began', () => {
  const run = aRun('r', { createdAt: at(0), status: 'CANCELED', updatedAt: at(4) });

  expect(spans(timelineOf(run, undefined, [], [], ms(50)))).toEqual([['Queued', 0, 4]]);
});

it('ends its executing where a run waits, which goes on', () => {
  const run = aRun('r', { createdAt: at(0), startedAt: at(1), status: 'WAITING' });
  const waiting = { since: ms(4), what: 'token', input: undefined, until: undefined } as const;

  expect(spans(timelineOf(run, waiting, [], [], ms(9)))).toEqual([
    ['Queued', 0, 1],
    ['Executing', 1, 4],
    ['Waiting: token', 4, 'on'],
  ]);
  expect(spans(timelineOf(run, { ...waiting, what: undefined }, [], [], ms(9))).at(-1)).toEqual([
    'Waiting',
    4,
    'on',
  ]);
});

it('puts children and streams below, as they began', () => {
  const run = aRun('r', { createdAt: at(0), startedAt: at(1), status: 'EXECUTING' });
  const child = aRun('c', { task: 'child', createdAt: at(3), status: 'QUEUED' });
  const early = aRun('e', {
    task: 'early',
    createdAt: at(1),
    startedAt: at(2),
    finishedAt: at(4),
    status: 'FAILED',
  });

  const timeline = timelineOf(
    run,
    undefined,
    [child, early],
    [{ key: 's', first: ms(2), last: ms(6) }],
    ms(9),
  );

  expect(spans(timeline).slice(2)).toEqual([
    ['early', 2, 4],
    ['s', 2, 6],
    ['child', 3, 'on'],
  ]);
  expect(timeline.to).toBe(ms(9));
});

it('places bars within the whole, and none too small to be seen', () => {
  const run = aRun('r', {
    createdAt: at(0),
    startedAt: at(0),
    finishedAt: at(10),
    status: 'FAILED',
  });
  const timeline = timelineOf(run, undefined, [], [], ms(10));
  const [queued, executing] = timeline.bars;

  expect(queued && placeOf(queued, timeline)).toEqual({ left: 0, width: 0.6 });
  expect(executing && placeOf(executing, timeline)).toEqual({ left: 0, width: 100 });
});

it('holds when this clock is behind that of the service', () => {
  const run = aRun('r', { createdAt: at(30), startedAt: at(31), status: 'EXECUTING' });

  const timeline = timelineOf(run, undefined, [], [], ms(10));

  for (const bar of timeline.bars) {
    const { left, width } = placeOf(bar, timeline);
    expect(left).toBeGreaterThanOrEqual(0);
    expect(left + width).toBeLessThanOrEqual(100);
  }
});
