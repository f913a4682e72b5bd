package dev.runcast.engine.schedule;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.time.zone.ZoneOffsetTransition;
import java.time.zone.ZoneRules;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * When times on the wall clock are, whatever is done to the clock. Where they mean every hour, each
 * time that the clock shows counts: what it skips is left out, what it shows twice comes twice, and
 * between two of them there is always the same. Otherwise each comes once a day: what the clock
 * skips comes as much later as it skips, what it shows twice comes the first time.
 *
 * @param times the next time on the wall clock after another, in whole minutes
 */
record WallClock(
    ZoneRules rules, Function<LocalDateTime, Optional<LocalDateTime>> times, boolean everyHour) {

  /** How far before a far time a clock may be put forward or back and still touch it. */
  private static final Duration NEAR = Duration.ofDays(2);

  Optional<Instant> nextAfter(Instant instant) {
    ZoneOffsetTransition begin = rules.previousTransition(instant.plusNanos(1));
    LocalDateTime from = at(instant, rules.getOffset(instant));
    while (true) {
      Instant since = begin == null ? instant : begin.getInstant();
      ZoneOffset offset = rules.getOffset(since);
      ZoneOffsetTransition end = rules.nextTransition(since);
      Optional<Instant> next = earliest(begin, from).map(local -> local.toInstant(offset));
      if (next.isEmpty() || end == null || next.get().isBefore(end.getInstant())) {
        return next;
      }
      begin = lastBefore(next.get().minus(NEAR), end);
      from = begin.getDateTimeAfter().minusMinutes(1);
    }
  }

  /** Until a time that is far off, nothing happens, however often the clock is put meanwhile. */
  private ZoneOffsetTransition lastBefore(Instant instant, ZoneOffsetTransition atLeast) {
    ZoneOffsetTransition last = rules.previousTransition(instant);
    return last == null || last.getInstant().isBefore(atLeast.getInstant()) ? atLeast : last;
  }

  private static LocalDateTime at(Instant instant, ZoneOffset offset) {
    return LocalDateTime.ofEpochSecond(instant.getEpochSecond(), 0, offset)
        .truncatedTo(ChronoUnit.MINUTES);
  }

  /**
   * The earliest time after another that counts.
   *
   * @param begin when the clock was put the last time before
   */
  private Optional<LocalDateTime> earliest(
      @Nullable ZoneOffsetTransition begin, LocalDateTime after) {
    if (begin == null || everyHour) {
      return times.apply(after);
    }
    if (begin.isOverlap()) {
      LocalDateTime shownOnce = begin.getDateTimeBefore().minusMinutes(1);
      return times.apply(after.isBefore(shownOnce) ? shownOnce : after);
    }
    Optional<LocalDateTime> shown = times.apply(after);
    Optional<LocalDateTime> skipped = skipped(begin, after);
    return skipped.isPresent() && (shown.isEmpty() || skipped.get().isBefore(shown.get()))
        ? skipped
        : shown;
  }

  /** The earliest after a time of those that the clock skipped, as much later as it did. */
  private Optional<LocalDateTime> skipped(ZoneOffsetTransition gap, LocalDateTime after) {
    LocalDateTime first = gap.getDateTimeBefore().minusMinutes(1);
    LocalDateTime asked = after.minus(gap.getDuration());
    if (!asked.isBefore(gap.getDateTimeAfter())) {
      return Optional.empty();
    }
    return times
        .apply(asked.isBefore(first) ? first : asked)
        .filter(local -> local.isBefore(gap.getDateTimeAfter()))
        .map(local -> local.plus(gap.getDuration()));
  }
}
