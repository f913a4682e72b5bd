package dev.runcast.it.engine;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.runcast.it.conformance.Conformance;
import dev.runcast.it.harness.Api;
import dev.runcast.it.harness.Await;
import dev.runcast.it.harness.Node;
import dev.runcast.it.harness.NodeSpec;
import dev.runcast.it.harness.Shared;
import dev.runcast.it.harness.SseProbe;
import dev.runcast.it.harness.TestDatabase;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Single runs: their attempts, ends, queues, and what they tell. */
class EngineIT {
  private static TestDatabase database;
  private static Node node;
  private static Api api;
  private static DevTool tool;
  private static ToolRuns followed;

  @BeforeAll
  static void start() {
    database = Shared.postgres().database();
    node = Node.start(NodeSpec.serve(database).with("--short-retry", "2s"));
    api = node.api();
    api.post(
            "/api/v1/projects/proj_runcast/envvars/dev",
            Map.of("name", "GREETING", "value", "bonjour", "isSecret", true))
        .expect(200);
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

  private static JsonNode execute(String task, Object payload, Map<String, ?> options) {
    return followed.finished(api.trigger(task, payload, options));
  }

  private static JsonNode execute(String task) {
    return execute(task, Map.of(), Map.of());
  }

  private static void assertEnded(JsonNode run, String status, int attempts) {
    assertThat(run.get("status").asText()).as(run.toString()).isEqualTo(status);
    assertThat(run.get("attemptCount").asInt()).as(run.toString()).isEqualTo(attempts);
  }

  @Test
  @Conformance(
      client = "4.8.3",
      function = {"trigger dev", "task", "defineConfig"})
  void aTaskIsExecutedAndIsSeenLive() {
    SseProbe feed = node.follow("/realtime/v1/runs?tags=greeted");
    feed.awaitLive();

    JsonNode run = execute("greet", Map.of("name", "Ada"), Map.of("tags", List.of("greeted")));

    assertEnded(run, "COMPLETED", 1);
    assertThat(run.get("output").get("text").asText()).isEqualTo("Hello, Ada");
    assertThat(run.get("output").get("variable").asText()).isEqualTo("bonjour");
    assertThat(run.get("version").asText()).matches("[0-9]{8}\\.[0-9]+");
    feed.awaitStatus(run.get("id").asText(), "COMPLETED");
    feed.close();
  }

  @Test
  void whatItLogsAndTracesIsToldBelowTheRun() {
    String run = execute("greet", Map.of("name", "Ada"), Map.of()).get("id").asText();

    JsonNode root =
        api.get("/api/v1/runs/" + run + "/trace").expect(200).json().at("/trace/rootSpan");

    List<String> paths = new ArrayList<>();
    addPaths(root, "", paths);
    assertThat(paths)
        .as(root.toString())
        .anyMatch(path -> path.matches("/greet/Attempt 1/.*run\\(\\)/greeting"));
    assertThat(paths).as(root.toString()).doesNotHaveDuplicates();
  }

  private static void addPaths(JsonNode span, String above, List<String> paths) {
    String path = above + "/" + span.at("/data/message").asText();
    paths.add(path);
    span.path("children").forEach(child -> addPaths(child, path, paths));
  }

  @Test
  void richTypesComeAsTheyWere() {
    JsonNode run =
        followed.finished(
            api.post(
                    "/api/v1/tasks/greet/trigger",
                    Map.of(
                        "payload",
                        "{\"json\":{\"name\":\"B\",\"at\":\"2026-01-01T00:00:00.000Z\"},"
                            + "\"meta\":{\"values\":{\"at\":[\"Date\"]}}}",
                        "options",
                        Map.of("payloadType", "application/super+json")))
                .expect(200)
                .json()
                .get("id")
                .asText());

    assertThat(run.get("output").get("isDate").asBoolean()).isTrue();
  }

  @Test
  void aFailureIsTriedAgainAtOnceByItsWorker() {
    assertEnded(execute("flaky", Map.of("until", 3), Map.of()), "COMPLETED", 3);
    JsonNode failed = execute("flaky", Map.of("until", 9), Map.of("maxAttempts", 2));
    assertEnded(failed, "FAILED", 2);
    assertThat(failed.get("error").get("message").asText()).isEqualTo("attempt 2 fails");
  }

  @Test
  void aFailureIsTriedAgainByTheQueueWhenItIsFarOff() {
    assertEnded(execute("patient"), "COMPLETED", 2);
  }

  @Test
  void whatIsAbortedIsNotTriedAgain() {
    JsonNode run = execute("aborts");

    assertEnded(run, "FAILED", 1);
    assertThat(run.get("error").get("name").asText()).isEqualTo("AbortTaskRunError");
  }

  @Test
  void aProcessThatDiesIsReplaced() {
    assertEnded(execute("exits"), "COMPLETED", 2);
    assertEnded(execute("always-exits"), "CRASHED", 1);
  }

  @Test
  void hooksAreCalledAndTellTheirMetadata() {
    JsonNode run = execute("hooked");

    assertEnded(run, "COMPLETED", 2);
    assertThat(run.get("output").get("made").asText()).isEqualTo("by init");
    assertThat(run.get("metadata").get("calls"))
        .extracting(JsonNode::asText)
        .containsExactly(
            "onStartAttempt",
            "run",
            "catchError",
            "cleanup",
            "onStartAttempt",
            "run",
            "onSuccess",
            "onComplete",
            "cleanup");
  }

  @Test
  void metadataAndTagsAreToldFromWithin() {
    JsonNode run = execute("tells");

    assertThat(run.get("metadata").toString()).isEqualTo("{\"step\":2,\"seen\":[\"a\"],\"n\":2}");
    assertThat(run.get("tags")).extracting(JsonNode::asText).containsExactly("told");
  }

  @Test
  @Conformance(client = "4.8.3", function = "schemaTask")
  void aPayloadIsHeldToItsTasksSchema() {
    JsonNode fits = execute("typed", Map.of("count", 21), Map.of());
    JsonNode doesNot = execute("typed", Map.of("count", "many"), Map.of());

    assertThat(fits.get("output").get("doubled").asInt()).isEqualTo(42);
    assertEnded(doesNot, "FAILED", 1);
    assertThat(doesNot.get("error").get("message").asText()).contains("count");
  }

  @Test
  @Conformance(client = "4.8.3", function = "queue")
  void aQueueOfOneExecutesOneAfterTheOther() {
    List<String> runs = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      runs.add(api.trigger("exclusive", Map.of()));
    }

    long end = 0;
    for (String run : runs) {
      JsonNode output = followed.finished(run).get("output");
      assertThat(output.get("from").asLong()).isGreaterThanOrEqualTo(end);
      end = output.get("to").asLong();
    }
  }

  @Test
  void aMachineIsTheTasksUnlessTheTriggerNamesOne() {
    assertThat(execute("small").get("output").get("machine").asText()).isEqualTo("micro");
    JsonNode other = execute("small", Map.of(), Map.of("machine", "small-2x"));
    assertThat(other.get("output").get("machine").asText()).isEqualTo("small-2x");
  }

  @Test
  void aRunThatIsCancelledIsLetGoOf() {
    String run = api.trigger("endless", Map.of());
    Await.until(
        "the task to run",
        () -> followed.retrieve(run).path("metadata").path("running").asBoolean());

    api.post("/api/v2/runs/" + run + "/cancel", Map.of()).expect(200);

    assertEnded(followed.finished(run), "CANCELED", 1);
    Await.until(
        "its worker to let go",
        () -> standing(run).equals("FINISHED"),
        () -> standing(run) + "\n" + tool);
  }

  private static String standing(String run) {
    return api.get("/engine/v1/dev/runs/" + run + "/snapshots/latest")
        .expect(200)
        .json()
        .get("execution")
        .get("snapshot")
        .get("executionStatus")
        .asText();
  }

  @Test
  void aRunThatTakesTooLongIsEnded() {
    assertEnded(execute("too-long"), "TIMED_OUT", 1);
  }

  @Test
  void runsOfOthersAreLeftToThem() {
    String run = api.trigger("of-another-worker", Map.of());
    execute("small");

    assertThat(followed.retrieve(run).get("status").asText()).isEqualTo("QUEUED");
    api.move(run, Map.of("status", "COMPLETED"));
  }

  @Test
  @Conformance(client = "4.8.3", function = "batch.triggerByTaskAndWait")
  void aParentGoesOnWithWhatItsChildrenCameTo() {
    JsonNode one = execute("parent");
    JsonNode many = execute("batches");

    assertThat(one.get("output").toString()).isEqualTo("{\"one\":9,\"failed\":\"child 4 fails\"}");
    assertThat(many.get("output").toString())
        .isEqualTo("{\"all\":[1,\"failed\",9],\"mixed\":[25]}");
  }

  @Test
  @Conformance(
      client = "4.8.3",
      function = {"wait.for", "wait.forToken"})
  void aTaskWaitsForTimeAndForWhatSomebodySays() {
    String run = api.trigger("waits", Map.of());
    Await.until("a token", () -> followed.retrieve(run).path("metadata").has("token"));
    String token = followed.retrieve(run).get("metadata").get("token").asText();
    api.post(
            "/api/v1/waitpoints/tokens/" + token + "/complete",
            Map.of("data", Map.of("word", "yes")))
        .expect(200);

    JsonNode output = followed.finished(run).get("output");
    assertThat(output.get("waited").asLong()).isGreaterThanOrEqualTo(6_000);
    assertThat(output.get("word").asText()).isEqualTo("yes");
    assertThat(output.get("late").asBoolean()).isFalse();
  }
}
