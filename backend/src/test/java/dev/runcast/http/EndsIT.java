package dev.runcast.http;

import static dev.runcast.testing.Await.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.runcast.engine.Limits;
import dev.runcast.engine.Runs;
import dev.runcast.engine.wait.Cancellations;
import dev.runcast.engine.wait.Resumption;
import dev.runcast.http.Caller.Reply;
import dev.runcast.http.DevWorker.Given;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What follows from a run's being ended, or moved by plain SQL, for those around it. */
class EndsIT {
  private WholeServer server;
  private DevWorker worker;

  @BeforeEach
  void start() {
    server = new WholeServer();
    worker = new DevWorker(server);
    worker.register("h", "t", "child");
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private Given executing(String task) {
    String run = worker.trigger(task);
    Given given = worker.dequeue().get(0);
    assertThat(given.run()).isEqualTo(run);
    worker.begin(given);
    return given;
  }

  private static JsonObject below(String parent) {
    return new JsonObject().put("parentRunId", parent).put("resumeParentOnCompletion", true);
  }

  private Reply cancel(String run) {
    return worker.call("POST", "/api/v2/runs/" + run + "/cancel", new JsonObject());
  }

  private void look() {
    Runs runs = new Runs(Limits.DEFAULT);
    Cancellations cancellations = new Cancellations(server.database(), runs);
    Resumption resumption = new Resumption(server.database(), runs);
    while (await(cancellations.next()) || await(resumption.next())) {
      // Until nothing is due.
    }
  }

  private String status(String run) {
    return worker.retrieve(run).getString("status");
  }

  @Test
  void whoIsWaitedForIsCancelledWithWhoWaitsAndSoOnDownwards() {
    String parent = executing("t").run();
    String child = worker.trigger("child", below(parent));
    worker.begin(worker.dequeue().get(0));
    String grandchild = worker.trigger("child", below(child));
    String others = worker.trigger("child", new JsonObject().put("parentRunId", parent));

    assertThat(cancel(parent).status()).isEqualTo(200);
    look();

    assertThat(status(child)).isEqualTo("CANCELED");
    assertThat(worker.standing(child)).as("its worker is told").isEqualTo("PENDING_CANCEL");
    assertThat(status(grandchild)).isEqualTo("CANCELED");
    assertThat(status(others)).as("nobody waits for it").isEqualTo("QUEUED");
    assertThat(server.query("select kind from due where kind in ('CANCEL', 'RESUME')")).isEmpty();
  }

  @Test
  void whoeverCancelsInSqlAndWhoeverIsGoneTakesThoseAlongWhoAreWaitedFor() {
    String parent = executing("t").run();
    String child = worker.trigger("child", below(parent));
    server.postgres.execute("update run set status = 'CANCELED' where id = '" + parent + "'");
    look();
    assertThat(status(child)).isEqualTo("CANCELED");

    String other = executing("t").run();
    String queued = worker.trigger("child", below(other));
    worker.call(
        "POST",
        "/engine/v1/dev/disconnect",
        new JsonObject().put("runFriendlyIds", new JsonArray().add(other)));
    look();
    assertThat(status(queued)).isEqualTo("CANCELED");
  }

  @Test
  void oneThatHasEndedOrIsGoneIsLeftAsItIs() {
    String parent = executing("t").run();
    String batch = announce(parent, 2);
    assertThat(fill(batch, item(0), item(1)).status()).isEqualTo(200);
    cancel(parent);
    server.postgres.execute(
        """
        update run set status = 'COMPLETED_SUCCESSFULLY' where batch_index = 0;
        update run set status = 'CANCELED' where batch_index = 1;
        update run set status = 'DELETED' where batch_index = 1""");

    look();

    assertThat(members(batch)).containsExactlyInAnyOrder("COMPLETED_SUCCESSFULLY", "DELETED");
    assertThat(server.query("select from due where kind = 'CANCEL'")).isEmpty();
  }

  @Test
  void aRunThatAKeyFoundIsNotCancelledWithWhoWaitsForIt() {
    JsonObject options = new JsonObject().put("idempotencyKey", "k");
    String found = worker.trigger("child", options.copy());
    server.postgres.execute("update run set delay_until = now(), status = 'DELAYED'");
    String parent = executing("t").run();
    assertThat(worker.trigger("child", options.mergeIn(below(parent)))).isEqualTo(found);

    cancel(parent);
    look();

    assertThat(status(found)).isEqualTo("DELAYED");
  }

  @Test
  void aRunThatOthersWaitForIsNotCancelledWithWhoTriggeredIt() {
    String parent = executing("t").run();
    String other = executing("t").run();
    String late = executing("t").run();
    JsonObject options = new JsonObject().put("idempotencyKey", "k");
    String child = worker.trigger("child", options.copy().mergeIn(below(parent)));
    assertThat(worker.trigger("child", options.copy().mergeIn(below(other)))).isEqualTo(child);
    cancel(parent);
    look();
    assertThat(status(child)).isEqualTo("QUEUED");

    String second = worker.trigger("child", below(late).put("idempotencyKey", "l"));
    server.postgres.execute("update run set status = 'CANCELED' where id = '" + late + "'");
    worker.trigger("child", below(other).put("idempotencyKey", "l"));
    look();
    assertThat(status(second)).as("waited for before its time came").isEqualTo("QUEUED");
  }

  @Test
  void aRunThatFailsLeavesAloneWhoItWaitsFor() {
    Given parent = executing("t");
    String child = worker.trigger("child", below(parent.run()));
    String busy = worker.latest(parent.run()).getJsonObject("snapshot").getString("friendlyId");
    worker.end(parent.run(), busy, DevWorker.failure("TASK_PROCESS_EXITED_WITH_NON_ZERO_CODE"));
    look();

    assertThat(status(child)).isEqualTo("QUEUED");
  }

  private String announce(String parent, int count) {
    JsonObject body = below(parent).put("runCount", count);
    return new JsonObject(worker.call("POST", "/api/v3/batches", body).body()).getString("id");
  }

  private Reply fill(String batch, JsonObject... items) {
    String path = "/api/v3/batches/" + batch + "/items";
    StringBuilder lines = new StringBuilder();
    for (int i = 0; i < items.length; i++) {
      lines.append(items[i].put("task", "child").encode()).append('\n');
    }
    return new Caller(server.port())
        .call(
            Sample.keyOnly("POST " + path, path)
                .with(lines.toString())
                .typed("application/x-ndjson"),
            WholeServer.SECRET);
  }

  private static JsonObject item(int index) {
    return new JsonObject().put("index", index);
  }

  private List<String> members(String batch) {
    return server.query("select status from run where batch_id = '" + batch + "'");
  }

  @Test
  void theRunsOfABatchAreCancelledWithWhoWaitsForThem() {
    String parent = executing("t").run();
    String batch = announce(parent, 3);
    assertThat(fill(batch, item(0), item(1), item(2)).status()).isEqualTo(200);

    cancel(parent);
    look();

    assertThat(members(batch)).containsExactly("CANCELED", "CANCELED", "CANCELED");
  }

  @Test
  void aBatchIsNotFilledAnyFurtherWhoseParentWasCancelled() {
    String parent = executing("t").run();
    String batch = announce(parent, 3);
    assertThat(fill(batch, item(0)).status()).isEqualTo(200);

    cancel(parent);
    Reply rest = fill(batch, item(1), item(2));
    look();

    Refusals.refused("POST items for a cancelled run", rest, 422);
    assertThat(rest.error()).contains("CANCELED");
    assertThat(members(batch)).containsExactly("CANCELED");
  }

  @Test
  void nothingIsTriggeredForWhoWaitsForNothingAnyMore() {
    String parent = executing("t").run();
    cancel(parent);

    Reply reply =
        worker.call(
            "POST",
            "/api/v1/tasks/child/trigger",
            new JsonObject().put("payload", 1).put("options", below(parent)));

    Refusals.refused("POST for a cancelled run", reply, 422);
    assertThat(server.query("select from run")).hasSize(1);
  }

  private static JsonObject soon() {
    return DevWorker.failure().put("retry", new JsonObject().put("timestamp", 1).put("delay", 100));
  }

  private void registerQueueOfOne() {
    worker.register(
        "h2",
        new JsonArray()
            .add(
                DevWorker.task("t")
                    .put("retry", new JsonObject().put("maxAttempts", 3))
                    .put("queue", new JsonObject().put("name", "q"))),
        new JsonArray().add(new JsonObject().put("name", "q").put("concurrencyLimit", 1)));
  }

  @Test
  void aRunThatIsCancelledBetweenTwoAttemptsFreesItsPlace() {
    registerQueueOfOne();
    String run = worker.trigger("t");
    String next = worker.trigger("t");
    JsonObject again = worker.end(run, worker.begin(worker.dequeue().get(0)), soon());
    assertThat(again.getString("attemptStatus")).isEqualTo("RETRY_IMMEDIATELY");

    cancel(run);

    assertThat(worker.standing(run)).isEqualTo("FINISHED");
    assertThat(server.query("select ref from due where kind = 'EXECUTION'")).isEmpty();
    assertThat(worker.dequeue()).extracting(Given::run).containsExactly(next);
    Refusals.refused("POST start", worker.start(run, DevWorker.snapshot(again)), 400);
  }

  @Test
  void aRunThatIsCancelledBeforeItIsBegunIsLetGoOfByItsBeginning() {
    registerQueueOfOne();
    String run = worker.trigger("t");
    String next = worker.trigger("t");
    Given given = worker.dequeue().get(0);
    cancel(run);
    assertThat(worker.standing(run)).isEqualTo("PENDING_CANCEL");

    Reply begun = worker.start(run, given.snapshot());

    Refusals.refused("POST start of a cancelled run", begun, 400);
    assertThat(worker.standing(run)).isEqualTo("FINISHED");
    assertThat(status(run)).isEqualTo("CANCELED");
    assertThat(worker.dequeue()).extracting(Given::run).containsExactly(next);
  }

  @Test
  void aRequestThatComesLateDoesNotLetGoOfARunThatIsBeingCancelled() {
    Given given = executing("t");
    cancel(given.run());

    Refusals.refused("POST start again", worker.start(given.run(), given.snapshot()), 400);

    assertThat(worker.standing(given.run())).isEqualTo("PENDING_CANCEL");
  }

  @Test
  void aWaitThatComesAfterItsAttemptHasEndedIsNone() {
    worker.register(
        "h2",
        new JsonArray()
            .add(DevWorker.task("t").put("retry", new JsonObject().put("maxAttempts", 3))),
        new JsonArray());
    String run = worker.trigger("t");
    JsonObject again = worker.end(run, worker.begin(worker.dequeue().get(0)), soon());

    Reply late = waitUntil(run, 2040);

    Refusals.refused("POST a wait too late", late, 404);
    assertThat(worker.standing(run)).isEqualTo("EXECUTING");
    worker.begin(run, DevWorker.snapshot(again));
    assertThat(server.query("select from wait")).isEmpty();
  }

  private Reply waitUntil(String run, int year) {
    return worker.call(
        "POST",
        "/engine/v1/runs/" + run + "/wait/duration",
        new JsonObject().put("date", year + "-01-01T00:00:00.000Z"));
  }

  @Test
  void whatPlainSqlMakesOfARunThatWaitsHoldsUpNoOther() {
    String odd = executing("t").run();
    String other = executing("t").run();
    for (String run : List.of(odd, other)) {
      waitUntil(run, 2020);
    }
    server.postgres.execute("update run set status = 'DELAYED' where id = '" + odd + "'");

    look();

    assertThat(worker.standing(other)).isEqualTo("EXECUTING");
    assertThat(worker.retrieve(odd).getString("status")).isEqualTo("SYSTEM_FAILURE");
    assertThat(worker.retrieve(odd).getJsonObject("error").getString("message"))
        .contains("DELAYED");
    assertThat(worker.standing(odd)).as("its worker is told").isEqualTo("PENDING_CANCEL");
  }

  @Test
  void aWaitThatCantEndIsTriedAgainAndHoldsUpNoOther() {
    String odd = executing("t").run();
    String other = executing("t").run();
    for (String run : List.of(odd, other)) {
      waitUntil(run, 2020);
    }
    server.postgres.execute(
        "alter table run add constraint odd check (id <> '%s' or status <> 'EXECUTING') not valid"
            .formatted(odd));

    look();

    assertThat(worker.standing(other)).isEqualTo("EXECUTING");
    assertThat(worker.standing(odd)).isEqualTo("EXECUTING_WITH_WAITPOINTS");
    String putOff = "select tries from due where kind = 'RESUME' and at > now() + interval '%s s'";
    assertThat(server.query(putOff.formatted(0))).containsExactly("1");
    server.postgres.execute("update due set at = now() - interval '1 s' where kind = 'RESUME'");
    look();
    assertThat(server.query(putOff.formatted(6))).as("twice as long").containsExactly("2");
    server.postgres.execute(
        "alter table run drop constraint odd; update due set at = now() where kind = 'RESUME'");
    look();
    assertThat(worker.standing(odd)).isEqualTo("EXECUTING");
  }

  @Test
  void aRunThatIsQueuedInSqlWhileItWaitsBeginsAnew() {
    String run = executing("t").run();
    waitUntil(run, 2040);

    server.postgres.execute("update run set status = 'PENDING'");

    assertThat(server.query("select from wait")).isEmpty();
    worker.begin(worker.dequeue().get(0));
    String child = worker.trigger("child", below(run));
    server.postgres.execute("update run set status = 'CANCELED' where id = '" + child + "'");
    look();
    assertThat(worker.standing(run)).isEqualTo("EXECUTING");
  }

  private Reply awaitBelow(String parent, String task, String key) {
    JsonObject options = below(parent).put("idempotencyKey", key);
    return worker.call(
        "POST",
        "/api/v1/tasks/" + task + "/trigger",
        new JsonObject().put("payload", 1).put("options", options));
  }

  @Test
  void runsThatWouldWaitForEachOtherAreRefusedTo() {
    String top = worker.trigger("t", new JsonObject().put("idempotencyKey", "top"));
    worker.begin(worker.dequeue().get(0));
    assertThat(awaitBelow(top, "child", "middle").status()).isEqualTo(200);
    Given middle = worker.dequeue().get(0);
    worker.begin(middle);
    assertThat(awaitBelow(middle.run(), "child", "low").status()).isEqualTo(200);
    Given low = worker.dequeue().get(0);
    worker.begin(low);

    Reply upwards = awaitBelow(low.run(), "t", "top");
    Reply itself = awaitBelow(low.run(), "child", "low");

    Refusals.refused("POST a circle", upwards, 422);
    Refusals.refused("POST a run that waits for itself", itself, 422);
    assertThat(upwards.error()).contains("idempotencyKey");
    assertThat(worker.standing(low.run())).isEqualTo("EXECUTING");
  }

  @Test
  void aBatchMayHaveNoRunThatWaitsForIt() {
    String top = worker.trigger("t", new JsonObject().put("idempotencyKey", "top"));
    worker.begin(worker.dequeue().get(0));
    assertThat(awaitBelow(top, "child", "low").status()).isEqualTo(200);
    Given low = worker.dequeue().get(0);
    worker.begin(low);
    String batch = announce(low.run(), 1);

    Reply reply =
        fill(batch, item(0).put("options", new JsonObject().put("idempotencyKey", "low")));

    Refusals.refused("POST a batch that waits for itself", reply, 422);
    look();
    assertThat(worker.standing(low.run())).isEqualTo("EXECUTING");
  }
}
