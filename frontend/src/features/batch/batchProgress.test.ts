import { describe, expect, it } from 'vitest';
import type { Batch } from '../../api/batches.ts';
import { progressOf, rateText, type Sample, withSample } from './batchProgress.ts';

const START = Date.UTC(2026, 0, 2, 3, 4, 5);
const at = (second: number) => START + 1_000 * second;

const BATCH: Batch = {
  id: 'b',
  status: 'PROCESSING',
  runCount: 100,
  createdAt: new Date(START),
  completedAt: undefined,
  idempotencyKey: undefined,
};

describe('how far a batch has come', () => {
  it('counts what is over against all that was announced', () => {
    const counts = { COMPLETED: 20, FAILED: 3, CRASHED: 1, CANCELED: 1, EXECUTING: 5, QUEUED: 40 };

    const progress = progressOf(BATCH, counts, [], at(60));

    expect(progress).toMatchObject({ total: 100, finished: 25, failed: 4, percent: 25 });
    expect(progress.over).toBe(false);
    expect(progress.parts).toEqual([
      { name: 'done', size: 20 },
      { name: 'failed', size: 4 },
      { name: 'canceled', size: 1 },
      { name: 'moving', size: 5 },
      { name: 'queued', size: 40 },
      { name: 'coming', size: 30 },
    ]);
  });

  it('is not at its end before all is over', () => {
    expect(progressOf(BATCH, { COMPLETED: 999, QUEUED: 1 }, [], at(9)).percent).toBe(99);
    expect(progressOf(BATCH, { COMPLETED: 100 }, [], at(9)).percent).toBe(99);
  });

  it('ends with the runs that are its own', () => {
    const completedAt = new Date(at(30));
    const batch: Batch = { ...BATCH, status: 'COMPLETED', completedAt };

    expect(progressOf(batch, { COMPLETED: 90 }, [], at(90))).toMatchObject({
      total: 90,
      percent: 100,
      over: true,
      perMinute: 180,
      end: undefined,
    });
  });

  it('has come nowhere while it is empty', () => {
    expect(progressOf({ ...BATCH, runCount: 0 }, {}, [], at(9))).toMatchObject({
      percent: 0,
      perMinute: undefined,
      end: undefined,
    });
  });
});

describe('how fast it goes', () => {
  it('tells by all of its life until enough was seen', () => {
    const progress = progressOf(BATCH, { COMPLETED: 50 }, [{ at: at(29), finished: 50 }], at(30));

    expect(progress.perMinute).toBe(100);
    expect(progress.end).toEqual(new Date(at(60)));
  });

  it('tells by what was seen of late', () => {
    const samples = [
      { at: at(0), finished: 0 },
      { at: at(50), finished: 20 },
      { at: at(100), finished: 40 },
    ];

    const progress = progressOf(BATCH, { COMPLETED: 60 }, samples, at(110));

    expect(progress.perMinute).toBe(40);
    expect(progress.end).toEqual(new Date(at(170)));
  });

  it('knows no end when it stands still', () => {
    const progress = progressOf(BATCH, { COMPLETED: 50 }, [{ at: at(60), finished: 50 }], at(190));

    expect(progress.perMinute).toBe(0);
    expect(progress.end).toBeUndefined();
  });
});

describe('samples', () => {
  it('are few, and of the last minute', () => {
    let samples: readonly Sample[] = [];
    for (let ms = 0; ms < 120_000; ms += 100) {
      samples = withSample(samples, { at: ms, finished: ms });
    }

    expect(samples.length).toBeLessThanOrEqual(123);
    expect(samples[0]?.at).toBeGreaterThanOrEqual(58_000);
  });

  it('keep the latest number', () => {
    const first = withSample(withSample([], { at: 0, finished: 0 }), { at: 1_000, finished: 1 });

    expect(withSample(first, { at: 1_100, finished: 7 }).at(-1)?.finished).toBe(7);
  });
});

it('says a rate as people do', () => {
  expect([0, 4.25, 60, 1_200].map(rateText)).toEqual([
    '0 a minute',
    '4.3 a minute',
    '60 a minute',
    '20 a second',
  ]);
});
