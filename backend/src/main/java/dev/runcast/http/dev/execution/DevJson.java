package dev.runcast.http.dev.execution;

import dev.runcast.run.RunId;
import dev.runcast.run.RunStatus;
import dev.runcast.store.execution.Execution;
import io.vertx.core.json.JsonObject;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The objects that several answers to the command line tool have in common. Pure. */
final class DevJson {
  private static final String PREFIX = "snapshot_";

  /** There is one organisation: whose installation this is. */
  static final JsonObject ORGANIZATION =
      new JsonObject().put("id", "org_runcast").put("slug", "runcast").put("name", "Runcast");

  private static final String USUAL_MACHINE = "small-1x";

  /**
   * What a preset stands for.
   *
   * @param memory in GB
   */
  private record Size(double cpu, double memory) {}

  private static final Size USUAL_SIZE = new Size(0.5, 0.5);

  private static final Map<String, Size> MACHINES =
      Map.of(
          "micro",
          new Size(0.25, 0.25),
          USUAL_MACHINE,
          USUAL_SIZE,
          "small-2x",
          new Size(1, 1),
          "medium-1x",
          new Size(1, 2),
          "medium-2x",
          new Size(2, 4),
          "large-1x",
          new Size(4, 8),
          "large-2x",
          new Size(8, 16));

  private DevJson() {}

  static JsonObject machine(@Nullable String preset) {
    String name = preset != null && MACHINES.containsKey(preset) ? preset : USUAL_MACHINE;
    Size size = MACHINES.getOrDefault(name, USUAL_SIZE);
    return new JsonObject()
        .put("name", name)
        .put("cpu", size.cpu())
        .put("memory", size.memory())
        .put("centsPerMs", 0);
  }

  static JsonObject snapshot(Execution.Snapshot snapshot) {
    return new JsonObject()
        .put("id", Long.toString(snapshot.number()))
        .put("friendlyId", PREFIX + snapshot.number())
        .put("executionStatus", snapshot.status().name())
        .put("description", snapshot.description())
        .put("createdAt", snapshot.createdAt().toString());
  }

  /** The number of a snapshot that a path names; one that can't be is that of none. */
  static long snapshotNumber(String named) {
    String digits = named.startsWith(PREFIX) ? named.substring(PREFIX.length()) : named;
    return digits.matches("[0-9]{1,18}") ? Long.parseLong(digits) : -1;
  }

  static JsonObject run(RunId run, RunStatus status, int attempt) {
    JsonObject told = identity(run.value()).put("status", status.name());
    return attempt == 0 ? told : told.put("attemptNumber", attempt);
  }

  /** The two names of a thing: the whole one, and what follows its kind. */
  static JsonObject identity(String id) {
    return new JsonObject().put("id", bare(id)).put("friendlyId", id);
  }

  static String bare(String id) {
    return id.substring(id.indexOf('_') + 1);
  }
}
