package dev.runcast.engine.schedule;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.runcast.json.JsonText;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a task that a schedule triggers is told, as superjson, so that it gets its times as dates.
 *
 * @param timestamp the schedule's time, whenever the run begins
 * @param lastTimestamp the time of the run before; null for the first
 * @param externalId of whoever made the schedule; null for none
 * @param upcoming the next times
 */
public record ScheduledPayload(
    boolean declarative,
    String schedule,
    Instant timestamp,
    @Nullable Instant lastTimestamp,
    String timezone,
    @Nullable String externalId,
    List<Instant> upcoming) {
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS'Z'").withZone(ZoneOffset.UTC);

  /** The type of {@link #text}. */
  public static final String TYPE = "application/super+json";

  public ScheduledPayload {
    upcoming = List.copyOf(upcoming);
  }

  /** The payload's text, of type {@link #TYPE}. */
  public String text() {
    ObjectNode packet = JsonNodeFactory.instance.objectNode();
    ObjectNode json = packet.putObject("json");
    ObjectNode types = packet.putObject("meta").putObject("values");
    json.put("type", declarative ? "DECLARATIVE" : "IMPERATIVE").put("scheduleId", schedule);
    putDate(json, types, "timestamp", timestamp);
    if (lastTimestamp != null) {
      putDate(json, types, "lastTimestamp", lastTimestamp);
    }
    json.put("timezone", timezone);
    if (externalId != null) {
      json.put("externalId", externalId);
    }
    ArrayNode times = json.putArray("upcoming");
    for (Instant time : upcoming) {
      types.putArray("upcoming." + times.size()).add("Date");
      times.add(TIME.format(time));
    }
    return JsonText.print(packet);
  }

  private static void putDate(ObjectNode json, ObjectNode types, String name, Instant time) {
    json.put(name, TIME.format(time));
    types.putArray(name).add("Date");
  }
}
