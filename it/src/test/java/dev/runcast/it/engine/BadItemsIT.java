package dev.runcast.it.engine;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.runcast.it.conformance.Conformance;
import dev.runcast.it.harness.Node;
import dev.runcast.it.harness.NodeSpec;
import dev.runcast.it.harness.Shared;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Tasks that wait for batches of which an item can't be triggered. */
class BadItemsIT {
  private static Node node;
  private static DevTool tool;
  private static ToolRuns followed;

  @BeforeAll
  static void start() {
    node = Node.start(NodeSpec.serve(Shared.postgres().database()).with("--short-retry", "2s"));
    tool = DevTool.start(node);
    followed = new ToolRuns(node, tool);
  }

  @AfterAll
  static void stop() {
    if (tool != null) {
      tool.close();
    }
    if (node != null) {
      node.close();
    }
  }

  private static JsonNode finished(String run) {
    JsonNode ended = followed.finished(run);
    assertThat(ended.get("status").asText()).as(ended.toString()).isEqualTo("COMPLETED");
    return ended;
  }

  private static void assertRefused(JsonNode told, String... words) {
    assertThat(told.asText()).contains("BATCH_ITEM_COULD_NOT_TRIGGER").contains(words);
  }

  @Test
  @Conformance(
      client = "4.8.3",
      function = {"tasks.batchTriggerAndWait", "batch.triggerByTaskAndWait"})
  void aTaskIsToldTheErrorInItsPlaceAndTheOutputsOfTheOthers() {
    String run = node.api().trigger("some-bad", Map.of(), Map.of());

    JsonNode output = finished(run).get("output");

    assertThat(output.at("/alike/0/squared").asInt()).isEqualTo(1);
    assertRefused(output.at("/alike/1"), "Item 1", "options.machine");
    assertThat(output.at("/alike/2/squared").asInt()).isEqualTo(9);
    assertThat(output.at("/mixed/0/squared").asInt()).isEqualTo(16);
    assertRefused(output.at("/mixed/1"), "Item 1", "options.machine");
    assertThat(output.at("/mixed/2/squared").asInt()).isEqualTo(25);
  }

  @Test
  void aTaskThatIsTriedAgainAndOutlivesTheServiceIsToldItToo() {
    String run = node.api().trigger("some-bad-again", Map.of(), Map.of());
    followed.await(
        run,
        "to wait for its batch",
        () ->
            followed.status(run).equals("WAITING")
                && followed.retrieve(run).at("/relatedRuns/children").size() == 3);

    node.kill();
    node.startAgain();
    String token = followed.retrieve(run).at("/metadata/token").asText();
    node.api()
        .post("/api/v1/waitpoints/tokens/" + token + "/complete", Map.of("data", "open"))
        .expect(200);

    JsonNode ended = finished(run);
    assertThat(ended.get("attemptCount").asInt()).isEqualTo(2);
    assertThat(ended.at("/relatedRuns/children")).as("no batch is made again").hasSize(3);
    assertThat(ended.at("/output/0").asText()).isEqualTo("open");
    assertRefused(ended.at("/output/1"), "Item 1");
    assertThat(ended.at("/output/2/squared").asInt()).isEqualTo(36);
  }
}
