package dev.runcast.it.engine;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.runcast.it.harness.Answer;
import dev.runcast.it.harness.Await;
import dev.runcast.it.harness.Node;
import dev.runcast.it.harness.NodeSpec;
import dev.runcast.it.harness.Shared;
import dev.runcast.it.harness.TestDatabase;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * The tool works at a branch: its runs, and those that they trigger, are there and nowhere else.
 */
class BranchIT {
  private static final Map<String, String> THERE = Map.of("x-trigger-branch", "feat/one");

  private TestDatabase database;
  private Node node;
  private DevTool tool;

  @BeforeEach
  void start() {
    database = Shared.postgres().database();
    node = Node.start(NodeSpec.serve(database));
    tool = DevTool.start(node, "--branch", "feat/one");
  }

  @AfterEach
  void stop() {
    if (tool != null) {
      tool.close();
    }
    node.close();
  }

  private String trigger(String task, String payload, Map<String, String> headers) {
    return node.api()
        .send(
            "POST", "/api/v1/tasks/" + task + "/trigger", "{\"payload\":" + payload + "}", headers)
        .expect(200)
        .json()
        .get("id")
        .asText();
  }

  private Answer retrieve(String run, Map<String, String> headers) {
    return node.api().send("GET", "/api/v3/runs/" + run, null, headers);
  }

  @Test
  void runsOfABranchAreExecutedByItsTool() {
    String parent = trigger("parent", "{}", THERE);
    String outside = trigger("greet", "{\"name\":\"Ada\"}", Map.of());

    Await.until(
        "the run to end",
        () -> retrieve(parent, THERE).json().get("status").asText().equals("COMPLETED"),
        () -> retrieve(parent, THERE).body() + "\n" + node.log() + "\n" + tool);
    JsonNode ended = retrieve(parent, THERE).json();
    assertThat(ended.get("output").toString())
        .isEqualTo("{\"one\":9,\"failed\":\"child 4 fails\"}");
    assertThat(ended.get("relatedRuns").get("children")).hasSize(2);
    assertThat(retrieve(parent, Map.of()).status()).isEqualTo(404);
    assertThat(retrieve(outside, Map.of()).json().get("status").asText()).isEqualTo("QUEUED");
  }

  @Test
  void theToolArchivesABranchAndWhatIsThereEnds() {
    String later =
        node.api()
            .send(
                "POST",
                "/api/v1/tasks/greet/trigger",
                "{\"payload\":{\"name\":\"Ada\"},\"options\":{\"delay\":\"1h\"}}",
                THERE)
            .expect(200)
            .json()
            .get("id")
            .asText();

    String said = tool.run("dev", "archive", "--branch", "feat/one");

    assertThat(said).contains("Successfully archived");
    assertThat(database.single("select status from run where id = ?", later)).isEqualTo("CANCELED");
    Await.until("the node to know", () -> retrieve(later, THERE).status() == 403, node::log);
    assertThat(tool.run("dev", "archive", "--branch", "feat/one")).contains("Failed to archive");
  }
}
