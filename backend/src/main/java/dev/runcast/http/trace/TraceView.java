package dev.runcast.http.trace;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.runcast.engine.trace.Trace;
import dev.runcast.engine.trace.TraceIds;
import dev.runcast.run.Run;
import dev.runcast.run.RunStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The trace of a run as clients take it: the run is the root span, below it spans and logs, which
 * are spans that take no time. Durations are milliseconds; what goes on lasts until now.
 */
record TraceView(Run run, Instant now) {

  ObjectNode json(Trace trace) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    ObjectNode shown = json.putObject("trace");
    shown.put("traceId", TraceIds.trace(run.id(), run.links().root()));
    ObjectNode root = shown.putObject("rootSpan");
    putRoot(root);
    putChildren(root, TraceIds.span(run.id()), trace.tree());
    return json;
  }

  private void putRoot(ObjectNode span) {
    Run.Times times = run.times();
    boolean isOver = run.status().isFinal();
    span.put("id", TraceIds.span(run.id())).put("runId", run.id().value());
    ObjectNode data = data(span, run.taskIdentifier(), times.createdAt(), times.completedAt());
    put(data, "taskSlug", run.taskIdentifier());
    data.put("isError", isOver && isFailure(run.status()))
        .put("isPartial", !isOver)
        .put("isCancelled", run.status() == RunStatus.CANCELED)
        .put("level", "TRACE");
    put(data, "workerVersion", run.facts().lockedVersion());
    put(data, "queueName", run.facts().queue());
    put(data, "machinePreset", run.facts().machine());
  }

  private static boolean isFailure(RunStatus status) {
    return status != RunStatus.COMPLETED_SUCCESSFULLY && status != RunStatus.CANCELED;
  }

  private void putChildren(ObjectNode span, String id, List<Trace.Node> nodes) {
    ArrayNode children = span.putArray("children");
    for (Trace.Node node : nodes) {
      ObjectNode child = children.addObject();
      child.put("id", node.id()).put("parentId", id).put("runId", run.id().value());
      put(child, node);
      putChildren(child, node.id(), node.children());
    }
  }

  private void put(ObjectNode span, Trace.Node node) {
    JsonNode entry = node.entry();
    Instant over = node.isLog() ? node.at() : node.end();
    Instant end = over == null ? run.times().completedAt() : over;
    ObjectNode data = data(span, entry.path("name").asText(""), node.at(), end);
    boolean partial = over == null;
    data.put("isError", entry.path("status").asText("").equals("error"))
        .put("isPartial", partial && !run.status().isFinal())
        .put("isCancelled", partial && run.status() == RunStatus.CANCELED)
        .put(
            "level",
            node.isLog() ? entry.path("level").asText("info").toUpperCase(Locale.ROOT) : "TRACE");
    if (entry.has("attempt")) {
      data.set("attemptNumber", entry.get("attempt"));
    }
    if (entry.has("attributes")) {
      data.set("properties", entry.get("attributes"));
    }
    if (entry.has("events")) {
      data.set("events", entry.get("events"));
    }
  }

  private ObjectNode data(ObjectNode span, String message, Instant begin, @Nullable Instant end) {
    Duration lasted = Duration.between(begin, end == null ? now : end);
    return span.putObject("data")
        .put("message", message)
        .put("startTime", begin.toString())
        .put("duration", Math.max(0, lasted.toNanos() / 1_000_000.0));
  }

  private static void put(ObjectNode json, String name, @Nullable String value) {
    if (value != null) {
      json.put(name, value);
    }
  }
}
