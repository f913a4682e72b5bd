import { describe, expect, it } from 'vitest';
import { delayMs } from './backoff.js';

describe('delayMs', () => {
  it('doubles, up to half a minute', () => {
    expect([0, 1, 2, 3].map((attempt) => delayMs(attempt, 1))).toEqual([250, 500, 1000, 2000]);
    expect(delayMs(20, 1)).toBe(30_000);
    expect(delayMs(100_000, 1)).toBe(30_000);
  });

  it('spreads over the upper half, so that many do not come back at once', () => {
    expect(delayMs(3, 0)).toBe(1000);
    expect(delayMs(3, 0.5)).toBe(1500);
  });
});
