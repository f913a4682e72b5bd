package dev.runcast.http.queue;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.runcast.store.queue.Queue;
import dev.runcast.store.queue.QueueTable;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A queue as clients take it: nulls and all, for here they ask for them. */
final class QueueView {
  private static final String TASK_PREFIX = "task/";

  private QueueView() {}

  static ObjectNode json(Queue queue) {
    boolean ofTask = queue.name().startsWith(TASK_PREFIX);
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("id", queue.id())
        .put("name", ofTask ? queue.name().substring(TASK_PREFIX.length()) : queue.name())
        .put("type", ofTask ? "task" : "custom")
        .put("running", queue.running())
        .put("queued", queue.queued())
        .put("paused", queue.paused());
    put(json, "concurrencyLimit", queue.limit().current());
    ObjectNode concurrency = json.putObject("concurrency");
    put(concurrency, "current", queue.limit().current());
    put(concurrency, "base", queue.limit().base());
    put(concurrency, "override", queue.limit().override());
    concurrency.put(
        "overriddenAt",
        queue.limit().overriddenAt() == null ? null : queue.limit().overriddenAt().toString());
    concurrency.putNull("overriddenBy");
    return json;
  }

  static ObjectNode json(List<QueueTable.Key> keys) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    ArrayNode array = json.putArray("keys");
    keys.forEach(
        key ->
            array
                .addObject()
                .put("key", key.text())
                .put("running", key.running())
                .put("queued", key.queued()));
    return json;
  }

  private static void put(ObjectNode json, String field, @Nullable Integer number) {
    json.put(field, number);
  }
}
