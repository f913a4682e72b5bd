package dev.runcast.it.engine;

import com.fasterxml.jackson.databind.JsonNode;
import dev.runcast.it.harness.Await;
import dev.runcast.it.harness.Node;
import java.util.Set;
import java.util.function.BooleanSupplier;

/** The runs of a node that the official tool executes, looked at from outside. */
record ToolRuns(Node node, DevTool tool) {
  private static final Set<String> UNFINISHED =
      Set.of("PENDING_VERSION", "DELAYED", "QUEUED", "DEQUEUED", "EXECUTING", "WAITING");

  static boolean isFinished(String status) {
    return !UNFINISHED.contains(status);
  }

  JsonNode retrieve(String run) {
    return node.api().get("/api/v3/runs/" + run).expect(200).json();
  }

  String status(String run) {
    return retrieve(run).get("status").asText();
  }

  /** Waits for something about a run; what is known of it is told when it does not come. */
  void await(String run, String what, BooleanSupplier holds) {
    Await.until(
        "run " + run + " " + what,
        holds::getAsBoolean,
        () -> retrieve(run) + "\n" + node.log() + "\n" + tool);
  }

  /** The run when it has ended. */
  JsonNode finished(String run) {
    await(run, "to end", () -> isFinished(status(run)));
    return retrieve(run);
  }
}
