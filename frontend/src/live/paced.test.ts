import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Paced } from './paced.ts';

describe('Paced', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  function begun() {
    const ends: (() => void)[] = [];
    const pauses: number[] = [];
    const paced = new Paced(
      () => new Promise<void>((end) => ends.push(end)),
      (tookMs) => {
        pauses.push(tookMs);
        return 1_000;
      },
    );
    return { paced, ends, pauses };
  }

  it('does at once what is asked for, and later once what is asked for meanwhile', async () => {
    const { paced, ends } = begun();
    paced.ask();
    paced.ask();
    paced.ask();
    expect(ends).toHaveLength(1);

    ends[0]?.();
    await vi.advanceTimersByTimeAsync(999);
    expect(ends).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(1);
    expect(ends).toHaveLength(2);

    ends[1]?.();
    await vi.advanceTimersByTimeAsync(10_000);
    expect(ends).toHaveLength(2);
  });

  it('serves after its pause who asks in it', async () => {
    const { paced, ends } = begun();
    paced.ask();
    ends[0]?.();
    await vi.advanceTimersByTimeAsync(500);
    paced.ask();
    expect(ends).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(500);
    expect(ends).toHaveLength(2);
  });

  it('tells how long it took', async () => {
    const { paced, ends, pauses } = begun();
    paced.ask();
    await vi.advanceTimersByTimeAsync(70);
    ends[0]?.();
    await vi.advanceTimersByTimeAsync(0);
    expect(pauses).toEqual([70]);
  });

  it('does nothing more once it is stopped', async () => {
    const { paced, ends } = begun();
    paced.ask();
    paced.ask();
    paced.stop();
    ends[0]?.();
    await vi.advanceTimersByTimeAsync(10_000);
    expect(ends).toHaveLength(1);
  });
});
