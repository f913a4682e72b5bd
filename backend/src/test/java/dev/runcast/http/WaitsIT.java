package dev.runcast.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runcast.http.DevWorker.Given;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Runs that wait, and what they are told when they go on. */
class WaitsIT {
  @RegisterExtension final WholeServer server = new WholeServer();
  private final DevWorker worker = new DevWorker(server);

  @BeforeEach
  void start() {
    worker.register("h", "t", "child");
  }

  private Given executing() {
    String run = worker.trigger("t");
    Given given = worker.dequeue().get(0);
    assertThat(given.run()).isEqualTo(run);
    worker.begin(given);
    return given;
  }

  private JsonArray ended(String run) {
    return worker.latest(run).getJsonArray("completedWaitpoints");
  }

  private String child(Given parent) {
    return worker.trigger(
        "child",
        new JsonObject().put("parentRunId", parent.run()).put("resumeParentOnCompletion", true));
  }

  @Test
  void aRunWaitsForTimeAndGoesOnWithWhatItWaitedFor() {
    Given given = executing();
    JsonObject told =
        new JsonObject(
            worker
                .call(
                    "POST",
                    "/engine/v1/runs/" + given.run() + "/wait/duration",
                    new JsonObject().put("date", "2020-01-01T00:00:00.000Z"))
                .body());

    assertThat(worker.standing(given.run())).isEqualTo("EXECUTING_WITH_WAITPOINTS");
    assertThat(worker.retrieve(given.run()).getString("status")).isEqualTo("WAITING");
    DueNow.look(server.database());

    assertThat(worker.standing(given.run())).isEqualTo("EXECUTING");
    assertThat(ended(given.run()).getJsonObject(0).getString("friendlyId"))
        .isEqualTo(told.getJsonObject("waitpoint").getString("id"));
    assertThat(ended(given.run()).getJsonObject(0).getString("type")).isEqualTo("DATETIME");
  }

  @Test
  void aTokenIsWaitedForUntilItIsCompleted() {
    Given given = executing();
    String token =
        new JsonObject(worker.call("POST", "/api/v1/waitpoints/tokens", new JsonObject()).body())
            .getString("id");
    worker.call(
        "POST", "/engine/v1/runs/" + given.run() + "/waitpoints/tokens/" + token + "/wait", null);
    DueNow.look(server.database());
    assertThat(worker.standing(given.run())).isEqualTo("EXECUTING_WITH_WAITPOINTS");

    worker.call(
        "POST",
        "/api/v1/waitpoints/tokens/" + token + "/complete",
        new JsonObject().put("data", new JsonObject().put("ok", true)));
    DueNow.look(server.database());

    JsonObject ended = ended(given.run()).getJsonObject(0);
    assertThat(ended.getString("friendlyId")).isEqualTo(token);
    assertThat(ended.getString("output")).isEqualTo("{\"ok\":true}");
    assertThat(ended.getBoolean("outputIsError")).isFalse();
  }

  @Test
  void aParentWaitsForItsChildHoweverThatEnds() {
    Given parent = executing();
    String child = child(parent);
    assertThat(worker.standing(parent.run())).isEqualTo("EXECUTING_WITH_WAITPOINTS");
    Given given = worker.dequeue().get(0);
    worker.end(child, worker.begin(given), DevWorker.failure());
    DueNow.look(server.database());

    JsonObject ended = ended(parent.run()).getJsonObject(0);
    assertThat(ended.getJsonObject("completedByTaskRun").getString("friendlyId")).isEqualTo(child);
    assertThat(ended.getBoolean("outputIsError")).isTrue();
    assertThat(ended.getString("output")).contains("BUILT_IN_ERROR");

    String other = child(parent);
    assertThat(worker.standing(parent.run())).isEqualTo("EXECUTING_WITH_WAITPOINTS");
    server.postgres.execute("update run set status = 'CANCELED' where id = '" + other + "'");
    DueNow.look(server.database());
    assertThat(ended(parent.run()).getJsonObject(0).getString("output")).contains("CANCELLED");
  }

  @Test
  void aParentWaitsForARunThatItsKeyFindsEvenOneThatHasEnded() {
    Given parent = executing();
    JsonObject options = new JsonObject().put("idempotencyKey", "k");
    String child = worker.trigger("child", options.copy());
    Given given = worker.dequeue().get(0);
    worker.end(child, worker.begin(given), DevWorker.success("7"));

    String found =
        worker.trigger(
            "child",
            options.put("parentRunId", parent.run()).put("resumeParentOnCompletion", true));
    assertThat(found).isEqualTo(child);
    DueNow.look(server.database());

    assertThat(ended(parent.run()).getJsonObject(0).getString("output")).isEqualTo("7");
  }

  @Test
  void whoWaitsTakesUpNoPlaceOfItsQueue() {
    worker.register(
        "h2",
        new JsonArray()
            .add(DevWorker.task("t").put("queue", new JsonObject().put("name", "q")))
            .add(DevWorker.task("child").put("queue", new JsonObject().put("name", "q"))),
        new JsonArray().add(new JsonObject().put("name", "q").put("concurrencyLimit", 1)));
    Given parent = executing();
    String child = child(parent);

    assertThat(worker.dequeue()).extracting(Given::run).containsExactly(child);
  }

  @Test
  void anAttemptMayEndWhoseWorkerHasNotHeardThatItWaits() {
    String run = worker.trigger("t");
    Given given = worker.dequeue().get(0);
    String busy = worker.begin(given);
    child(given);

    JsonObject result =
        worker.end(run, busy, DevWorker.failure("TASK_PROCESS_EXITED_WITH_NON_ZERO_CODE"));

    assertThat(result.getString("attemptStatus")).isEqualTo("RUN_FINISHED");
    assertThat(worker.retrieve(run).getString("status")).isEqualTo("CRASHED");
    assertThat(server.query("select from wait")).isEmpty();
  }

  private JsonObject waitForTime(String run, String date, String key, String life) {
    JsonObject body =
        new JsonObject()
            .put("date", date)
            .put("idempotencyKey", key)
            .put("idempotencyKeyTTL", life);
    return new JsonObject(
        worker.call("POST", "/engine/v1/runs/" + run + "/wait/duration", body).body());
  }

  @Test
  void aKeyStandsForTheTimeThatItWasFirstUsedWith() {
    Given given = executing();
    JsonObject first = waitForTime(given.run(), "2020-01-01T00:00:00.000Z", "k", "1h");
    DueNow.look(server.database());

    JsonObject again = waitForTime(given.run(), "2040-01-01T00:00:00.000Z", "k", "1h");
    JsonObject other = waitForTime(given.run(), "2020-01-01T00:00:00.000Z", "other", "1h");

    assertThat(again).isEqualTo(first);
    assertThat(other.getJsonObject("waitpoint")).isNotEqualTo(first.getJsonObject("waitpoint"));
    DueNow.look(server.database());
    assertThat(ended(given.run())).hasSize(2);
  }

  @Test
  void aKeyIsFreeWhenItsTimeIsOver() {
    Given given = executing();
    JsonObject first = waitForTime(given.run(), "2020-01-01T00:00:00.000Z", "k", "1h");
    DueNow.look(server.database());
    server.postgres.execute("update dated_wait set expires_at = now() - interval '1 s'");

    JsonObject again = waitForTime(given.run(), "2040-01-01T00:00:00.000Z", "k", "1h");

    assertThat(again.getString("waitUntil")).isEqualTo("2040-01-01T00:00:00Z");
    assertThat(again.getJsonObject("waitpoint")).isNotEqualTo(first.getJsonObject("waitpoint"));
  }

  private String announce(Given parent) {
    JsonObject body =
        new JsonObject()
            .put("runCount", 1)
            .put("parentRunId", parent.run())
            .put("resumeParentOnCompletion", true);
    return new JsonObject(worker.call("POST", "/api/v3/batches", body).body()).getString("id");
  }

  private int fill(String batch, JsonObject item) {
    String path = "/api/v3/batches/" + batch + "/items";
    return new Caller(server.port())
        .call(
            Sample.keyOnly("POST " + path, path)
                .with(item.encode() + "\n")
                .typed("application/x-ndjson"),
            WholeServer.SECRET)
        .status();
  }

  @Test
  void aParentGoesOnWhoseBatchIsRefused() {
    Given parent = executing();
    String batch = announce(parent);
    assertThat(worker.standing(parent.run())).isEqualTo("EXECUTING_WITH_WAITPOINTS");

    JsonObject wrong = new JsonObject().put("index", 1).put("task", "child");
    assertThat(fill(batch, wrong)).isEqualTo(422);
    DueNow.look(server.database());

    assertThat(worker.standing(parent.run())).isEqualTo("EXECUTING");
    assertThat(ended(parent.run())).isEmpty();
  }

  @Test
  void aParentThatWaitsForSomethingElseWaitsNoMoreForABatchThatNeverCame() {
    Given parent = executing();
    announce(parent);
    String child = child(parent);
    Given given = worker.dequeue().get(0);
    worker.end(child, worker.begin(given), DevWorker.success("7"));
    DueNow.look(server.database());

    assertThat(worker.standing(parent.run())).isEqualTo("EXECUTING");
    assertThat(ended(parent.run())).hasSize(1);
  }

  @Test
  void aBatchThatIsFilledIsWaitedForUntilItsRunsHaveEnded() {
    Given parent = executing();
    String batch = announce(parent);
    assertThat(fill(batch, new JsonObject().put("index", 0).put("task", "child"))).isEqualTo(200);
    DueNow.look(server.database());
    assertThat(worker.standing(parent.run())).isEqualTo("EXECUTING_WITH_WAITPOINTS");

    Given given = worker.dequeue().get(0);
    worker.end(given.run(), worker.begin(given), DevWorker.success("7"));
    DueNow.look(server.database());

    assertThat(worker.standing(parent.run())).isEqualTo("EXECUTING");
    assertThat(ended(parent.run())).hasSize(2);
  }
}
