package dev.runcast.http.dev.execution;

import dev.runcast.store.wait.EndedWait;
import dev.runcast.store.wait.NewWait;
import io.vertx.core.json.JsonObject;

/** What a worker is told of the end of what its run waited for. Pure. */
final class EndedWaitView {
  private EndedWaitView() {}

  static JsonObject json(EndedWait ended) {
    NewWait wait = ended.waited();
    EndedWait.Output output = ended.output();
    JsonObject told =
        DevJson.identity(wait.id())
            .put("type", wait.kind().name())
            .put("completedAt", ended.endedAt().toString())
            .put("outputIsError", output != null && output.isError());
    if (output != null && output.text() != null) {
      told.put("output", output.text());
      told.put("outputType", output.type() == null ? "application/json" : output.type());
    }
    putCause(told, wait);
    return told;
  }

  private static void putCause(JsonObject told, NewWait wait) {
    String target = wait.target();
    NewWait.Index index = wait.index();
    if (wait.kind() == NewWait.Kind.RUN && target != null) {
      JsonObject run = DevJson.identity(target);
      if (index != null) {
        told.put("index", index.place());
        run.put("batch", DevJson.identity(index.batch()));
      }
      told.put("completedByTaskRun", run);
    }
    if (wait.kind() == NewWait.Kind.BATCH && target != null) {
      told.put("completedByBatch", DevJson.identity(target));
    }
    if (wait.until() != null) {
      told.put("completedAfter", wait.until().toString());
    }
  }
}
