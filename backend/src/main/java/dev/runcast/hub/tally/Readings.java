package dev.runcast.hub.tally;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/**
 * The reads of one tally, one at a time: which one is waited for, and what they cost. Owned by the
 * hub's event loop.
 */
final class Readings {
  private final InstantSource clock;
  private long number;
  private boolean underWay;
  private Instant begun = Instant.MIN;
  private Duration took = Duration.ZERO;

  Readings(InstantSource clock) {
    this.clock = clock;
  }

  /** One is asked for; one that was under way is not waited for any more. */
  void begin() {
    number++;
    underWay = true;
    begun = clock.instant();
  }

  void end() {
    underWay = false;
    took = Duration.between(begun, clock.instant());
  }

  /** Tells one from another. */
  long number() {
    return number;
  }

  boolean isUnderWay() {
    return underWay;
  }

  /**
   * Whether one more costs little.
   *
   * @param every no sooner than this after the last
   * @param share no more than one part in so many of the time is spent reading
   */
  boolean mayRepeat(Duration every, int share) {
    Duration due = took.multipliedBy(share);
    Duration since = Duration.between(begun, clock.instant());
    return !underWay && since.compareTo(every) >= 0 && since.compareTo(due) >= 0;
  }
}
