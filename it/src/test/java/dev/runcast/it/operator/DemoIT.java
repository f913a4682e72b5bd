package dev.runcast.it.operator;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.runcast.it.harness.ClientModel;
import dev.runcast.it.harness.ClientModel.Held;
import dev.runcast.it.harness.Frame;
import dev.runcast.it.harness.Node;
import dev.runcast.it.harness.NodeSpec;
import dev.runcast.it.harness.Shared;
import dev.runcast.it.harness.SseProbe;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** {@code --demo}: there is something to watch, of every shape, and it says what it is. */
class DemoIT {

  @Test
  void showsRunsOfEachShapeMoving() {
    NodeSpec spec = NodeSpec.serve(Shared.postgres().database()).with("--demo");
    try (Node node = Node.start(spec);
        SseProbe probe = node.follow("/realtime/v1/runs").awaitLive()) {
      awaitRun(probe, "an order that is done", run -> isDone(run, "demo-order"));
      awaitRun(
          probe,
          "a child of an order",
          run -> isDone(run, "demo-charge-card") && run.path("parentRunId").isTextual());
      awaitRun(
          probe,
          "a parcel of a batch",
          run -> isDone(run, "demo-pack-parcel") && run.path("batchId").isTextual());
      awaitRun(probe, "an answer", run -> isDone(run, "demo-ai-answer"));
      awaitRun(probe, "a feed that was imported or not", run -> isOver(run, "demo-import-feed"));

      assertThat(progressOfOneAnswer(probe.frames("run"))).hasSizeGreaterThan(3).isSorted();
      assertThat(probe.<Boolean>ask(DemoIT::allAreLabelled)).isTrue();
      assertThat(node.log()).contains("The demo is running").doesNotContain("given up");
    }
  }

  private static void awaitRun(SseProbe probe, String what, Predicate<JsonNode> like) {
    probe.await(what, known -> columns(known).anyMatch(like));
  }

  private static boolean isDone(JsonNode run, String task) {
    return isOf(run, task) && run.path("status").asText().equals("COMPLETED");
  }

  private static boolean isOver(JsonNode run, String task) {
    return isOf(run, task) && run.path("finishedAt").isTextual();
  }

  private static boolean isOf(JsonNode run, String task) {
    return run.path("taskIdentifier").asText().equals(task);
  }

  /** What the first answer that is done has reported on its way. */
  private static List<Double> progressOfOneAnswer(List<Frame> changes) {
    String run =
        changes.stream()
            .filter(frame -> isDone(frame.columns(), "demo-ai-answer"))
            .findFirst()
            .orElseThrow()
            .run();
    return changes.stream()
        .filter(frame -> frame.run().equals(run))
        .map(frame -> frame.columns().path("metadata").path("progress"))
        .filter(JsonNode::isNumber)
        .map(JsonNode::asDouble)
        .toList();
  }

  private static boolean allAreLabelled(ClientModel known) {
    return columns(known)
        .allMatch(
            run ->
                run.path("taskIdentifier").asText().startsWith("demo-")
                    && run.path("tags").toString().contains("\"demo\""));
  }

  private static Stream<JsonNode> columns(ClientModel known) {
    return known.rows().values().stream().map(Held::columns);
  }
}
