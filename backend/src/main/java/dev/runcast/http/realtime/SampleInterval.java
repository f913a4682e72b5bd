package dev.runcast.http.realtime;

import dev.runcast.http.ApiException;
import dev.runcast.run.TimeSpan;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The parameter {@code sample}: how far apart a client wants to hear intermediate states. */
final class SampleInterval {
  private static final Duration SHORTEST = Duration.ofMillis(50);
  private static final Duration LONGEST = Duration.ofSeconds(60);
  private static final Pattern MILLISECONDS = Pattern.compile("(\\d{1,10})ms");

  private SampleInterval() {}

  /** Zero where all states are asked for. */
  static Duration of(FeedQuery query) {
    @Nullable String text = query.one("sample");
    if (text == null) {
      return Duration.ZERO;
    }
    return parse(text)
        .filter(asked -> asked.compareTo(SHORTEST) >= 0 && asked.compareTo(LONGEST) <= 0)
        .orElseThrow(
            () ->
                ApiException.badRequest(
                    "sample",
                    "sample must be a length of time from 50ms to 60s, such as 500ms or 2s."));
  }

  private static Optional<Duration> parse(String text) {
    Matcher milliseconds = MILLISECONDS.matcher(text);
    return milliseconds.matches()
        ? Optional.of(Duration.ofMillis(Long.parseLong(milliseconds.group(1))))
        : TimeSpan.parse(text);
  }
}
