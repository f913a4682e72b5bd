package dev.runcast.it.engine;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.runcast.it.harness.Api;
import dev.runcast.it.harness.Await;
import dev.runcast.it.harness.Node;
import dev.runcast.it.harness.NodeSpec;
import dev.runcast.it.harness.Shared;
import dev.runcast.it.harness.TestDatabase;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * What runs are to each other: those that wait and those that are waited for, those that a key
 * finds, those that share a queue, and those of an older build.
 */
class RelationsIT {
  private static TestDatabase database;
  private static Node node;
  private static Api api;
  private static DevTool tool;
  private static ToolRuns followed;

  /** A worker may take longer to let go than any test waits. */
  @BeforeAll
  static void start() {
    database = Shared.postgres().database();
    node = Node.start(NodeSpec.serve(database).with("--cancel-within", "10m"));
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

  private static void awaitStatus(String run, String status) {
    followed.await(run, "to be " + status, () -> followed.status(run).equals(status));
  }

  private static JsonNode execute(String task, Object payload) {
    JsonNode run = followed.finished(api.trigger(task, payload, Map.of()));
    assertThat(run.get("status").asText()).as(run.toString()).isEqualTo("COMPLETED");
    return run;
  }

  private static void awaitRunning(String run) {
    followed.await(run, "to run", () -> followed.retrieve(run).at("/metadata/running").asBoolean());
  }

  private static void cancel(String run) {
    api.post("/api/v2/runs/" + run + "/cancel", Map.of()).expect(200);
  }

  private static void awaitLetGo(String run) {
    Await.until(
        "the worker of " + run + " to let go",
        () -> standing(run).equals("FINISHED"),
        () -> standing(run) + "\n" + node.log() + "\n" + tool);
  }

  private static String standing(String run) {
    return api.get("/engine/v1/dev/runs/" + run + "/snapshots/latest")
        .expect(200)
        .json()
        .at("/execution/snapshot/executionStatus")
        .asText();
  }

  /** The runs that a run has triggered, of one task. */
  private static List<String> below(String run, String task) {
    List<String> below = new ArrayList<>();
    for (JsonNode child : followed.retrieve(run).at("/relatedRuns/children")) {
      if (child.get("taskIdentifier").asText().equals(task)) {
        below.add(child.get("id").asText());
      }
    }
    return below;
  }

  private static List<String> awaitRunningBelow(String run, int count) {
    Await.until(
        "runs below " + run,
        () -> below(run, "lasting").size() == count,
        () -> followed.retrieve(run) + "\n" + tool);
    List<String> below = below(run, "lasting");
    below.forEach(RelationsIT::awaitRunning);
    return below;
  }

  @Test
  void whoIsWaitedForIsCancelledWithWhoWaits() {
    String top = api.trigger("waits-far-below", Map.of(), Map.of());
    Await.until("its child", () -> below(top, "waits-below").size() == 1);
    String middle = below(top, "waits-below").get(0);
    String low = awaitRunningBelow(middle, 1).get(0);

    cancel(top);

    awaitStatus(middle, "CANCELED");
    awaitStatus(low, "CANCELED");
    List.of(top, middle, low).forEach(RelationsIT::awaitLetGo);
    String left = followed.retrieve(middle).at("/metadata/left").asText();
    assertThat(followed.finished(left).get("status").asText())
        .as("nobody waits")
        .isEqualTo("COMPLETED");
  }

  @Test
  void theRunsOfABatchAreCancelledWithWhoWaitsForThem() {
    String parent = api.trigger("waits-below", Map.of("batch", true), Map.of());
    List<String> all = awaitRunningBelow(parent, 2);

    cancel(parent);

    all.forEach(run -> awaitStatus(run, "CANCELED"));
    all.forEach(RelationsIT::awaitLetGo);
    awaitLetGo(parent);
  }

  @Test
  void aRunThatIsCancelledBetweenTwoAttemptsGivesUpItsPlace() {
    String run = api.trigger("sleeps-between", Map.of("fail", true), Map.of());
    String next = api.trigger("sleeps-between", Map.of("fail", false), Map.of());
    Await.until(
        "its attempt to fail",
        () ->
            database
                .column("select status from run where id = ?", run)
                .equals(List.of("RETRYING_AFTER_FAILURE")),
        () -> followed.retrieve(run) + "\n" + tool);

    cancel(run);

    assertThat(standing(run)).isEqualTo("FINISHED");
    assertThat(followed.finished(next).get("status").asText()).isEqualTo("COMPLETED");
  }

  @Test
  void aRunThatAKeyFindsEndsTheWaitAsItHasEnded() {
    Map<String, Object> lasting = Map.of("key", "cancelled", "wait", false, "lasting", true);
    String cancelled = execute("by-global-key", lasting).at("/output/id").asText();
    awaitRunning(cancelled);
    cancel(cancelled);

    JsonNode found =
        execute("by-global-key", Map.of("key", "cancelled", "wait", true, "lasting", true))
            .get("output");

    assertThat(found.get("id").asText()).isEqualTo(cancelled);
    assertThat(found.get("ok").asBoolean()).isFalse();
  }

  @Test
  void aKeyIsFreeWhoseRunHasFailed() {
    Map<String, Object> failing = Map.of("key", "failed", "wait", false, "lasting", false);
    String failed = execute("by-global-key", failing).at("/output/id").asText();
    awaitStatus(failed, "FAILED");

    JsonNode again =
        execute("by-global-key", Map.of("key", "failed", "wait", true, "lasting", false))
            .get("output");

    assertThat(again.get("id").asText()).isNotEqualTo(failed);
    assertThat(again.get("error").asText()).contains("child 4 fails");
  }

  @Test
  void aRunThatWouldWaitForItselfIsToldSo() {
    JsonNode run = execute("waits-for-itself", Map.of("key", "itself", "top", true));

    assertThat(run.get("output").asText()).contains("idempotencyKey");
  }

  @Test
  void aBatchUnderAKeyIsWaitedForAgainAndNotMadeAgain() {
    JsonNode run = execute("batch-by-key", Map.of());

    assertThat(run.get("attemptCount").asInt()).isEqualTo(2);
    assertThat(run.get("output").toString()).isEqualTo("[4,9]");
    assertThat(run.at("/metadata/batches")).hasSize(2);
    assertThat(run.at("/metadata/batches/0")).isEqualTo(run.at("/metadata/batches/1"));
    assertThat(below(run.get("id").asText(), "child")).hasSize(2);
  }

  @Test
  void whatIsPostedToTheUrlOfATokenIsWhatItsTaskGoesOnWith() {
    String run = api.trigger("called-back", Map.of(), Map.of());
    Await.until(
        "its token", () -> followed.retrieve(run).at("/metadata").has("url"), tool::toString);

    URI url = URI.create(followed.retrieve(run).at("/metadata/url").asText());
    new Api(node.url(), "")
        .post(url.getRawPath() + "?" + url.getRawQuery(), Map.of("word", "from outside"))
        .expect(200);

    assertThat(followed.finished(run).at("/output/word").asText()).isEqualTo("from outside");
  }

  private static String hold(String key) {
    return api.trigger("held", Map.of("hold", true), Map.of("concurrencyKey", key));
  }

  private static String passing(String key, int priority) {
    return api.trigger(
        "held", Map.of("hold", false), Map.of("concurrencyKey", key, "priority", priority));
  }

  private static void held(String way, Map<String, ?> more) {
    Map<String, Object> body = new HashMap<>(more);
    body.put("type", "custom");
    api.post("/api/v1/queues/held" + way, body).expect(200);
  }

  @Test
  void aQueueHoldsItsLimitForEachKeyUntilItIsRaised() {
    String first = hold("a");
    awaitRunning(first);
    String second = passing("a", 0);

    assertThat(followed.finished(passing("b", 0)).get("status").asText()).isEqualTo("COMPLETED");
    assertThat(followed.status(second)).isEqualTo("QUEUED");
    held("/concurrency/override", Map.of("concurrencyLimit", 2));
    assertThat(followed.finished(second).get("status").asText()).isEqualTo("COMPLETED");
    held("/concurrency/reset", Map.of());
    String third = passing("a", 0);
    assertThat(followed.finished(passing("b", 0)).get("status").asText()).isEqualTo("COMPLETED");
    assertThat(followed.status(third)).isEqualTo("QUEUED");
    cancel(first);
    assertThat(followed.finished(third).get("status").asText()).isEqualTo("COMPLETED");
  }

  @Test
  void aPausedQueueGoesOnWithItsMostUrgentRun() {
    held("/pause", Map.of("action", "pause"));
    String usual = passing("p", 0);
    String urgent = passing("p", 3_600);
    execute("greet", Map.of("name", "meanwhile"));
    assertThat(List.of(followed.status(usual), followed.status(urgent))).containsOnly("QUEUED");

    held("/pause", Map.of("action", "resume"));

    long end = followed.finished(urgent).at("/output/to").asLong();
    assertThat(followed.finished(usual).at("/output/from").asLong()).isGreaterThanOrEqualTo(end);
  }

  @Test
  void aDelayedRunBeginsWhenItsTimeHasCome() {
    String run = api.trigger("greet", Map.of("name", "later"), Map.of("delay", "3s"));

    JsonNode ended = followed.finished(run);

    assertThat(ended.get("status").asText()).isEqualTo("COMPLETED");
    assertThat(Instant.parse(ended.get("startedAt").asText()))
        .isAfterOrEqualTo(Instant.parse(ended.get("delayedUntil").asText()));
  }

  /** Gives the tasks other words, and returns when new runs say them: with which build. */
  private static String rebuild(String from, String to) throws IOException {
    Path source = tool.sources().resolve("relations.ts");
    Files.writeString(source, Files.readString(source).replace(from, to));
    return awaitWords(to);
  }

  private static String awaitWords(String words) {
    AtomicReference<JsonNode> newest = new AtomicReference<>();
    Await.until(
        "a run that says " + words,
        () -> {
          newest.set(execute("rebuilt", Map.of()));
          return newest.get().get("output").asText().equals(words);
        },
        () -> newest + "\n" + tool);
    return newest.get().get("version").asText();
  }

  /** The tool executes its very first build from where it puts the newest one: so not that. */
  @Test
  void newCodeIsForNewRunsAndWhatABegunRunWaitsForIsOfItsOwnBuild() throws IOException {
    String first = awaitWords("the first");
    String second = rebuild("the first", "the second");
    String parent = api.trigger("rebuilt-parent", Map.of(), Map.of());
    Await.until(
        "its token", () -> followed.retrieve(parent).at("/metadata").has("token"), tool::toString);

    String third = rebuild("the second", "the third");

    assertThat(List.of(first, second, third)).doesNotHaveDuplicates();
    String token = followed.retrieve(parent).at("/metadata/token").asText();
    api.post("/api/v1/waitpoints/tokens/" + token + "/complete", Map.of()).expect(200);
    JsonNode ended = followed.finished(parent);
    assertThat(ended.get("version").asText()).isEqualTo(second);
    assertThat(followed.retrieve(below(parent, "rebuilt").get(0)).get("version").asText())
        .isEqualTo(second);
    assertThat(ended.get("output").toString())
        .isEqualTo("{\"own\":\"the second\",\"below\":\"the second\"}");
  }
}
