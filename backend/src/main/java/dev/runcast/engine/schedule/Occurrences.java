package dev.runcast.engine.schedule;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The times of a schedule, and when the run of each is to begin. Pure; reading an expression takes
 * about a millisecond, so ask on a thread that may be held up.
 *
 * @param schedule the schedule's id
 * @param window how much later than its time a run may begin; null for not at all
 */
public record Occurrences(String schedule, Cron cron, ZoneId zone, @Nullable DelayWindow window) {
  private static final Duration SHORTEST = Duration.ofMinutes(1);

  /**
   * A time of a schedule.
   *
   * @param at the time itself
   * @param begin when its run is to begin, at it or later
   */
  public record Occurrence(Instant at, Instant begin) {}

  /** The first time after an instant; empty when there never is one. */
  public Optional<Occurrence> after(Instant instant) {
    return cron.nextAfter(instant, zone).map(this::occurrence);
  }

  /** The first times after an instant, at most so many. */
  public List<Instant> upcoming(Instant instant, int count) {
    List<Instant> upcoming = new ArrayList<>(count);
    Optional<Instant> next = cron.nextAfter(instant, zone);
    while (next.isPresent() && upcoming.size() < count) {
      upcoming.add(next.get());
      next = cron.nextAfter(next.get(), zone);
    }
    return upcoming;
  }

  /**
   * The last time after an instant whose run is to have begun by now. Those before it were missed,
   * and are not made up for: after a day that nobody served, there is one run to catch up, not a
   * day's worth of them.
   */
  public Optional<Occurrence> latestBegun(Instant servedUntil, Instant now) {
    Optional<Occurrence> latest = Optional.empty();
    Optional<Occurrence> next = after(lookBack(servedUntil, now));
    while (next.isPresent() && !next.get().begin().isAfter(now)) {
      latest = next;
      next = after(next.get().at());
    }
    return latest;
  }

  /** An instant so little before now that few times lie between, but one that has begun. */
  private Instant lookBack(Instant servedUntil, Instant now) {
    for (Duration back = SHORTEST; ; back = back.multipliedBy(2)) {
      Instant from = now.minus(back);
      if (!from.isAfter(servedUntil)) {
        return servedUntil;
      }
      if (after(from).filter(first -> !first.begin().isAfter(now)).isPresent()) {
        return from;
      }
    }
  }

  private Occurrence occurrence(Instant at) {
    Instant begin = window == null ? at : window.delayed(schedule, at, cron.nextAfter(at, zone));
    return new Occurrence(at, begin);
  }
}
