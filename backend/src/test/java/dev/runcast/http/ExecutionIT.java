package dev.runcast.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runcast.http.Caller.Reply;
import dev.runcast.http.DevWorker.Given;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The life of a run in the hands of a worker, from its being handed out to its end. */
class ExecutionIT {
  private static final String KEY = "x-trigger-request-idempotency-key";

  @RegisterExtension final WholeServer server = new WholeServer();
  private final DevWorker worker = new DevWorker(server);

  private Given given(String task) {
    String run = worker.trigger(task);
    List<Given> given = worker.dequeue();
    assertThat(given).extracting(Given::run).containsExactly(run);
    return given.get(0);
  }

  private void register(String task, JsonObject retry) {
    worker.register(
        task, new JsonArray().add(DevWorker.task(task).put("retry", retry)), new JsonArray());
  }

  private static JsonObject attempts(int most) {
    return new JsonObject().put("maxAttempts", most);
  }

  @Test
  void aRunIsHandedOutBegunAndEnded() {
    String version = worker.register("h", "t");
    Given given = given("t");

    assertThat(given.version()).isEqualTo(version);
    assertThat(worker.retrieve(given.run()).getString("status")).isEqualTo("DEQUEUED");
    assertThat(worker.standing(given.run())).isEqualTo("PENDING_EXECUTING");

    JsonObject begun = new JsonObject(worker.start(given.run(), given.snapshot()).body());
    JsonObject execution = begun.getJsonObject("execution");
    assertThat(begun.getJsonObject("run").getInteger("attemptNumber")).isEqualTo(1);
    assertThat(execution.getJsonObject("task").getString("filePath")).isEqualTo("t.ts");
    assertThat(execution.getJsonObject("run").getString("payload")).isEqualTo("1");
    assertThat(execution.getJsonObject("run").containsKey("rootTaskRunId")).isFalse();
    assertThat(worker.retrieve(given.run()).getString("status")).isEqualTo("EXECUTING");

    JsonObject result =
        worker.end(given.run(), DevWorker.snapshot(begun), DevWorker.success("{\"a\":1}"));
    assertThat(result.getString("attemptStatus")).isEqualTo("RUN_FINISHED");
    assertThat(worker.standing(given.run())).isEqualTo("FINISHED");
    JsonObject run = worker.retrieve(given.run());
    assertThat(run.getString("status")).isEqualTo("COMPLETED");
    assertThat(run.getJsonObject("output").getInteger("a")).isEqualTo(1);
    assertThat(run.getInteger("attemptCount")).isEqualTo(1);
    assertThat(run.getString("version")).isEqualTo(version);
    assertThat(server.query("select count(*) from due where kind = 'EXECUTION'"))
        .containsExactly("0");
  }

  @Test
  void aWordAboutAStateThatHasPassedIsRefused() {
    worker.register("h", "t");
    Given given = given("t");
    String busy = worker.begin(given);

    Refusals.refused("POST begin twice", worker.start(given.run(), given.snapshot()), 400);
    Refusals.refused("POST begin in the midst", worker.start(given.run(), busy), 400);
    Refusals.refused(
        "POST end from before",
        worker.complete(given.run(), given.snapshot(), DevWorker.success("1")),
        400);
    worker.end(given.run(), busy, DevWorker.success("1"));
    Refusals.refused(
        "POST end twice", worker.complete(given.run(), busy, DevWorker.failure()), 400);
    Refusals.refused(
        "POST of no run", worker.complete("run_nobody", busy, DevWorker.failure()), 404);

    assertThat(worker.retrieve(given.run()).getString("status")).isEqualTo("COMPLETED");
  }

  @Test
  void theSameRequestAgainIsAnsweredAsBefore() {
    worker.register("h", "t");
    String run = worker.trigger("t");

    List<Given> first = worker.dequeue(KEY, "k1");
    List<Given> again = worker.dequeue(KEY, "k1");
    assertThat(again).extracting(Given::snapshot).containsExactly(first.get(0).snapshot());
    assertThat(worker.dequeue(KEY, "k2")).isEmpty();

    Reply begun = worker.start(run, first.get(0).snapshot(), KEY, "k3");
    Reply begunAgain = worker.start(run, first.get(0).snapshot(), KEY, "k3");
    assertThat(begunAgain.body()).isEqualTo(begun.body());
    Refusals.refused("POST another", worker.start(run, first.get(0).snapshot(), KEY, "k4"), 400);

    String busy = DevWorker.snapshot(new JsonObject(begun.body()));
    Reply ended = worker.complete(run, busy, DevWorker.success("1"), KEY, "k5");
    Reply endedAgain = worker.complete(run, busy, DevWorker.success("1"), KEY, "k5");
    assertThat(ended.status()).isEqualTo(200);
    assertThat(endedAgain.body()).isEqualTo(ended.body());
  }

  @Test
  void aRetryThatIsSoonStaysWithItsWorker() {
    register("t", attempts(3));
    Given given = given("t");
    String busy = worker.begin(given);

    JsonObject result =
        worker.end(
            given.run(),
            busy,
            DevWorker.failure()
                .put("retry", new JsonObject().put("timestamp", 1).put("delay", 100)));

    assertThat(result.getString("attemptStatus")).isEqualTo("RETRY_IMMEDIATELY");
    assertThat(result.getJsonObject("run").getInteger("attemptNumber")).isEqualTo(1);
    assertThat(worker.standing(given.run())).isEqualTo("EXECUTING");
    assertThat(worker.dequeue()).isEmpty();
    String second = worker.begin(given.run(), DevWorker.snapshot(result));
    assertThat(worker.latest(given.run()).getJsonObject("run").getInteger("attemptNumber"))
        .isEqualTo(2);
    worker.end(given.run(), second, DevWorker.success("2"));
    assertThat(worker.retrieve(given.run()).getInteger("attemptCount")).isEqualTo(2);
  }

  @Test
  void aRetryThatIsFarOffGoesThroughTheQueueWhenItsTimeHasCome() {
    register("t", attempts(3));
    Given given = given("t");
    String busy = worker.begin(given);
    long later = System.currentTimeMillis() + 3_600_000;

    JsonObject result =
        worker.end(
            given.run(),
            busy,
            DevWorker.failure()
                .put("retry", new JsonObject().put("timestamp", later).put("delay", 3_600_000)));

    assertThat(result.getString("attemptStatus")).isEqualTo("RETRY_QUEUED");
    assertThat(worker.standing(given.run())).isEqualTo("DELAYED");
    assertThat(worker.dequeue()).isEmpty();
    String asleep = worker.latest(given.run()).getJsonObject("snapshot").getString("friendlyId");
    assertThat(worker.start(given.run(), asleep).status()).as("before its time").isEqualTo(400);
    assertThat(
            server.query("select at > now() + interval '59 min' from due where kind = 'EXECUTION'"))
        .containsExactly("t");
  }

  @Test
  void aProcessThatDiesIsTriedAgainByTheTasksOwnWordsAndThenCrashes() {
    register("t", attempts(2).put("minTimeoutInMs", 0).put("randomize", false));
    Given given = given("t");
    String code = "TASK_PROCESS_EXITED_WITH_NON_ZERO_CODE";

    JsonObject result = worker.end(given.run(), worker.begin(given), DevWorker.failure(code));
    assertThat(result.getString("attemptStatus")).isEqualTo("RETRY_QUEUED");

    server.postgres.execute(
        "update execution set status = 'QUEUED'; update run set status = 'PENDING'");
    Given second = worker.dequeue().get(0);
    JsonObject end = worker.end(second.run(), worker.begin(second), DevWorker.failure(code));
    assertThat(end.getString("attemptStatus")).isEqualTo("RUN_FINISHED");
    assertThat(worker.retrieve(given.run()).getString("status")).isEqualTo("CRASHED");
  }

  @Test
  void aCancelledRunIsItsWorkersUntilItLetsGo() {
    worker.register("h", "t");
    Given given = given("t");
    String busy = worker.begin(given);

    worker.call("POST", "/api/v2/runs/" + given.run() + "/cancel", new JsonObject());

    assertThat(worker.retrieve(given.run()).getString("status")).isEqualTo("CANCELED");
    assertThat(worker.standing(given.run())).isEqualTo("PENDING_CANCEL");
    JsonObject result = worker.end(given.run(), busy, DevWorker.failure("TASK_RUN_CANCELLED"));
    assertThat(result.getString("attemptStatus")).isEqualTo("RUN_FINISHED");
    assertThat(worker.standing(given.run())).isEqualTo("FINISHED");
    assertThat(worker.retrieve(given.run()).getString("status")).isEqualTo("CANCELED");
  }

  @Test
  void whoeverEndsARunInSqlIsHeardByItsWorker() {
    worker.register("h", "t");
    Given given = given("t");
    worker.begin(given);

    server.postgres.execute("update run set status = 'COMPLETED_SUCCESSFULLY'");

    assertThat(worker.standing(given.run())).isEqualTo("PENDING_CANCEL");
  }

  @Test
  void aRunThatAWorkerHasIsNobodyElsesToMove() {
    worker.register("h", "t");
    Given given = given("t");
    worker.begin(given);
    String path = "/api/v1/runs/" + given.run();

    Reply moved = worker.call("PATCH", path, new JsonObject().put("status", "COMPLETED"));
    Reply told =
        worker.call("PUT", path + "/metadata", new JsonObject().put("metadata", new JsonObject()));

    Refusals.refused("PATCH of a held run", moved, 422);
    assertThat(told.status()).isEqualTo(200);
    assertThat(worker.standing(given.run())).isEqualTo("EXECUTING");
  }

  @Test
  void aRunThatAnotherWorkerTakesIsNotHandedOut() {
    worker.register("h", "t");
    String run = worker.trigger("t");

    Reply moved =
        worker.call("PATCH", "/api/v1/runs/" + run, new JsonObject().put("status", "EXECUTING"));

    assertThat(moved.status()).isEqualTo(200);
    assertThat(worker.dequeue()).isEmpty();
    worker.call("PATCH", "/api/v1/runs/" + run, new JsonObject().put("status", "QUEUED"));
    assertThat(worker.dequeue()).extracting(Given::run).containsExactly(run);
  }

  @Test
  void theRunsOfAWorkerThatIsGoneEndOrGoBack() {
    worker.register("h", "t");
    Given begun = given("t");
    worker.begin(begun);
    Given idle = given("t");

    Reply reply =
        worker.call(
            "POST",
            "/engine/v1/dev/disconnect",
            new JsonObject()
                .put(
                    "runFriendlyIds",
                    new JsonArray().add(begun.run()).add(idle.run()).add("run_nobody")));

    assertThat(new JsonObject(reply.body()).getInteger("cancelled")).isEqualTo(1);
    assertThat(worker.retrieve(begun.run()).getString("status")).isEqualTo("CANCELED");
    assertThat(worker.standing(begun.run())).isEqualTo("FINISHED");
    assertThat(worker.dequeue()).extracting(Given::run).containsExactly(idle.run());
  }

  @Test
  void anEndThatCantBeStoredIsAnEndAllTheSame() {
    worker.register("h", "t");
    Given given = given("t");
    JsonObject huge = DevWorker.success("\"" + "x".repeat(900_000) + "\"");
    JsonObject odd =
        DevWorker.success("no json")
            .put("flushedMetadata", new JsonObject().put("data", "{\"json\":{\"operations\":7}}"));
    worker.end(given.run(), worker.begin(given), odd);

    JsonObject run = worker.retrieve(given.run());
    assertThat(run.getString("status")).isEqualTo("FAILED");
    assertThat(run.getJsonObject("error").getString("message")).contains("output");
    Given other = given("t");
    worker.end(other.run(), worker.begin(other), huge);
    assertThat(worker.retrieve(other.run()).getString("status")).isEqualTo("COMPLETED");
  }
}
