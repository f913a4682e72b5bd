package dev.runcast.it.bench.load;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.temporal.ChronoField;

/**
 * Microseconds of the day by the wall clock, cheap enough to ask for each read: the monotonic clock
 * plus what it differs by, which is looked at again each second.
 */
final class DayClock {
  private static final long LOOK_AGAIN_NANOS = 1_000_000_000;

  private long offsetMicros;
  private long lookedAt;

  DayClock() {
    look();
  }

  long nowMicros() {
    long now = System.nanoTime();
    if (now - lookedAt > LOOK_AGAIN_NANOS) {
      look();
    }
    return now / 1000 + offsetMicros;
  }

  private void look() {
    long tightest = Long.MAX_VALUE;
    for (int attempt = 0; attempt < 5; attempt++) {
      long before = System.nanoTime();
      Instant wall = Instant.now();
      long took = System.nanoTime() - before;
      if (took < tightest) {
        tightest = took;
        lookedAt = before;
        offsetMicros =
            wall.atOffset(ZoneOffset.UTC).getLong(ChronoField.MICRO_OF_DAY)
                - (before + took / 2) / 1000;
      }
    }
  }
}
