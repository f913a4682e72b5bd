package dev.runcast.http.dev.execution;

import dev.runcast.engine.execution.Attempts.Begun;
import dev.runcast.engine.trace.TraceIds;
import dev.runcast.http.api.request.ReplayParser;
import dev.runcast.run.RunId;
import dev.runcast.store.execution.Assignment;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What a worker is answered that begins an attempt. Absent members are left out. Pure. */
final class AssignmentView {
  private AssignmentView() {}

  static JsonObject json(Begun begun, JsonObject variables) {
    Assignment assignment = begun.assignment();
    Assignment.Home home = assignment.home();
    JsonObject execution =
        new JsonObject()
            .put("attempt", attempt(begun))
            .put("run", run(assignment))
            .put("task", task(assignment.task()))
            .put("queue", queue(assignment.links()))
            .put(
                "environment",
                new JsonObject()
                    .put("id", home.environment())
                    .put("slug", home.slug())
                    .put("type", "DEVELOPMENT"))
            .put("organization", DevJson.ORGANIZATION)
            .put(
                "project",
                new JsonObject()
                    .put("id", home.project())
                    .put("ref", home.reference())
                    .put("slug", home.reference())
                    .put("name", home.projectName()))
            .put("machine", DevJson.machine(home.machine()));
    String batch = assignment.links().batch();
    if (batch != null) {
      execution.put("batch", new JsonObject().put("id", batch));
    }
    return new JsonObject()
        .put(
            "run",
            DevJson.run(
                assignment.run(), assignment.status(), begun.execution().holder().attempt()))
        .put("snapshot", DevJson.snapshot(begun.execution().snapshot()))
        .put("envVars", variables)
        .put("execution", execution);
  }

  private static JsonObject attempt(Begun begun) {
    return new JsonObject()
        .put("number", begun.execution().holder().attempt())
        .put("startedAt", begun.execution().snapshot().createdAt().toString());
  }

  private static JsonObject task(Assignment.Task task) {
    JsonObject told =
        new JsonObject()
            .put("id", task.id())
            .put("filePath", task.filePath() == null ? "" : task.filePath());
    putText(told, "exportName", task.exportName());
    return told;
  }

  private static JsonObject queue(Assignment.Links links) {
    return new JsonObject().put("id", links.queueId()).put("name", links.queue());
  }

  private static JsonObject run(Assignment assignment) {
    Assignment.Input input = assignment.input();
    Assignment.Timing timing = assignment.timing();
    JsonObject run =
        new JsonObject()
            .put("id", assignment.run().value())
            .put("payload", input.payload() == null ? "" : input.payload())
            .put(
                "payloadType",
                input.payloadType() == null ? "application/json" : input.payloadType())
            .put("tags", new JsonArray(input.tags()))
            .put("isTest", input.isTest())
            .put("isReplay", isReplay(input.options()))
            .put("createdAt", timing.createdAt().toString())
            .put("startedAt", started(timing).toString())
            .put("version", assignment.version())
            .put(
                "metadata",
                input.metadata() == null ? new JsonObject() : new JsonObject(input.metadata()))
            .put("priority", timing.priority())
            .put("durationMs", 0)
            .put("costInCents", 0)
            .put("baseCostInCents", 0)
            .put("traceContext", traceContext(assignment))
            .put("realtimeStreamsVersion", "v1");
    putNumber(run, "maxAttempts", timing.maxAttempts());
    putNumber(run, "maxDuration", timing.maxDurationSeconds());
    putText(run, "parentTaskRunId", assignment.links().parent());
    // By its absence a task knows that it is the root.
    putText(run, "rootTaskRunId", assignment.links().root());
    putKey(run, input.options());
    return run;
  }

  private static JsonObject traceContext(Assignment assignment) {
    String root = assignment.links().root();
    return new JsonObject()
        .put(
            "traceparent",
            TraceIds.parent(assignment.run(), root == null ? null : new RunId(root)));
  }

  private static Instant started(Assignment.Timing timing) {
    return Optional.ofNullable(timing.startedAt()).orElse(timing.createdAt());
  }

  /** The key as the user wrote it; the one that is stored for the run is made of it. */
  private static void putKey(JsonObject run, @Nullable String options) {
    if (options != null
        && new JsonObject(options).getValue("idempotencyKeyOptions") instanceof JsonObject key) {
      putText(run, "idempotencyKey", key.getValue("key") instanceof String text ? text : null);
      putText(
          run, "idempotencyKeyScope", key.getValue("scope") instanceof String text ? text : null);
    }
  }

  private static boolean isReplay(@Nullable String options) {
    return options != null && new JsonObject(options).containsKey(ReplayParser.REPLAYED);
  }

  private static void putText(JsonObject to, String field, @Nullable String text) {
    if (text != null) {
      to.put(field, text);
    }
  }

  private static void putNumber(JsonObject to, String field, @Nullable Integer number) {
    if (number != null) {
      to.put(field, number);
    }
  }
}
