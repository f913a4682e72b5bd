package dev.runcast.engine.due;

import java.time.Duration;
import java.util.Optional;

/**
 * When to look again for what is due. Pure.
 *
 * @param poll the longest without a look: rows that others wrote are not told of
 * @param pause before another look when all that is due is in the hands of others
 * @param longest between two attempts while the database fails
 */
record Pace(Duration poll, Duration pause, Duration longest) {
  static final Pace DEFAULT =
      new Pace(Duration.ofSeconds(2), Duration.ofMillis(250), Duration.ofSeconds(30));

  /**
   * After a look that found nothing due.
   *
   * @param earliest how long until the next thing; empty when there is none
   */
  Duration untilDue(Optional<Duration> earliest) {
    return earliest.filter(wait -> wait.compareTo(poll) < 0).orElse(poll);
  }

  /** After work on what was due: there may be more of it, unless others hold it. */
  Duration afterWork(boolean didAnything) {
    return didAnything ? Duration.ZERO : pause;
  }

  /**
   * After failures: doubling from the pause, capped, and spread by half.
   *
   * @param inARow how many there were, from 1
   * @param jitter at random from 0 to 1
   */
  Duration afterFailure(int inARow, double jitter) {
    long full = pause.toMillis() << Math.min(inARow - 1, 20);
    long capped = Math.min(full, longest.toMillis());
    return Duration.ofMillis((long) (capped * (0.5 + jitter / 2)));
  }
}
