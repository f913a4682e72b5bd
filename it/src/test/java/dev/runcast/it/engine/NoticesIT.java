package dev.runcast.it.engine;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.runcast.it.harness.Api;
import dev.runcast.it.harness.Await;
import dev.runcast.it.harness.FreePort;
import dev.runcast.it.harness.Node;
import dev.runcast.it.harness.NodeSpec;
import dev.runcast.it.harness.Shared;
import dev.runcast.it.harness.TestDatabase;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The tool is at one node, and hears at once of what is done at another. */
class NoticesIT {
  private static Node node;
  private static Node other;
  private static Api elsewhere;
  private static DevTool tool;

  @BeforeAll
  static void start() {
    TestDatabase database = Shared.postgres().database();
    int here = FreePort.next();
    int there = FreePort.next();
    node = Node.start(NodeSpec.serve(database).clustered(here, there));
    other = Node.start(NodeSpec.serve(database).clustered(there, here));
    elsewhere = other.api();
    tool = DevTool.start(node);
  }

  @AfterAll
  static void stop() {
    if (tool != null) {
      tool.close();
    }
    for (Node each : new Node[] {other, node}) {
      if (each != null) {
        each.close();
      }
    }
  }

  private static JsonNode retrieve(String run) {
    return elsewhere.get("/api/v3/runs/" + run).expect(200).json();
  }

  private static void awaitStatus(String run, String status) {
    Await.until(
        "run " + run + " to be " + status,
        () -> retrieve(run).get("status").asText().equals(status),
        () -> retrieve(run) + "\n" + node.log() + "\n" + tool);
  }

  /** How many notices of a run the tool says that it was sent. */
  private static long notices(String run) {
    return Pattern.compile("Received run notification.{0,200}?\\b" + run + "\\b", Pattern.DOTALL)
        .matcher(tool.toString())
        .results()
        .count();
  }

  /** Of several, for one may be overtaken by the question that is asked every five seconds. */
  @Test
  void theEndOfAWaitIsHeardOf() {
    int tokens = 4;
    String run = elsewhere.trigger("hears", Map.of("tokens", tokens), Map.of());
    List<String> seen = new ArrayList<>();
    for (int i = 0; i < tokens; i++) {
      Await.until(
          "another token",
          () -> {
            String token = retrieve(run).at("/metadata/token").asText();
            return !token.isEmpty() && !seen.contains(token) && seen.add(token);
          },
          tool::toString);
      awaitStatus(run, "WAITING");
      elsewhere
          .post(
              "/api/v1/waitpoints/tokens/" + seen.get(i) + "/complete",
              Map.of("data", Map.of("word", "word " + i)))
          .expect(200);
    }
    awaitStatus(run, "COMPLETED");

    assertThat(retrieve(run).at("/output/words"))
        .extracting(JsonNode::asText)
        .containsExactly("word 0", "word 1", "word 2", "word 3");
    assertThat(notices(run)).as(tool.toString()).isPositive();
  }

  @Test
  void aCancellationIsHeardOf() {
    List<String> runs = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      runs.add(elsewhere.trigger("endless", Map.of()));
    }
    for (String run : runs) {
      Await.until(
          "the task to run",
          () -> retrieve(run).path("metadata").path("running").asBoolean(),
          tool::toString);
      elsewhere.post("/api/v2/runs/" + run + "/cancel", Map.of()).expect(200);
    }
    for (String run : runs) {
      Await.until(
          "its worker to let go",
          () ->
              elsewhere
                  .get("/engine/v1/dev/runs/" + run + "/snapshots/latest")
                  .expect(200)
                  .json()
                  .at("/execution/snapshot/executionStatus")
                  .asText()
                  .equals("FINISHED"),
          tool::toString);
    }

    assertThat(runs.stream().mapToLong(NoticesIT::notices).sum()).as(tool.toString()).isPositive();
  }
}
