package dev.runcast.engine.schedule;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.CRC32;

/**
 * How much later than its time a run may begin, so that not all begin at once: up to a duration, or
 * up to a part of the time until the next. A schedule is always late by the same part of it.
 *
 * @param text as it was given, such as {@code 30m}, {@code 2h} or {@code 20%}
 */
public record DelayWindow(String text) {
  private static final Pattern FORM = Pattern.compile("(0|[1-9][0-9]{0,4})([mh%])");
  private static final long MAX_MINUTES = Duration.ofHours(24).toMinutes();
  private static final int MAX_PERCENT = 100;

  /** The window that a text is; empty when it is none. */
  public static Optional<DelayWindow> parse(String text) {
    Matcher form = FORM.matcher(text);
    if (!form.matches()) {
      return Optional.empty();
    }
    long amount = Long.parseLong(form.group(1));
    boolean fits =
        switch (form.group(2)) {
          case "m" -> amount <= MAX_MINUTES;
          case "h" -> amount * 60 <= MAX_MINUTES;
          default -> amount <= MAX_PERCENT;
        };
    return fits ? Optional.of(new DelayWindow(text)) : Optional.empty();
  }

  /**
   * When the run of a time is to begin.
   *
   * @param following the next time after it; the window is at most as long as that takes
   */
  public Instant delayed(String schedule, Instant time, Optional<Instant> following) {
    Duration interval =
        following.map(next -> Duration.between(time, next)).orElse(Duration.ofHours(24));
    long seconds = Math.min(length(interval).toSeconds(), interval.toSeconds());
    CRC32 part = new CRC32();
    part.update(schedule.getBytes(StandardCharsets.UTF_8));
    return time.plusSeconds((seconds * part.getValue()) >>> Integer.SIZE);
  }

  private Duration length(Duration interval) {
    long amount = Long.parseLong(text.substring(0, text.length() - 1));
    return switch (text.charAt(text.length() - 1)) {
      case 'm' -> Duration.ofMinutes(amount);
      case 'h' -> Duration.ofHours(amount);
      default -> interval.multipliedBy(amount).dividedBy(100);
    };
  }
}
