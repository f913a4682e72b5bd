package dev.runcast.http.api.request;

import dev.runcast.http.ApiException;
import dev.runcast.run.TimeSpan;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;

/** Times and lengths of time as clients write them. */
public final class TimesParser {
  private TimesParser() {}

  /** A length of time. */
  public static Duration span(String name, String text) {
    return TimeSpan.parse(text)
        .orElseThrow(
            () ->
                ApiException.badRequest(
                    name, name + " must be a length of time such as 30s, 10m, 1h30m or 7d."));
  }

  /** A time: a length of time from now, or a date of ISO 8601, at most 100 years ahead. */
  public static Instant time(String name, String text, Instant now) {
    Instant time = TimeSpan.parse(text).map(now::plus).orElseGet(() -> date(name, text));
    if (time.isAfter(now.plus(TimeSpan.MAX))) {
      throw ApiException.unprocessable(name, name + " must be at most 100 years ahead.");
    }
    return time;
  }

  private static Instant date(String name, String text) {
    try {
      return text.length() == 10
          ? LocalDate.parse(text).atStartOfDay().toInstant(ZoneOffset.UTC)
          : OffsetDateTime.parse(text).toInstant();
    } catch (DateTimeException notADate) {
      throw ApiException.badRequest(
          name,
          name
              + " must be a length of time such as 30s or 1h30m, or a date of ISO 8601 such as"
              + " 2030-01-31T12:00:00Z.");
    }
  }
}
