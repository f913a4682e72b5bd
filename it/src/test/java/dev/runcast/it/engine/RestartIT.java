package dev.runcast.it.engine;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.runcast.it.harness.Await;
import dev.runcast.it.harness.Node;
import dev.runcast.it.harness.NodeSpec;
import dev.runcast.it.harness.Shared;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Runs wait to be tried again while the tool is killed, and started with other code. */
class RestartIT {
  private Node node;
  private DevTool tool;

  @BeforeEach
  void start() {
    node = Node.start(NodeSpec.serve(Shared.postgres().database()).with("--short-retry", "2s"));
    tool = DevTool.start(node);
  }

  @AfterEach
  void stop() {
    if (tool != null) {
      tool.close();
    }
    node.close();
  }

  private JsonNode retrieve(String run) {
    return node.api().get("/api/v3/runs/" + run).expect(200).json();
  }

  private void awaitFailedOnce(String run) {
    Await.until(
        "its first attempt to fail",
        () ->
            Set.of("DELAYED", "QUEUED")
                    .contains(
                        node.api()
                            .get("/engine/v1/dev/runs/" + run + "/snapshots/latest")
                            .expect(200)
                            .json()
                            .at("/execution/snapshot/executionStatus")
                            .asText())
                && retrieve(run).get("attemptCount").asInt() == 1,
        tool::toString);
  }

  private void awaitStatus(String run, String status) {
    Await.until(
        "run " + run + " to be " + status,
        () -> retrieve(run).get("status").asText().equals(status),
        () -> retrieve(run) + "\n" + node.log() + "\n" + tool);
  }

  @Test
  void theyAreTriedAgainByTheNewCodeUnlessTheirTriggerBoundThemToTheOld() throws IOException {
    String free = node.api().trigger("restarted", Map.of());
    awaitFailedOnce(free);
    String old = retrieve(free).get("version").asText();
    String bound = node.api().trigger("restarted", Map.of(), Map.of("lockToVersion", old));
    awaitFailedOnce(bound);

    tool.kill();
    Path source = tool.sources().resolve("kills.ts");
    Files.writeString(source, Files.readString(source).replace("'before'", "'after'"));
    tool.launch();
    tool.awaitRegistered(node, 2);

    awaitStatus(free, "COMPLETED");
    JsonNode ended = retrieve(free);
    assertThat(ended.at("/output/words").asText()).isEqualTo("after");
    assertThat(ended.get("attemptCount").asInt()).isEqualTo(2);
    assertThat(ended.get("version").asText()).isNotEqualTo(old);
    awaitStatus(bound, "SYSTEM_FAILURE");
    assertThat(retrieve(bound).get("version").asText()).isEqualTo(old);
  }
}
