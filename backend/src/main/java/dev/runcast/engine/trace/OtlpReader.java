package dev.runcast.engine.trace;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.runcast.json.JsonText;
import dev.runcast.run.RunId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads spans and logs from the JSON of OTLP. What can't be read, or is of no run, is left out and
 * counted; the rest is taken.
 *
 * @see <a href="https://opentelemetry.io/docs/specs/otlp/#json-protobuf-encoding">OTLP, JSON</a>
 */
public final class OtlpReader {
  /** More than this of one entry is cut, its attributes first. */
  static final int MAX_ENTRY_CHARS = 64 * 1024;

  private static final int MAX_NAME_CHARS = 8 * 1024;
  private static final int MAX_ID_CHARS = 64;

  /** The tools that execute tasks write their own marks among the attributes of spans and logs. */
  private static final String MARK = "$";

  private static final String CONTEXT = "ctx.";
  private static final String IN_MARK = "$metadata.";
  private static final String RUN = CONTEXT + "run.id";
  private static final String ENVIRONMENT = CONTEXT + "environment.id";
  private static final String ATTEMPT = CONTEXT + "attempt.number";
  private static final String PARTIAL = "$span.partial";
  private static final String MEANT_SPAN = "$span.span_id";

  private static final Map<Integer, String> STATUSES = Map.of(1, "ok", 2, "error");

  /**
   * A span or a log.
   *
   * @param environment the id of the environment that it says it is of; null when it says none
   * @param text of the entry, JSON on one line
   */
  public record Entry(@Nullable String environment, RunId run, String text) {}

  /**
   * What was read.
   *
   * @param leftOut how many spans or logs are not among the entries
   */
  public record Entries(List<Entry> entries, int leftOut) {
    public Entries {
      entries = List.copyOf(entries);
    }
  }

  private final List<Entry> entries = new ArrayList<>();
  private int leftOut;

  private OtlpReader() {}

  /** The spans of the body of {@code /v1/traces}. */
  public static Entries spans(JsonNode body) {
    OtlpReader reader = new OtlpReader();
    for (JsonNode resource : body.path("resourceSpans")) {
      ObjectNode shared = attributes(resource.path("resource").path("attributes"));
      for (JsonNode scope : resource.path("scopeSpans")) {
        scope.path("spans").forEach(span -> reader.take(shared, span, OtlpReader::span));
      }
    }
    return new Entries(reader.entries, reader.leftOut);
  }

  /** The records of the body of {@code /v1/logs}. */
  public static Entries logs(JsonNode body) {
    OtlpReader reader = new OtlpReader();
    for (JsonNode resource : body.path("resourceLogs")) {
      ObjectNode shared = attributes(resource.path("resource").path("attributes"));
      for (JsonNode scope : resource.path("scopeLogs")) {
        scope.path("logRecords").forEach(log -> reader.take(shared, log, OtlpReader::log));
      }
    }
    return new Entries(reader.entries, reader.leftOut);
  }

  /** Makes an entry; null when it can't. */
  private interface Form {
    @Nullable ObjectNode of(JsonNode record, ObjectNode attributes);
  }

  private void take(ObjectNode shared, JsonNode record, Form form) {
    ObjectNode attributes = attributes(record.path("attributes"));
    String run = context(attributes, shared, RUN);
    ObjectNode entry = run == null || !RunId.accepts(run) ? null : form.of(record, attributes);
    if (run == null || entry == null) {
      leftOut++;
      return;
    }
    String attempt = context(attributes, shared, ATTEMPT);
    if (attempt != null && attempt.matches("[0-9]{1,9}")) {
      entry.put("attempt", Integer.parseInt(attempt));
    }
    String environment = context(attributes, shared, ENVIRONMENT);
    entries.add(new Entry(environment, new RunId(run), bounded(entry, own(attributes))));
  }

  private static @Nullable ObjectNode span(JsonNode span, ObjectNode attributes) {
    String id = id(attributes.path(MEANT_SPAN));
    String spanId = id == null ? id(span.path("spanId")) : id;
    Instant begin = time(span.path("startTimeUnixNano"));
    if (spanId == null || begin == null) {
      return null;
    }
    ObjectNode entry = JsonNodeFactory.instance.objectNode();
    entry.put("type", "span").put("id", spanId);
    put(entry, "parent", id(span.path("parentSpanId")));
    put(entry, "trace", id(span.path("traceId")));
    entry.put("name", cut(span.path("name").asText("")));
    entry.put("at", begin.toString());
    Instant end = time(span.path("endTimeUnixNano"));
    if (attributes.path(PARTIAL).asBoolean(false) || end == null) {
      entry.put("partial", true);
    } else {
      entry.put("end", end.toString());
    }
    put(entry, "status", STATUSES.get(span.path("status").path("code").asInt(0)));
    put(entry, "message", text(span.path("status").path("message")));
    putEvents(entry, span.path("events"));
    return entry;
  }

  private static void putEvents(ObjectNode entry, JsonNode events) {
    if (!events.isArray() || events.isEmpty()) {
      return;
    }
    ArrayNode told = entry.putArray("events");
    for (JsonNode event : events) {
      ObjectNode one = told.addObject();
      one.put("name", cut(event.path("name").asText("")));
      Instant at = time(event.path("timeUnixNano"));
      put(one, "at", at == null ? null : at.toString());
      one.set("attributes", own(attributes(event.path("attributes"))));
    }
  }

  private static @Nullable ObjectNode log(JsonNode log, ObjectNode attributes) {
    Instant observed = time(log.path("observedTimeUnixNano"));
    Instant at = time(log.path("timeUnixNano"));
    Instant time = at == null ? observed : at;
    if (time == null) {
      return null;
    }
    ObjectNode entry = JsonNodeFactory.instance.objectNode();
    entry.put("type", "log");
    put(entry, "parent", id(log.path("spanId")));
    put(entry, "trace", id(log.path("traceId")));
    entry.put("at", time.toString());
    entry.put("level", level(log));
    JsonNode body = value(log.path("body"));
    entry.put("name", cut(body.isTextual() ? body.asText() : JsonText.print(body)));
    return entry;
  }

  /** By the number where there is one: the names are anybody's. */
  private static String level(JsonNode log) {
    int number = log.path("severityNumber").asInt(0);
    if (number <= 0) {
      String name = log.path("severityText").asText("");
      return switch (name.toUpperCase(Locale.ROOT)) {
        case "TRACE", "DEBUG", "WARN", "ERROR" -> name.toLowerCase(Locale.ROOT);
        case "FATAL" -> "error";
        default -> "info";
      };
    }
    return number < 5
        ? "trace"
        : number < 9 ? "debug" : number < 13 ? "info" : number < 17 ? "warn" : "error";
  }

  /** The entry's text, within the bound: what is cut says so. */
  private static String bounded(ObjectNode entry, ObjectNode attributes) {
    if (!attributes.isEmpty()) {
      entry.set("attributes", attributes);
    }
    String text = JsonText.print(entry);
    if (text.length() <= MAX_ENTRY_CHARS) {
      return text;
    }
    entry.remove(List.of("attributes", "events"));
    return JsonText.print(entry.put("truncated", true));
  }

  /** What stands in the record itself goes before what stands in its resource. */
  private static @Nullable String context(ObjectNode attributes, ObjectNode shared, String name) {
    for (ObjectNode place : List.of(attributes, shared)) {
      for (String each : List.of(IN_MARK + name, name)) {
        JsonNode found = place.path(each);
        if (found.isValueNode() && !found.isNull()) {
          return found.asText();
        }
      }
    }
    return null;
  }

  /** The attributes that whoever wrote the task gave. */
  private static ObjectNode own(ObjectNode attributes) {
    ObjectNode own = JsonNodeFactory.instance.objectNode();
    attributes
        .properties()
        .forEach(
            each -> {
              if (!each.getKey().startsWith(MARK) && !each.getKey().startsWith(CONTEXT)) {
                own.set(each.getKey(), each.getValue());
              }
            });
    return own;
  }

  private static ObjectNode attributes(JsonNode list) {
    ObjectNode attributes = JsonNodeFactory.instance.objectNode();
    for (JsonNode each : list) {
      if (each.path("key").isTextual()) {
        attributes.set(each.path("key").asText(), value(each.path("value")));
      }
    }
    return attributes;
  }

  /** An {@code AnyValue}: one member, whose name is the value's type. */
  private static JsonNode value(JsonNode any) {
    for (Map.Entry<String, JsonNode> member : any.properties()) {
      JsonNode value = member.getValue();
      return switch (member.getKey()) {
        case "intValue" -> integer(value);
        case "arrayValue" -> {
          ArrayNode array = JsonNodeFactory.instance.arrayNode();
          value.path("values").forEach(each -> array.add(value(each)));
          yield array;
        }
        case "kvlistValue" -> attributes(value.path("values"));
        default -> value;
      };
    }
    return JsonNodeFactory.instance.nullNode();
  }

  /** Integers of 64 bits are strings in the JSON of protobuf. */
  private static JsonNode integer(JsonNode value) {
    try {
      return value.isTextual()
          ? JsonNodeFactory.instance.numberNode(Long.parseLong(value.asText()))
          : value;
    } catch (NumberFormatException e) {
      return value;
    }
  }

  private static @Nullable Instant time(JsonNode nanos) {
    String text = nanos.asText("");
    if (!text.matches("[1-9][0-9]{0,18}")) {
      return null;
    }
    try {
      long since = Long.parseLong(text);
      return Instant.ofEpochSecond(since / 1_000_000_000, since % 1_000_000_000);
    } catch (NumberFormatException e) {
      return null;
    }
  }

  private static @Nullable String id(JsonNode id) {
    String text = id.asText("");
    return text.isEmpty() || text.length() > MAX_ID_CHARS ? null : text;
  }

  private static @Nullable String text(JsonNode node) {
    String text = node.asText("");
    return text.isEmpty() ? null : cut(text);
  }

  private static String cut(String text) {
    return text.length() <= MAX_NAME_CHARS ? text : text.substring(0, MAX_NAME_CHARS) + "…";
  }

  private static void put(ObjectNode entry, String name, @Nullable String value) {
    if (value != null) {
      entry.put(name, value);
    }
  }
}
