package dev.runcast.http.api.request;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.runcast.engine.TriggerOrder;
import dev.runcast.http.ApiException;
import dev.runcast.run.Run;
import java.util.Iterator;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Bodies that trigger a run once more, with what is to be different this time. What is said of
 * nothing is as it was the first time, but for what belonged to that one alone: its parent and
 * batch, its delay, its idempotency key, and its metadata, which it has changed since.
 */
public final class ReplayParser {
  private static final String PAYLOAD = "payload";
  private static final String PAYLOAD_TYPE = "payloadType";
  private static final String QUEUE = "queue";

  /** Names the run that was, in the options that are kept of a run. */
  public static final String REPLAYED = "replayOf";

  /** The names that a replay uses, and what a trigger's options call them. */
  private static final Map<String, String> OPTIONS =
      Map.ofEntries(
          Map.entry("metadata", "metadata"),
          Map.entry("tags", "tags"),
          Map.entry("concurrencyKey", "concurrencyKey"),
          Map.entry("machine", "machine"),
          Map.entry("version", "lockToVersion"),
          Map.entry("region", "region"),
          Map.entry("delay", "delay"),
          Map.entry("ttl", "ttl"),
          Map.entry("idempotencyKey", "idempotencyKey"),
          Map.entry("idempotencyKeyTTL", "idempotencyKeyTTL"),
          Map.entry("maxAttempts", "maxAttempts"),
          Map.entry("maxDuration", "maxDuration"),
          Map.entry("priority", "priority"));

  private final TriggerParser orders;

  public ReplayParser(TriggerParser orders) {
    this.orders = orders;
  }

  /**
   * The run that a body asks for, given the one that was. It is of the newest build, unless the
   * body names another: who mends a task replays what it failed at.
   */
  public TriggerOrder parse(Run run, JsonFields changes) {
    requireKnown(changes.object());
    ObjectNode body = JsonNodeFactory.instance.objectNode();
    ObjectNode options = body.putObject("options");
    put(body, PAYLOAD, run.contents().payload().orNull());
    put(options, PAYLOAD_TYPE, run.contents().payloadType());
    put(options, REPLAYED, run.id().value());
    putFacts(options, run.facts());
    run.tags().forEach(options.withArray("tags")::add);
    change(body, options, changes);
    return orders.parse(
        run.taskIdentifier(),
        JsonFields.of(body),
        new TriggerParser.Beside(run.environment(), null, null, null));
  }

  private static void requireKnown(ObjectNode changes) {
    Set<String> known = new TreeSet<>(OPTIONS.keySet());
    known.addAll(Set.of(PAYLOAD, PAYLOAD_TYPE, QUEUE));
    for (Iterator<String> names = changes.fieldNames(); names.hasNext(); ) {
      String name = names.next();
      if (!known.contains(name)) {
        throw ApiException.badRequest(
            "body", "The body may only have " + String.join(", ", known) + ".");
      }
    }
  }

  private static void putFacts(ObjectNode options, Run.Facts facts) {
    if (facts.queue() != null) {
      options.putObject(QUEUE).put("name", facts.queue());
    }
    put(options, "concurrencyKey", facts.concurrencyKey());
    put(options, "machine", facts.machine());
    put(options, "region", facts.region());
    put(options, "ttl", facts.ttl());
    options.put("priority", facts.priority());
    options.put("maxAttempts", facts.maxAttempts());
    options.put("maxDuration", facts.maxDurationSeconds());
    options.put("test", facts.isTest());
  }

  private static void put(ObjectNode node, String name, @Nullable String value) {
    if (value != null) {
      node.put(name, value);
    }
  }

  private static void change(ObjectNode body, ObjectNode options, JsonFields changes) {
    JsonNode payload = changes.value(PAYLOAD);
    if (payload != null) {
      body.set(PAYLOAD, payload);
      options.remove(PAYLOAD_TYPE);
    }
    JsonNode type = changes.value(PAYLOAD_TYPE);
    if (type != null) {
      options.set(PAYLOAD_TYPE, type);
    }
    JsonNode queue = changes.value(QUEUE);
    if (queue != null) {
      options.set(QUEUE, queue.isTextual() ? options.objectNode().set("name", queue) : queue);
    }
    OPTIONS.forEach(
        (name, option) -> {
          JsonNode value = changes.value(name);
          if (value != null) {
            options.set(option, value);
          }
        });
  }
}
