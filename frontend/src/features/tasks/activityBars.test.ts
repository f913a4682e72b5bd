import { describe, expect, it } from 'vitest';
import { activityWords, barsOf, HOURS } from './activityBars.ts';

const NOW = Date.parse('2026-01-02T10:20:00Z');
const SINCE = new Date('2026-01-01T11:00:00Z');

describe('the bars of a day', () => {
  const hours = [
    { at: new Date('2026-01-02T08:00:00Z'), runs: { COMPLETED: 6, FAILED: 1, CRASHED: 1 } },
    { at: new Date('2026-01-02T10:00:00Z'), runs: { QUEUED: 2, EXECUTING: 2 } },
  ];

  it('are one for each hour up to the one that is not over', () => {
    const bars = barsOf({ since: SINCE, hours: [] }, NOW);
    expect(bars).toHaveLength(HOURS);
    expect(bars[0]?.at.toISOString()).toBe('2026-01-01T11:00:00.000Z');
    expect(bars[23]?.at.toISOString()).toBe('2026-01-02T10:00:00.000Z');
    expect(
      bars.every(({ parts, total, known }) => parts.length === 0 && total === 0 && known),
    ).toBe(true);
  });

  it('are as tall as the tallest allows, with what failed on top', () => {
    const bars = barsOf({ since: SINCE, hours }, NOW);
    expect(bars[21]?.parts).toEqual([
      { group: 'done', from: 0, size: 0.75 },
      { group: 'failed', from: 0.75, size: 0.25 },
    ]);
    expect(bars[23]?.parts).toEqual([
      { group: 'queued', from: 0, size: 0.25 },
      { group: 'moving', from: 0.25, size: 0.25 },
    ]);
  });

  it('tell hours of which nothing is known from those without runs', () => {
    const bars = barsOf({ since: new Date('2026-01-02T09:30:00Z'), hours }, NOW);
    expect(bars.map(({ known }) => known).lastIndexOf(false)).toBe(21);
  });

  it('are told in words', () => {
    expect(activityWords({ since: SINCE, hours }, NOW)).toBe(
      '12 runs in the last 24 hours: 2 failed, 2 executing, 2 queued, 6 completed',
    );
    expect(activityWords({ since: SINCE, hours: [] }, NOW)).toBe('No runs in the last 24 hours');
    expect(activityWords({ since: new Date('2026-01-02T09:30:00Z'), hours: [] }, NOW)).toBe(
      'No runs in the last 1 hour',
    );
  });
});
