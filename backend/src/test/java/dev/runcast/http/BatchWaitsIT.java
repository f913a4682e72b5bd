package dev.runcast.http;

import static dev.runcast.testing.Await.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.runcast.engine.Limits;
import dev.runcast.engine.Runs;
import dev.runcast.engine.wait.Resumption;
import dev.runcast.http.Caller.Reply;
import dev.runcast.http.DevWorker.Given;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Runs that wait for batches: in which some items fail, that came in one body, that were there. */
class BatchWaitsIT {
  private WholeServer server;
  private DevWorker worker;
  private String version;

  @BeforeEach
  void start() {
    server = new WholeServer();
    worker = new DevWorker(server);
    version = worker.register("h", "t", "child");
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private Given executing() {
    String run = worker.trigger("t");
    Given given = worker.dequeue().get(0);
    assertThat(given.run()).isEqualTo(run);
    worker.begin(given);
    return given;
  }

  private void look() {
    Resumption resumption = new Resumption(server.database(), new Runs(Limits.DEFAULT));
    while (await(resumption.next())) {
      // Until nothing is due.
    }
  }

  private static JsonObject waitingFor(Given parent) {
    return new JsonObject().put("parentRunId", parent.run()).put("resumeParentOnCompletion", true);
  }

  private JsonObject announced(JsonObject body) {
    Reply reply = worker.call("POST", "/api/v3/batches", body);
    assertThat(reply.status()).as(reply.toString()).isEqualTo(202);
    return new JsonObject(reply.body());
  }

  private Reply fill(String batch, JsonObject... items) {
    String path = "/api/v3/batches/" + batch + "/items";
    StringBuilder lines = new StringBuilder();
    for (int i = 0; i < items.length; i++) {
      lines.append(items[i].copy().put("index", i).encode()).append('\n');
    }
    return new Caller(server.port())
        .call(
            Sample.keyOnly("POST " + path, path)
                .with(lines.toString())
                .typed("application/x-ndjson"),
            WholeServer.SECRET);
  }

  private static JsonObject item(String option, Object value) {
    return new JsonObject()
        .put("task", "child")
        .put("payload", 1)
        .put("options", new JsonObject().put(option, value));
  }

  private static JsonObject item() {
    return item("priority", 0);
  }

  /** Has all that is queued succeed. */
  private List<String> succeed() {
    List<String> runs = new ArrayList<>();
    for (Given given : worker.dequeue()) {
      worker.end(given.run(), worker.begin(given), DevWorker.success("7"));
      runs.add(given.run());
    }
    return runs;
  }

  /** What a run is told of runs that have ended, in the order of their places. */
  private List<JsonObject> told(Given parent) {
    assertThat(worker.standing(parent.run())).isEqualTo("EXECUTING");
    JsonArray all = worker.latest(parent.run()).getJsonArray("completedWaitpoints");
    return all.stream()
        .map(JsonObject.class::cast)
        .filter(each -> each.getString("type").equals("RUN"))
        .toList();
  }

  private void assertWaits(Given parent) {
    assertThat(worker.standing(parent.run())).isEqualTo("EXECUTING_WITH_WAITPOINTS");
  }

  private List<String> statuses(String batch) {
    return server.query(
        "select status from run where batch_id = '" + batch + "' order by batch_index");
  }

  @Test
  void whoWaitsIsToldTheErrorOfAnItemInItsPlace() {
    Given parent = executing();
    String batch = announced(waitingFor(parent).put("runCount", 3)).getString("id");

    Reply filled = fill(batch, item(), item("lockToVersion", "20000101.1"), item());

    assertThat(filled.status()).as(filled.toString()).isEqualTo(200);
    look();
    assertWaits(parent);
    succeed();
    look();
    List<JsonObject> told = told(parent);
    assertThat(told).extracting(each -> each.getInteger("index")).containsExactly(0, 1, 2);
    assertThat(told)
        .extracting(each -> each.getBoolean("outputIsError"))
        .containsExactly(false, true, false);
    JsonObject error = new JsonObject(told.get(1).getString("output"));
    assertThat(error.getString("code")).isEqualTo("BATCH_ITEM_COULD_NOT_TRIGGER");
    assertThat(error.getString("message")).contains("Item 1", "20000101.1", version);
  }

  @Test
  void whoWaitsForNothingThatCanBeTriggeredGoesOn() {
    Given parent = executing();
    String batch = announced(waitingFor(parent).put("runCount", 2)).getString("id");

    fill(batch, item("delay", "soon"), item("machine", "huge"));
    look();

    assertThat(told(parent))
        .extracting(each -> each.getBoolean("outputIsError"))
        .containsExactly(true, true);
  }

  @Test
  void aKeyThatStandsForARunGoesBeforeAVersionThatIsNotThere() {
    String earlier = worker.trigger("child", new JsonObject().put("idempotencyKey", "k"));
    Given child = worker.dequeue().get(0);
    Given parent = executing();
    String batch = announced(waitingFor(parent).put("runCount", 3)).getString("id");
    JsonObject other = item("idempotencyKey", "new");
    JsonObject lacking = other.copy();
    lacking.getJsonObject("options").put("lockToVersion", "20000101.1");
    JsonObject found = item("idempotencyKey", "k");
    found.getJsonObject("options").put("lockToVersion", "20000101.1");

    Reply filled = fill(batch, found, lacking, other);

    assertThat(filled.status()).as(filled.toString()).isEqualTo(200);
    assertThat(statuses(batch)).as("those that were made").containsExactly("PENDING");
    List<String> members = new ArrayList<>();
    worker.end(child.run(), worker.begin(child), DevWorker.success("7"));
    succeed();
    look();
    told(parent)
        .forEach(
            each -> members.add(each.getJsonObject("completedByTaskRun").getString("friendlyId")));
    assertThat(members).hasSize(3).startsWith(earlier);
    assertThat(members.get(1)).as("the key of both").isEqualTo(members.get(2));
  }

  @Test
  void aBatchInOneBodyIsWaitedForToo() {
    Given parent = executing();
    JsonArray items = new JsonArray().add(item()).add(item("delay", "soon"));

    for (String path : List.of("/api/v1/tasks/batch", "/api/v2/tasks/batch")) {
      Reply reply = worker.call("POST", path, waitingFor(parent).put("items", items));
      assertThat(reply.status()).as(reply.toString()).isBetween(200, 202);
      look();
      assertWaits(parent);
      succeed();
      look();
      assertThat(told(parent))
          .extracting(each -> each.getBoolean("outputIsError"))
          .containsExactly(false, true);
    }
  }

  @Test
  void aBatchInOneBodyIsRefusedToWhoHasEnded() {
    Given parent = executing();
    server.postgres.execute("update run set status = 'CANCELED' where id = '" + parent.run() + "'");

    Reply reply =
        worker.call(
            "POST",
            "/api/v2/tasks/batch",
            waitingFor(parent).put("items", new JsonArray().add(item())));

    Refusals.refused("POST a batch for a cancelled run", reply, 422);
    assertThat(server.query("select id from run where task_identifier = 'child'")).isEmpty();
  }

  @Test
  void whoFindsABatchByItsKeyWaitsForItAsWhoAnnouncedItDoes() {
    Given first = executing();
    Given second = executing();
    Given third = executing();
    JsonObject body = new JsonObject().put("runCount", 1).put("idempotencyKey", "shared");
    String batch = announced(waitingFor(first).mergeIn(body)).getString("id");
    assertThat(announced(waitingFor(second).mergeIn(body)).getString("id")).isEqualTo(batch);
    assertThat(fill(batch, item()).status()).isEqualTo(200);
    assertThat(announced(waitingFor(third).mergeIn(body)).getBoolean("isCached")).isTrue();

    look();
    List.of(first, second, third).forEach(this::assertWaits);
    assertThat(succeed()).hasSize(1);
    look();

    for (Given each : List.of(first, second, third)) {
      assertThat(told(each)).extracting(told -> told.getString("output")).containsExactly("7");
    }
  }

  @Test
  void whoFindsABatchIsNotKeptFromItByWhatWhoAnnouncedItIsRefused() {
    Given first = executing();
    JsonObject body = new JsonObject().put("runCount", 1).put("idempotencyKey", "refused");
    String batch = announced(waitingFor(first).mergeIn(body)).getString("id");
    Given second = executing();
    announced(waitingFor(second).mergeIn(body));
    Refusals.refused("items without a task", fill(batch, new JsonObject()), 422);
    look();
    assertWaits(second);

    assertThat(fill(batch, item()).status()).isEqualTo(200);
    look();
    succeed();
    look();

    assertThat(told(second)).hasSize(1);
  }

  @Test
  void whoFindsABatchIsNotKeptFromItByTheEndOfWhoAnnouncedIt() {
    Given first = executing();
    JsonObject body = new JsonObject().put("runCount", 1).put("idempotencyKey", "left");
    String batch = announced(waitingFor(first).mergeIn(body)).getString("id");
    Given second = executing();
    announced(waitingFor(second).mergeIn(body));
    server.postgres.execute("update run set status = 'CANCELED' where id = '" + first.run() + "'");

    assertThat(fill(batch, item()).status()).isEqualTo(200);
    succeed();
    look();

    assertThat(told(second)).hasSize(1);
  }

  @Test
  void aRunOfABatchMayNotWaitForThatBatch() {
    Given parent = executing();
    JsonObject body = new JsonObject().put("runCount", 1).put("idempotencyKey", "own");
    String batch = announced(waitingFor(parent).mergeIn(body)).getString("id");
    fill(batch, item());
    Given member = worker.dequeue().get(0);
    worker.begin(member);

    Reply reply = worker.call("POST", "/api/v3/batches", waitingFor(member).mergeIn(body));

    Refusals.refused("POST a batch that waits for itself", reply, 422);
    assertThat(worker.standing(member.run())).isEqualTo("EXECUTING");
  }
}
