package dev.runcast.http.schedule;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.runcast.engine.schedule.Cron;
import dev.runcast.engine.schedule.DelayWindow;
import dev.runcast.engine.schedule.UnreadableCronException;
import dev.runcast.run.EnvironmentId;
import dev.runcast.store.schedule.Schedule;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Schedules as clients take them. What is absent is left out.
 *
 * @param environmentName as people know it
 * @param now after which the next time is sought
 */
record ScheduleView(EnvironmentId environment, String environmentName, Instant now) {
  private static final Map<String, String> TYPES =
      Map.of(
          "dev", "DEVELOPMENT",
          "stg", "STAGING",
          "staging", "STAGING",
          "prod", "PRODUCTION",
          "production", "PRODUCTION");

  ObjectNode json(Schedule schedule) {
    Schedule.Plan plan = schedule.plan();
    Optional<Cron> cron = cron(plan);
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("id", schedule.id())
        .put("type", schedule.declarative() ? "DECLARATIVE" : "IMPERATIVE")
        .put("task", plan.task())
        .put("active", schedule.active());
    put(json, "deduplicationKey", schedule.deduplicationKey());
    put(json, "externalId", plan.externalId());
    json.putObject("generator")
        .put("type", "CRON")
        .put("expression", plan.cron())
        .put("description", Cron.describe(plan.cron()));
    json.put("timezone", plan.timezone());
    put(json, "window", plan.window());
    if (schedule.lastAt() != null) {
      json.put("lastRun", schedule.lastAt().toString());
    }
    if (schedule.active() && cron.isPresent()) {
      putNext(json, schedule, cron.get());
    }
    json.putArray("environments")
        .addObject()
        .put("id", environment.value())
        .put("type", TYPES.getOrDefault(environmentName, "PREVIEW"));
    return json;
  }

  private void putNext(ObjectNode json, Schedule schedule, Cron cron) {
    ZoneId zone = ZoneId.of(schedule.plan().timezone());
    cron.nextAfter(now, zone)
        .ifPresent(
            next -> {
              json.put("nextRun", next.toString());
              window(schedule.plan())
                  .map(window -> window.delayed(schedule.id(), next, cron.nextAfter(next, zone)))
                  .ifPresent(delayed -> json.put("nextRunEffectiveAt", delayed.toString()));
            });
  }

  /** None when plain SQL has stored what can't be read, or a zone that there is no more. */
  private static Optional<Cron> cron(Schedule.Plan plan) {
    try {
      return TimeZones.isOne(plan.timezone())
          ? Optional.of(Cron.parse(plan.cron()))
          : Optional.empty();
    } catch (UnreadableCronException e) {
      return Optional.empty();
    }
  }

  private static Optional<DelayWindow> window(Schedule.Plan plan) {
    return Optional.ofNullable(plan.window()).flatMap(DelayWindow::parse);
  }

  private static void put(ObjectNode json, String field, @Nullable String text) {
    if (text != null) {
      json.put(field, text);
    }
  }
}
