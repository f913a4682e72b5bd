package dev.runcast.wal;

import java.time.Duration;

/** How long to wait before the next attempt: doubling, capped, and spread by half. Pure. */
record Backoff(Duration first, Duration cap) {

  /**
   * @param attempt how many have failed in a row, from 1
   * @param jitter at random from 0 to 1
   */
  Duration delay(int attempt, double jitter) {
    int doublings = Math.min(Math.max(attempt - 1, 0), 30);
    long full = Math.min(cap.toNanos(), saturated(first.toNanos(), doublings));
    return Duration.ofNanos((long) (full * (0.5 + jitter / 2)));
  }

  private static long saturated(long nanos, int doublings) {
    return nanos > Long.MAX_VALUE >> doublings ? Long.MAX_VALUE : nanos << doublings;
  }
}
