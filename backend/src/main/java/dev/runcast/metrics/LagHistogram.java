package dev.runcast.metrics;

import java.time.Duration;
import java.util.OptionalDouble;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * How often there was which lag since it was drained last: to within a tenth, from a tenth of a
 * millisecond to some 100 seconds. Safe from any thread.
 */
final class LagHistogram {
  private static final double FIRST_MS = 0.1;
  private static final int IN_AN_OCTAVE = 8;
  private static final int BUCKETS = 20 * IN_AN_OCTAVE;

  private final AtomicLongArray counts = new AtomicLongArray(BUCKETS);

  void record(Duration lag) {
    double ms = lag.toNanos() / 1e6;
    double octaves = Math.log(Math.max(ms, FIRST_MS) / FIRST_MS) / Math.log(2);
    counts.incrementAndGet(Math.min(BUCKETS - 1, (int) Math.ceil(octaves * IN_AN_OCTAVE)));
  }

  /** What was recorded since the last call. */
  Drained drain() {
    long[] drained = new long[BUCKETS];
    for (int i = 0; i < BUCKETS; i++) {
      drained[i] = counts.getAndSet(i, 0);
    }
    return new Drained(drained);
  }

  /** What a histogram held. */
  static final class Drained {
    private final long[] counts;

    private Drained(long[] counts) {
      this.counts = counts;
    }

    /**
     * What this share of the lags does not exceed, in milliseconds; empty if there were none.
     *
     * @param share from 0 to 1
     */
    OptionalDouble quantile(double share) {
      long all = 0;
      for (long count : counts) {
        all += count;
      }
      long left = Math.max(1, (long) Math.ceil(all * share));
      for (int i = 0; all > 0 && i < counts.length; i++) {
        left -= counts[i];
        if (left <= 0) {
          return OptionalDouble.of(FIRST_MS * Math.pow(2, (double) i / IN_AN_OCTAVE));
        }
      }
      return OptionalDouble.empty();
    }
  }
}
