package dev.runcast.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.runcast.http.Caller.Reply;
import dev.runcast.http.DevWorker.Given;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Builds and their versions, and which run is whose when. */
class DequeueIT {
  @RegisterExtension final WholeServer server = new WholeServer();
  private final DevWorker worker = new DevWorker(server);

  private List<String> runs() {
    return worker.dequeue().stream().map(Given::run).toList();
  }

  private void register(JsonObject task, JsonObject... queues) {
    JsonArray declared = new JsonArray();
    for (JsonObject queue : queues) {
      declared.add(queue);
    }
    assertThat(worker.register("h", new JsonArray().add(task), declared).status()).isEqualTo(200);
  }

  private static JsonObject limited(String name, int limit) {
    return new JsonObject().put("name", name).put("concurrencyLimit", limit);
  }

  private void finish(Given given) {
    worker.end(given.run(), worker.begin(given), DevWorker.success("1"));
  }

  @Test
  void versionsAreCountedAndTheSameBuildIsTheSame() {
    String first = worker.register("h1", "t");
    String same = worker.register("h1", "t");
    String second = worker.register("h2", "t");

    assertThat(first).matches("2[0-9]{7}\\.1");
    assertThat(same).isEqualTo(first);
    assertThat(second).isEqualTo(first.replaceFirst("1$", "2"));
  }

  @Test
  void twoTasksOfOneIdAreRefused() {
    Reply reply =
        worker.register(
            "h",
            new JsonArray()
                .add(DevWorker.task("t"))
                .add(DevWorker.task("t").put("filePath", "other.ts")),
            new JsonArray());

    Refusals.refused("POST of duplicates", reply, 422);
    assertThat(reply.error()).contains("t.ts").contains("other.ts");
    assertThat(server.query("select from worker")).isEmpty();
  }

  @Test
  void theScheduleOfATaskIsKeptAndAWrongOneRefused() {
    JsonObject every = new JsonObject().put("cron", "0 8 * * *").put("timezone", "Europe/Paris");
    register(DevWorker.task("t").put("triggerSource", "schedule").put("schedule", every));

    Reply wrong =
        worker.register(
            "h2",
            new JsonArray()
                .add(DevWorker.task("t").put("schedule", new JsonObject().put("cron", "61 *"))),
            new JsonArray());

    assertThat(server.query("select task, cron, timezone, type from schedule"))
        .containsExactly("t 0 8 * * * Europe/Paris DECLARATIVE");
    Refusals.refused("POST of a wrong cron", wrong, 422);
    assertThat(server.query("select count(*) from worker")).containsExactly("1");
  }

  @Test
  void runsOfTasksThatNoBuildHasAreLeftToOthers() {
    worker.register("h", "t");
    String run = worker.trigger("elsewhere");

    assertThat(runs()).isEmpty();
    assertThat(worker.retrieve(run).getString("status")).isEqualTo("QUEUED");

    worker.register("h2", "t", "elsewhere");
    assertThat(runs()).containsExactly(run);
  }

  @Test
  void theOldestIsFirstUnlessAnotherHasPriority() {
    worker.register("h", "t", "u");
    String first = worker.trigger("t");
    String second = worker.trigger("u");
    String urgent = worker.trigger("t", new JsonObject().put("priority", 3_600));

    assertThat(runs()).containsExactly(urgent, first, second);
  }

  @Test
  void aQueueWithALimitGivesNoMoreThanThat() {
    register(DevWorker.task("t").put("queue", limited("q", 1)));
    String first = worker.trigger("t");
    String second = worker.trigger("t");

    List<Given> given = worker.dequeue();
    assertThat(given).extracting(Given::run).containsExactly(first);
    assertThat(runs()).isEmpty();
    worker.begin(given.get(0));
    assertThat(runs()).isEmpty();
    worker.call("POST", "/api/v2/runs/" + first + "/cancel", new JsonObject());
    assertThat(runs()).as("its worker is still at it").isEmpty();
    worker.complete(
        first, DevWorker.snapshot(worker.latest(first)), DevWorker.failure("TASK_RUN_CANCELLED"));
    assertThat(runs()).containsExactly(second);
  }

  @Test
  void eachConcurrencyKeyHasALimitOfItsOwn() {
    register(DevWorker.task("t").put("queue", limited("q", 1)));
    List<String> expected = new ArrayList<>();
    for (String key : new String[] {"a", "b", "c"}) {
      JsonObject options = new JsonObject().put("concurrencyKey", key);
      expected.add(worker.trigger("t", options));
      worker.trigger("t", options);
    }

    assertThat(runs()).containsExactlyElementsOf(expected);
    assertThat(runs()).isEmpty();
  }

  @Test
  void tasksThatShareAQueueShareItsLimit() {
    worker.register(
        "h",
        new JsonArray()
            .add(DevWorker.task("t").put("queue", new JsonObject().put("name", "q")))
            .add(DevWorker.task("u").put("queue", new JsonObject().put("name", "q"))),
        new JsonArray().add(limited("q", 1)));
    String first = worker.trigger("u");
    worker.trigger("t");

    assertThat(runs()).containsExactly(first);
  }

  @Test
  void aPauseAndAnOverrideHoldAsLongAsTheyStand() {
    register(DevWorker.task("t").put("queue", limited("q", 2)));
    for (int i = 0; i < 4; i++) {
      worker.trigger("t");
    }
    String queue = "/api/v1/queues/q";
    JsonObject custom = new JsonObject().put("type", "custom");

    worker.call("POST", queue + "/pause", custom.copy().put("action", "pause"));
    assertThat(runs()).isEmpty();
    worker.call("POST", queue + "/pause", custom.copy().put("action", "resume"));
    worker.call("POST", queue + "/concurrency/override", custom.copy().put("concurrencyLimit", 1));
    List<Given> one = worker.dequeue();
    assertThat(one).hasSize(1);
    assertThat(runs()).isEmpty();
    worker.call("POST", queue + "/concurrency/reset", custom);
    assertThat(runs()).hasSize(1);
    finish(one.get(0));
    assertThat(runs()).hasSize(1);
  }

  @Test
  void aRunThatIsBoundToAVersionGoesToIt() {
    String first = worker.register("h1", "t");
    String second = worker.register("h2", "t");
    worker.trigger("t", new JsonObject().put("lockToVersion", first));
    worker.trigger("t");

    assertThat(worker.dequeue()).extracting(Given::version).containsExactly(first, second);
  }

  @Test
  void aTriggerIsRefusedThatNamesAVersionWithoutItsTask() {
    String without = worker.register("h1", "t");
    String with = worker.register("h2", "t", "u");

    Reply lacking = trigger("u", without);
    Reply unknown = trigger("u", "20000101.1");
    for (Reply reply : List.of(lacking, unknown)) {
      Refusals.refused("a trigger of a version", reply, 422);
      assertThat(reply.error()).contains(with);
    }
    assertThat(server.query("select from run")).isEmpty();
    assertThat(trigger("u", with).status()).isEqualTo(200);
    assertThat(trigger("no-build-has-it", without).status()).isEqualTo(200);
  }

  private Reply trigger(String task, String version) {
    return worker.call(
        "POST",
        "/api/v1/tasks/" + task + "/trigger",
        new JsonObject().put("options", new JsonObject().put("lockToVersion", version)));
  }

  @Test
  void aQueueCountsWhatTakesUpAPlace() {
    register(DevWorker.task("t").put("queue", limited("q", 1)));
    String first = worker.trigger("t", new JsonObject().put("concurrencyKey", "a"));
    Given given = worker.dequeue().get(0);
    worker.begin(given);
    assertThat(running()).isOne();
    worker.call("POST", "/api/v2/runs/" + first + "/cancel", new JsonObject());
    assertThat(running()).as("until its worker has let go of it").isOne();
    worker.end(
        first, DevWorker.snapshot(worker.latest(first)), DevWorker.failure("TASK_RUN_CANCELLED"));
    assertThat(running()).isZero();

    String second = worker.trigger("t", new JsonObject().put("concurrencyKey", "a"));
    assertThat(running()).isZero();
    server.postgres.execute(
        "update run set status = 'EXECUTING' where id = '%s'".formatted(second));
    assertThat(running()).as("executed by who takes it by himself").isOne();
  }

  /** By the queue, and by its keys. */
  private int running() {
    JsonObject custom =
        new JsonObject(worker.call("GET", "/api/v1/queues/q?type=custom", null).body());
    int running = custom.getInteger("running");
    JsonArray keys =
        new JsonObject(worker.call("GET", "/api/v1/queues/q/keys?type=custom", null).body())
            .getJsonArray("keys");
    int ofKeys = 0;
    for (Object key : keys) {
      ofKeys += ((JsonObject) key).getInteger("running");
    }
    assertThat(ofKeys).isEqualTo(running);
    return running;
  }

  @Test
  void aRunThatNoVersionCanExecuteWaitsForOneThatCan() {
    worker.register("h1", "t", "u");
    worker.register("h2", "t");
    String run = worker.trigger("u");

    assertThat(runs()).isEmpty();
    assertThat(worker.retrieve(run).getString("status")).isEqualTo("PENDING_VERSION");
    worker.register("h3", "u");
    assertThat(worker.retrieve(run).getString("status")).isEqualTo("QUEUED");
    assertThat(runs()).containsExactly(run);
  }

  @Test
  void aRunWhoseTaskWhoAsksDoesNotHaveYetGoesToTheNewerBuildThatHas() {
    DevWorker older = new DevWorker(server);
    older.register("h1", "t");
    String newer = worker.register("h2", "t", "u");
    String run = worker.trigger("u");

    List<Given> given = older.dequeue();

    assertThat(given).extracting(Given::run).containsExactly(run);
    assertThat(given).extracting(Given::version).containsExactly(newer);
  }

  @Test
  void aRunThatWasNeverBegunIsBoundToNoBuildButOneThatItsTriggerNamed() {
    String first = worker.register("h1", "t");
    String free = worker.trigger("t");
    String bound = worker.trigger("t", new JsonObject().put("lockToVersion", first));
    assertThat(runs()).containsExactly(free, bound);
    assertThat(
            worker
                .call(
                    "POST",
                    "/engine/v1/dev/disconnect",
                    new JsonObject().put("runFriendlyIds", new JsonArray().add(free).add(bound)))
                .status())
        .isEqualTo(200);

    String second = worker.register("h2", "t");

    assertThat(worker.dequeue())
        .extracting(Given::run, Given::version)
        .containsExactly(tuple(free, second), tuple(bound, first));
  }

  @Test
  void whatATaskSaysOfItselfHoldsUnlessTheTriggerSaysOtherwise() {
    register(
        DevWorker.task("t")
            .put("retry", new JsonObject().put("maxAttempts", 7))
            .put("maxDuration", 99)
            .put("machine", new JsonObject().put("preset", "micro"))
            .put("queue", new JsonObject().put("name", "own")));
    worker.trigger("t");
    worker.trigger("t", new JsonObject().put("maxAttempts", 2).put("machine", "large-1x"));

    List<Given> given = worker.dequeue();

    assertThat(
            server.query(
                """
                select max_attempts, max_duration_seconds, machine, queue from run
                order by created_at"""))
        .containsExactly("7 99 micro own", "2 99 large-1x own");
    assertThat(given.get(0).message().getJsonObject("run").getJsonObject("machine"))
        .isEqualTo(
            new JsonObject()
                .put("name", "micro")
                .put("cpu", 0.25)
                .put("memory", 0.25)
                .put("centsPerMs", 0));
  }

  @Test
  void manyWhoAskAtOnceAreGivenEachRunOnceAndNoMoreThanTheLimit() throws Exception {
    worker.register(
        "h",
        new JsonArray()
            .add(DevWorker.task("free"))
            .add(DevWorker.task("tight").put("queue", limited("q", 3))),
        new JsonArray());
    for (int i = 0; i < 40; i++) {
      worker.trigger("free");
      worker.trigger("tight");
    }

    List<String> given = new ArrayList<>();
    ExecutorService threads = Executors.newFixedThreadPool(8);
    try {
      List<Future<List<String>>> asking = new ArrayList<>();
      for (int i = 0; i < 40; i++) {
        asking.add(threads.submit(this::runs));
      }
      for (Future<List<String>> asked : asking) {
        given.addAll(asked.get());
      }
    } finally {
      threads.shutdown();
    }
    List<String> more = runs();
    while (!more.isEmpty()) {
      given.addAll(more);
      more = runs();
    }

    assertThat(given).doesNotHaveDuplicates().hasSize(43);
    assertThat(
            server.query(
                "select count(*) from execution where task = 'tight' and status <> 'QUEUED'"))
        .containsExactly("3");
  }
}
