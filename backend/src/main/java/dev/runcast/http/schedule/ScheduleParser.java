package dev.runcast.http.schedule;

import dev.runcast.engine.schedule.Cron;
import dev.runcast.engine.schedule.DelayWindow;
import dev.runcast.engine.schedule.Occurrences;
import dev.runcast.engine.schedule.UnreadableCronException;
import dev.runcast.http.ApiException;
import dev.runcast.http.api.request.JsonFields;
import dev.runcast.http.api.request.TriggerParser;
import dev.runcast.store.schedule.Schedule;
import io.vertx.core.MultiMap;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneId;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/** What schedules are asked for. */
final class ScheduleParser {
  private static final int MAX_TASK = 256;
  private static final int MAX_TEXT = 512;
  private static final int UPCOMING = 5;

  private final InstantSource clock;

  ScheduleParser(InstantSource clock) {
    this.clock = clock;
  }

  Schedule.Plan plan(JsonFields body) {
    String task = required(body, "task", MAX_TASK);
    TriggerParser.requireTask(task);
    String cron = required(body, "cron", MAX_TEXT);
    String timezone = body.text("timezone", MAX_TEXT);
    ZoneId zone = zone(timezone == null ? "UTC" : timezone);
    requireToCome(cron, zone);
    return new Schedule.Plan(
        task, cron, zone.getId(), window(body), body.text("externalId", MAX_TEXT));
  }

  /**
   * The next times of what a query string says, which need not be a schedule yet.
   *
   * @return the call that finds them, for a thread that may be held up
   */
  Callable<List<Instant>> upcoming(MultiMap query) {
    String cron = text(query, "cron");
    ZoneId zone = zone(query.contains("timezone") ? text(query, "timezone") : "UTC");
    return () -> {
      requireToCome(cron, zone);
      return new Occurrences("", Cron.parse(cron), zone, null).upcoming(clock.instant(), UPCOMING);
    };
  }

  private static String text(MultiMap query, String name) {
    String text = query.get(name);
    if (text == null || text.length() > MAX_TEXT) {
      throw ApiException.badRequest(
          name, "%s must be 1 to %d characters.".formatted(name, MAX_TEXT));
    }
    return text;
  }

  static String key(JsonFields body) {
    return required(body, "deduplicationKey", MAX_TEXT);
  }

  private static String required(JsonFields body, String field, int maxLength) {
    String text = body.text(field, maxLength);
    if (text == null) {
      throw ApiException.badRequest(field, field + " must be a string.");
    }
    return text;
  }

  private static ZoneId zone(String name) {
    if (!TimeZones.isOne(name)) {
      throw ApiException.unprocessable(
          "timezone",
          "timezone must be the IANA name of a time zone, such as Europe/Paris; GET"
              + " /api/v1/timezones lists them.");
    }
    return ZoneId.of(name);
  }

  private void requireToCome(String text, ZoneId zone) {
    try {
      if (Cron.parse(text).nextAfter(clock.instant(), zone).isEmpty()) {
        throw ApiException.unprocessable("cron", "cron names a date that never comes.");
      }
    } catch (UnreadableCronException e) {
      throw ApiException.unprocessable("cron", e.sentence());
    }
  }

  private static @Nullable String window(JsonFields body) {
    String text = body.text("window", MAX_TEXT);
    if (text != null && DelayWindow.parse(text).isEmpty()) {
      throw ApiException.unprocessable(
          "window",
          "window must be whole minutes or hours up to 24 hours, such as 30m or 2h, or up to 100%.");
    }
    return text;
  }
}
