package dev.runcast.http.task;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.util.RawValue;
import dev.runcast.store.worker.KnownTask;
import dev.runcast.store.worker.NewWorker;
import dev.runcast.store.worker.TaskReads;
import dev.runcast.store.worker.TaskReads.Hour;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Tasks as clients take them. What is absent is left out. */
final class TaskView {
  private TaskView() {}

  /**
   * A task.
   *
   * @param since from when on its runs were asked for
   * @param hours what they have come to
   */
  static ObjectNode json(KnownTask task, Instant since, List<Hour> hours) {
    ObjectNode json = JsonNodeFactory.instance.objectNode().put("id", task.id());
    if (task.build() != null) {
      build(json.putObject("build"), task.build());
    }
    KnownTask.LastRun last = task.last();
    if (last != null) {
      json.putObject("lastRun")
          .put("id", last.id())
          .put("status", last.status().apiName())
          .put("createdAt", last.createdAt().toString());
    }
    activity(json.putObject("activity"), since, hours);
    return json;
  }

  private static void build(ObjectNode json, KnownTask.Build build) {
    NewWorker.Place place = build.place();
    NewWorker.Bounds bounds = build.bounds();
    json.put("worker", build.worker().id())
        .put("version", build.worker().version())
        .put("current", build.current())
        .put("filePath", place.filePath())
        .put("queue", build.queue());
    text(json, "exportName", place.exportName());
    text(json, "description", place.description());
    text(json, "triggerSource", build.source());
    text(json, "machine", bounds.machine());
    text(json, "ttl", bounds.ttl());
    number(json, "maxAttempts", bounds.maxAttempts());
    number(json, "maxDuration", bounds.maxDurationSeconds());
    raw(json, "retry", bounds.retry());
    raw(json, "payloadSchema", build.schema());
  }

  /** As many runs as are looked at may all be younger than what was asked for. */
  private static void activity(ObjectNode json, Instant since, List<Hour> hours) {
    boolean cut = hours.stream().mapToLong(Hour::runs).sum() >= TaskReads.MOST_RUNS;
    Instant from =
        cut ? hours.stream().map(Hour::earliest).min(Instant::compareTo).orElse(since) : since;
    json.put("since", from.toString());
    ArrayNode array = json.putArray("hours");
    @Nullable ObjectNode runs = null;
    @Nullable Instant at = null;
    for (Hour hour : hours) {
      if (runs == null || !hour.since().equals(at)) {
        at = hour.since();
        runs = array.addObject().put("at", at.toString()).putObject("runs");
      }
      String status = hour.status().apiName();
      runs.put(status, runs.path(status).asLong() + hour.runs());
    }
  }

  /** The builds that have it. */
  static void builds(ObjectNode json, List<TaskReads.InBuild> builds) {
    ArrayNode array = json.putArray("builds");
    builds.forEach(
        build ->
            array
                .addObject()
                .put("worker", build.worker().id())
                .put("version", build.worker().version())
                .put("registeredAt", build.registeredAt().toString())
                .put("filePath", build.filePath()));
  }

  static void text(ObjectNode json, String field, @Nullable String text) {
    if (text != null) {
      json.put(field, text);
    }
  }

  private static void number(ObjectNode json, String field, @Nullable Integer number) {
    if (number != null) {
      json.put(field, number);
    }
  }

  /** It is JSON since it was registered. */
  private static void raw(ObjectNode json, String field, @Nullable String text) {
    if (text != null) {
      json.putRawValue(field, new RawValue(text));
    }
  }
}
