/** Time as the client sees it; tests have their own. */
export interface Clock {
  now(): number;
  /** Runs something later; what is returned prevents it. */
  after(ms: number, run: () => void): () => void;
}

/** The clock of the machine. */
export const systemClock: Clock = {
  now: () => Date.now(),
  after: (ms, run) => {
    const timer = setTimeout(run, ms);
    return () => clearTimeout(timer);
  },
};

const FIRST_MS = 250;
const LONGEST_MS = 30_000;

/**
 * How long to wait before attempt number `attempt` (0 for the first one after a failure): doubling,
 * capped, and anywhere in the upper half of that, so that a thousand pages whose server restarted do
 * not come back in one instant.
 *
 * @param jitter from 0 to 1
 */
export function delayMs(attempt: number, jitter: number): number {
  const most = Math.min(LONGEST_MS, FIRST_MS * 2 ** Math.min(attempt, 30));
  return Math.round(most / 2 + (most / 2) * jitter);
}
