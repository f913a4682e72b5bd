package dev.runcast.it.engine;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.runcast.it.conformance.Conformance;
import dev.runcast.it.harness.Api;
import dev.runcast.it.harness.Await;
import dev.runcast.it.harness.Node;
import dev.runcast.it.harness.NodeSpec;
import dev.runcast.it.harness.Shared;
import dev.runcast.it.harness.TestDatabase;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What the official SDK has for tasks, in tasks that the official tool executes. */
class TaskFunctionsIT {
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

  private static JsonNode execute(String task, Object payload) {
    JsonNode run = followed.finished(api.trigger(task, payload, Map.of()));
    assertThat(run.get("status").asText()).as(run.toString()).isEqualTo("COMPLETED");
    return run;
  }

  private static JsonNode execute(String task) {
    return execute(task, Map.of());
  }

  private static List<String> calls(JsonNode run) {
    List<String> calls = new ArrayList<>();
    run.path("metadata").path("calls").forEach(call -> calls.add(call.asText()));
    return calls;
  }

  @Test
  @Conformance(
      client = "4.8.3",
      function = {
        "tasks.onStart",
        "tasks.onStartAttempt",
        "tasks.onSuccess",
        "tasks.onComplete",
        "tasks.onWait",
        "tasks.onResume",
        "tasks.catchError",
        "tasks.handleError",
        "tasks.middleware"
      })
  void hooksOfAllTasksAreCalledInEveryAttemptAndAroundWaits() {
    List<String> calls = calls(execute("observed"));

    assertThat(calls)
        .containsSubsequence("middleware", "onStart", "onStartAttempt", "middleware")
        .containsSubsequence("onWait", "onResume", "onSuccess", "onComplete")
        .contains("catchError", "handleError")
        .containsOnlyOnce("onStart", "onWait", "onResume", "onSuccess");
  }

  @Test
  @Conformance(client = "4.8.3", function = "tasks.onFailure")
  void theHookOfFailuresIsCalled() {
    JsonNode run = followed.finished(api.trigger("observed-failure", Map.of()));

    assertThat(run.get("status").asText()).isEqualTo("FAILED");
    assertThat(calls(run)).contains("onFailure", "onComplete");
  }

  @Test
  @Conformance(client = "4.8.3", function = "tasks.onCancel")
  void theHookOfCancellingIsCalled() {
    String run = api.trigger("observed-endless", Map.of());
    Await.until(
        "the task to run",
        () -> followed.retrieve(run).path("metadata").path("running").asBoolean());

    api.post("/api/v2/runs/" + run + "/cancel", Map.of()).expect(200);

    assertThat(followed.finished(run).get("status").asText()).isEqualTo("CANCELED");
    Await.until(
        "its hook to tell",
        () -> trace(run).contains("onCancel of observed-endless"),
        () -> followed.retrieve(run) + "\n" + tool);
  }

  @Test
  @Conformance(
      client = "4.8.3",
      function = {
        "logger.debug",
        "logger.error",
        "logger.info",
        "logger.log",
        "logger.trace",
        "logger.warn",
        "retry.onThrow",
        "retry.fetch",
        "locals.create",
        "locals.getOrThrow",
        "locals.set",
        "heartbeats.yield",
        "heartbeats.getLastHeartbeat",
        "usage.getCurrent",
        "usage.measure",
        "otel.withExternalTrace",
        "waitUntil"
      })
  void aTaskHasItAllAtHand() {
    JsonNode run = execute("handy");

    JsonNode output = run.get("output");
    assertThat(output.get("traced").asText()).isEqualTo("traced");
    assertThat(output.get("tried").asInt()).isEqualTo(3);
    assertThat(output.get("fetched").asInt()).isEqualTo(200);
    assertThat(output.get("local").asText()).isEqualTo("kept");
    assertThat(output.get("measured").asText()).isEqualTo("measured");
    assertThat(output.get("lasted").asBoolean()).isTrue();
    assertThat(output.get("outside").asText()).isEqualTo("outside");
    assertThat(output.get("late").asBoolean()).isFalse();
    assertThat(run.at("/metadata/late").asBoolean()).isTrue();
    // What is logged at debug is left out by the client, as its configuration has it.
    assertThat(trace(run.get("id").asText()))
        .contains("at log", "at info", "at warn", "at error", "a span of its own");
  }

  private static String trace(String run) {
    return api.get("/api/v1/runs/" + run + "/trace").expect(200).body();
  }

  @Test
  @Conformance(
      client = "4.8.3",
      function = {
        "metadata.append",
        "metadata.current",
        "metadata.decrement",
        "metadata.del",
        "metadata.flush",
        "metadata.get",
        "metadata.increment",
        "metadata.refresh",
        "metadata.remove",
        "metadata.replace",
        "metadata.save",
        "metadata.set",
        "metadata.parent.append",
        "metadata.parent.decrement",
        "metadata.parent.del",
        "metadata.parent.increment",
        "metadata.parent.remove",
        "metadata.parent.set",
        "metadata.root.set",
        "tags.add"
      })
  void metadataOfItsOwnAndOfThoseAboveIsChanged() {
    JsonNode run = execute("above-changes");

    JsonNode below = run.at("/output/below");
    assertThat(below.get("current").toString()).isEqualTo("{\"seen\":[\"b\",\"c\"],\"n\":7}");
    assertThat(below.get("n").asInt()).isEqualTo(7);
    JsonNode above = run.get("metadata");
    assertThat(above).isEqualTo(run.at("/output/above"));
    assertThat(above.get("count").asInt()).isEqualTo(3);
    assertThat(above.get("children").toString()).isEqualTo("[\"one\"]");
    assertThat(above.get("child").asText()).isEqualTo("was here");
    assertThat(above.get("leaf").asText()).isEqualTo("was here");
    assertThat(above.has("gone")).isFalse();
    assertThat(run.get("tags")).extracting(JsonNode::asText).containsExactly("one", "two");
  }

  @Test
  void keysHoldWithinTheirScopes() {
    JsonNode one = execute("keyed", Map.of("key", "shared"));
    JsonNode other = execute("keyed", Map.of("key", "shared"));

    assertThat(ids(one, "run")).hasSize(2).containsOnly(ids(one, "run").get(0));
    assertThat(ids(one, "attempt")).hasSize(2).doesNotHaveDuplicates();
    assertThat(ids(one, "global")).hasSize(2).containsOnly(ids(one, "global").get(0));
    assertThat(ids(other, "global")).isEqualTo(ids(one, "global"));
    assertThat(ids(other, "run")).doesNotContainAnyElementsOf(ids(one, "run"));
    assertThat(other.at("/output/found").asText()).isEqualTo(ids(one, "global").get(0));
    assertThat(other.at("/output/squared").asInt()).isEqualTo(4);
  }

  private static List<String> ids(JsonNode run, String scope) {
    List<String> ids = new ArrayList<>();
    run.path("metadata").path(scope).forEach(id -> ids.add(id.asText()));
    return ids;
  }

  @Test
  void aRunKnowsTheKeyThatItWasTriggeredBy() {
    JsonNode output = execute("triggers-by-key").get("output");

    assertThat(output.get("key").asText()).isEqualTo("written by hand");
    assertThat(output.get("scope").asText()).isEqualTo("run");
    assertThat(output.get("isReplay").asBoolean()).isFalse();
  }

  @Test
  void aRunKnowsThatItIsAReplay() {
    String run = execute("key-of").get("id").asText();

    String replayed =
        api.post("/api/v1/runs/" + run + "/replay", Map.of()).expect(200).json().get("id").asText();

    assertThat(followed.finished(replayed).get("output").get("isReplay").asBoolean()).isTrue();
  }

  @Test
  @Conformance(
      client = "4.8.3",
      function = {
        "tasks.triggerAndWait",
        "tasks.batchTriggerAndWait",
        "batch.triggerAndWait",
        "tasks.triggerAndSubscribe"
      })
  void runsAreWaitedForByTheNamesOfTheirTasks() {
    JsonNode output = execute("by-name").get("output");

    assertThat(output.toString())
        .isEqualTo("{\"one\":16,\"many\":[25],\"mixed\":[64],\"subscribed\":36,\"polled\":49}");
  }

  @Test
  void aTaskGoesOnWhoseBatchWasRefused() {
    JsonNode output = execute("refused").get("output");

    assertThat(output.toString()).isEqualTo("{\"failed\":\"BatchTriggerError\",\"after\":9}");
  }

  @Test
  void aParentAndItsChildShareTheOnePlaceOfAQueue() {
    assertThat(execute("narrow-parent").get("output").asText()).isEqualTo("from below");
  }

  @Test
  void aRunThatNobodyBeginsInTheTimeOfItsTaskExpires() {
    api.post("/api/v1/queues/brief/pause", Map.of("type", "custom", "action", "pause")).expect(200);

    JsonNode run = followed.finished(api.trigger("brief", Map.of()));

    assertThat(run.get("status").asText()).isEqualTo("EXPIRED");
    assertThat(run.get("ttl").asText()).isEqualTo("1s");
  }

  @Test
  @Conformance(client = "4.8.3", function = "schedules.task")
  void aScheduleThatIsDeclaredFires() {
    JsonNode schedule = null;
    for (JsonNode each : api.get("/api/v1/schedules").expect(200).json().get("data")) {
      schedule = each.get("task").asText().equals("yearly") ? each : schedule;
    }
    assertThat(schedule).isNotNull();
    assertThat(schedule.get("type").asText()).isEqualTo("DECLARATIVE");
    String id = schedule.get("id").asText();
    database.execute(
        "update schedule set served_until = now() - interval '2 years' where id = ?", id);
    database.execute("update due set at = now() where kind = 'SCHEDULE' and ref = ?", id);

    Await.until("its run", () -> !runsOf("yearly").isEmpty(), () -> node.log());
    JsonNode output = followed.finished(runsOf("yearly").get(0).get("id").asText()).get("output");

    assertThat(output.toString())
        .isEqualTo(
            "{\"type\":\"DECLARATIVE\",\"zone\":\"Europe/London\",\"dates\":true,\"upcoming\":10}");
  }

  private static JsonNode runsOf(String task) {
    return api.get("/api/v1/runs?filter[taskIdentifier]=" + task).expect(200).json().get("data");
  }

  @Test
  void aTaskSpeaksByEveryWayThereIs() {
    JsonNode run = execute("speaks");

    assertThat(run.at("/output/older").asText()).isEqualTo("Hello, world");
    String id = run.get("id").asText();
    assertThat(chunks(id, "spoken")).containsExactly("Hello, ", "world");
    assertThat(chunks(id, "appended")).containsExactly("one");
    assertThat(chunks(id, "written")).containsExactly("a", "b");
    assertThat(chunks(id, "older")).containsExactly("Hello, ", "world");
  }

  private static List<String> chunks(String run, String stream) {
    return database.column(
        "select c::jsonb #>> '{}' from stream_segment, regexp_split_to_table(chunks, E'\\n') c"
            + " where run_id = ? and key = ? and c <> '' order by first_seq, revision",
        run,
        stream);
  }

  @Test
  @Conformance(client = "4.8.3", function = "streams.input", with = "a task that waits")
  void aTaskWaitsForWhatIsSentInToIt() {
    String run = api.trigger("listens", Map.of());
    Await.until(
        "the task to listen",
        () -> followed.retrieve(run).path("metadata").path("listening").asBoolean());
    send(run, true);
    send(run, false);

    assertThat(followed.finished(run).get("output").toString())
        .isEqualTo("{\"first\":true,\"second\":false,\"third\":false}");
  }

  private static void send(String run, boolean yes) {
    api.post("/realtime/v1/streams/" + run + "/input/approval", Map.of("data", Map.of("yes", yes)))
        .expect(200);
  }

  @Test
  @Conformance(client = "4.8.3", function = "wait.until")
  void aDateUnderAKeyIsWaitedForOnce() {
    JsonNode output = execute("dated").get("output");

    assertThat(output.get("reached").asBoolean()).isTrue();
    assertThat(output.get("again").asLong()).isLessThan(600_000);
  }
}
