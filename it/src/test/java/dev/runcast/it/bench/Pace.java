package dev.runcast.it.bench;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntConsumer;

/**
 * A steady rate for a time. What was missed while the thread did not get to run is made up for at
 * once, so the whole is exact even where a single moment is not.
 */
public record Pace(double perSecond, Duration length) {
  private static final long TICK_NANOS = 1_000_000;

  /** Calls, about once a millisecond, with how many are due; blocks until the time is over. */
  public void run(IntConsumer due) {
    long began = System.nanoTime();
    long total = Math.round(perSecond * length.toNanos() / 1e9);
    long done = 0;
    while (done < total) {
      long elapsed = Math.min(System.nanoTime() - began, length.toNanos());
      int now = (int) (Math.round(perSecond * elapsed / 1e9) - done);
      if (now > 0) {
        due.accept(now);
        done += now;
      }
      LockSupport.parkNanos(TICK_NANOS);
    }
  }
}
