package dev.runcast.it.engine;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.runcast.it.harness.Api;
import dev.runcast.it.harness.Node;
import dev.runcast.it.harness.NodeSpec;
import dev.runcast.it.harness.Shared;
import dev.runcast.it.harness.TestDatabase;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Debounced runs that the official tool executes, triggered from inside tasks and from outside. */
class DebouncedTasksIT {
  private static TestDatabase database;
  private static Node node;
  private static Api api;
  private static DevTool tool;
  private static ToolRuns followed;

  @BeforeAll
  static void start() {
    database = Shared.postgres().database();
    node = Node.start(NodeSpec.serve(database));
    api = node.api();
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

  /** Ends a delay that nobody would wait for, however slow the machine is. */
  private static void begin(String run) {
    api.post("/api/v1/runs/" + run + "/reschedule", Map.of("delay", "1s")).expect(200);
  }

  private static JsonNode completed(String run) {
    JsonNode ended = followed.finished(run);
    assertThat(ended.get("status").asText()).as(ended.toString()).isEqualTo("COMPLETED");
    return ended;
  }

  @Test
  void whatIsTriggeredInQuickSuccessionIsExecutedOnceWithTheNewestPayload() {
    JsonNode parent = completed(api.trigger("debounces", Map.of("key", "trailing"), Map.of()));
    List<String> ids = Stream.of(0, 1, 2).map(i -> parent.at("/output/ids/" + i).asText()).toList();

    begin(ids.get(0));
    JsonNode run = completed(ids.get(0));

    assertThat(ids).containsOnly(ids.get(0));
    assertThat(run.at("/output/n").asInt()).isEqualTo(3);
    assertThat(run.at("/output/attempt").asInt()).isEqualTo(1);
    assertThat(run.get("attemptCount").asInt()).isEqualTo(1);
    assertThat(run.at("/relatedRuns/parent/id").asText()).isEqualTo(parent.get("id").asText());
  }

  @Test
  void allWhoWaitForTheRunOfAKeyGoOnWithItsResult() {
    Map<String, Object> longer = Map.of("key", "shared", "delay", "1h");
    String there = api.trigger("debounced", Map.of("n", 7), Map.of("debounce", longer));

    List<String> parents =
        Stream.of(1, 2)
            .map(n -> api.trigger("waits-for-debounced", Map.of("key", "shared", "n", n), Map.of()))
            .toList();
    for (String parent : parents) {
      followed.await(parent, "to wait", () -> followed.status(parent).equals("WAITING"));
    }
    begin(there);

    for (String parent : parents) {
      JsonNode ended = completed(parent);
      assertThat(ended.at("/output/id").asText()).isEqualTo(there);
      assertThat(ended.at("/output/n").asInt()).isEqualTo(7);
    }
    assertThat(completed(there).get("attemptCount").asInt()).isEqualTo(1);
  }
}
