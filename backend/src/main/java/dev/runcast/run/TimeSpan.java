package dev.runcast.run;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How clients write a length of time: amounts and units in a row, such as {@code 90s}, {@code
 * 1h30m} or {@code 2w}. Units are w, d, h (or hr), m and s.
 */
public final class TimeSpan {
  /** The longest that can be written, so that no sum with a time of today overflows. */
  public static final Duration MAX = Duration.ofDays(36_525);

  private static final Pattern WHOLE = Pattern.compile("(?:\\d{1,10}(?:w|d|hr|h|m|s))+");
  private static final Pattern PART = Pattern.compile("(\\d+)([a-z]+)");
  private static final int MAX_TEXT = 64;
  private static final Map<String, Long> SECONDS =
      Map.of("w", 604_800L, "d", 86_400L, "hr", 3_600L, "h", 3_600L, "m", 60L, "s", 1L);

  private TimeSpan() {}

  /** The length that a text says; empty when it says none, or one beyond {@link #MAX}. */
  public static Optional<Duration> parse(String text) {
    if (text.length() > MAX_TEXT || !WHOLE.matcher(text).matches()) {
      return Optional.empty();
    }
    long seconds = 0;
    Matcher part = PART.matcher(text);
    while (part.find()) {
      seconds += Long.parseLong(part.group(1)) * SECONDS.getOrDefault(part.group(2), 0L);
    }
    return seconds > MAX.toSeconds() ? Optional.empty() : Optional.of(Duration.ofSeconds(seconds));
  }
}
