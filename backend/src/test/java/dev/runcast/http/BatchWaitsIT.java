package dev.runcast.http;

import static dev.runcast.http.DevWorker.below;
import static org.assertj.core.api.Assertions.assertThat;

import dev.runcast.http.Caller.Reply;
import dev.runcast.http.DevWorker.Given;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Runs that wait for batches: in which some items fail, that came in one body, that were there. */
class BatchWaitsIT {
  @RegisterExtension final WholeServer server = new WholeServer();
  private final DevWorker worker = new DevWorker(server);
  private final String version = worker.register("h", "t", "child");

  private JsonObject announced(JsonObject body) {
    Reply reply = worker.call("POST", "/api/v3/batches", body);
    assertThat(reply.status()).as(reply.toString()).isEqualTo(202);
    return new JsonObject(reply.body());
  }

  private Reply fill(String batch, JsonObject... items) {
    for (int i = 0; i < items.length; i++) {
      items[i] = items[i].copy().put("index", i);
    }
    return worker.fill(batch, "child", items);
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
    Given parent = worker.executing("t");
    String batch = announced(below(parent.run()).put("runCount", 3)).getString("id");

    Reply filled = fill(batch, item(), item("lockToVersion", "20000101.1"), item());

    assertThat(filled.status()).as(filled.toString()).isEqualTo(200);
    DueNow.look(server.database());
    assertWaits(parent);
    succeed();
    DueNow.look(server.database());
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
    Given parent = worker.executing("t");
    String batch = announced(below(parent.run()).put("runCount", 2)).getString("id");

    fill(batch, item("delay", "soon"), item("machine", "huge"));
    DueNow.look(server.database());

    assertThat(told(parent))
        .extracting(each -> each.getBoolean("outputIsError"))
        .containsExactly(true, true);
  }

  @Test
  void aKeyThatStandsForARunGoesBeforeAVersionThatIsNotThere() {
    String earlier = worker.trigger("child", new JsonObject().put("idempotencyKey", "k"));
    Given child = worker.dequeue().get(0);
    Given parent = worker.executing("t");
    String batch = announced(below(parent.run()).put("runCount", 3)).getString("id");
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
    DueNow.look(server.database());
    told(parent)
        .forEach(
            each -> members.add(each.getJsonObject("completedByTaskRun").getString("friendlyId")));
    assertThat(members).hasSize(3).startsWith(earlier);
    assertThat(members.get(1)).as("the key of both").isEqualTo(members.get(2));
  }

  @Test
  void aBatchInOneBodyIsWaitedForToo() {
    Given parent = worker.executing("t");
    JsonArray items = new JsonArray().add(item()).add(item("delay", "soon"));

    for (String path : List.of("/api/v1/tasks/batch", "/api/v2/tasks/batch")) {
      Reply reply = worker.call("POST", path, below(parent.run()).put("items", items));
      assertThat(reply.status()).as(reply.toString()).isBetween(200, 202);
      DueNow.look(server.database());
      assertWaits(parent);
      succeed();
      DueNow.look(server.database());
      assertThat(told(parent))
          .extracting(each -> each.getBoolean("outputIsError"))
          .containsExactly(false, true);
    }
  }

  @Test
  void aBatchInOneBodyIsRefusedToWhoHasEnded() {
    Given parent = worker.executing("t");
    server.postgres.execute("update run set status = 'CANCELED' where id = '" + parent.run() + "'");

    Reply reply =
        worker.call(
            "POST",
            "/api/v2/tasks/batch",
            below(parent.run()).put("items", new JsonArray().add(item())));

    Refusals.refused("POST a batch for a cancelled run", reply, 422);
    assertThat(server.query("select id from run where task_identifier = 'child'")).isEmpty();
  }

  @Test
  void whoFindsABatchByItsKeyWaitsForItAsWhoAnnouncedItDoes() {
    Given first = worker.executing("t");
    Given second = worker.executing("t");
    Given third = worker.executing("t");
    JsonObject body = new JsonObject().put("runCount", 1).put("idempotencyKey", "shared");
    String batch = announced(below(first.run()).mergeIn(body)).getString("id");
    assertThat(announced(below(second.run()).mergeIn(body)).getString("id")).isEqualTo(batch);
    assertThat(fill(batch, item()).status()).isEqualTo(200);
    assertThat(announced(below(third.run()).mergeIn(body)).getBoolean("isCached")).isTrue();

    DueNow.look(server.database());
    List.of(first, second, third).forEach(this::assertWaits);
    assertThat(succeed()).hasSize(1);
    DueNow.look(server.database());

    for (Given each : List.of(first, second, third)) {
      assertThat(told(each)).extracting(told -> told.getString("output")).containsExactly("7");
    }
  }

  @Test
  void whoFindsABatchIsNotKeptFromItByWhatWhoAnnouncedItIsRefused() {
    Given first = worker.executing("t");
    JsonObject body = new JsonObject().put("runCount", 1).put("idempotencyKey", "refused");
    String batch = announced(below(first.run()).mergeIn(body)).getString("id");
    Given second = worker.executing("t");
    announced(below(second.run()).mergeIn(body));
    Refusals.refused("items without a task", worker.fill(batch, "", DevWorker.item(0)), 422);
    DueNow.look(server.database());
    assertWaits(second);

    assertThat(fill(batch, item()).status()).isEqualTo(200);
    DueNow.look(server.database());
    succeed();
    DueNow.look(server.database());

    assertThat(told(second)).hasSize(1);
  }

  @Test
  void whoFindsABatchIsNotKeptFromItByTheEndOfWhoAnnouncedIt() {
    Given first = worker.executing("t");
    JsonObject body = new JsonObject().put("runCount", 1).put("idempotencyKey", "left");
    String batch = announced(below(first.run()).mergeIn(body)).getString("id");
    Given second = worker.executing("t");
    announced(below(second.run()).mergeIn(body));
    server.postgres.execute("update run set status = 'CANCELED' where id = '" + first.run() + "'");

    assertThat(fill(batch, item()).status()).isEqualTo(200);
    succeed();
    DueNow.look(server.database());

    assertThat(told(second)).hasSize(1);
  }

  @Test
  void aRunOfABatchMayNotWaitForThatBatch() {
    Given parent = worker.executing("t");
    JsonObject body = new JsonObject().put("runCount", 1).put("idempotencyKey", "own");
    String batch = announced(below(parent.run()).mergeIn(body)).getString("id");
    fill(batch, item());
    Given member = worker.dequeue().get(0);
    worker.begin(member);

    Reply reply = worker.call("POST", "/api/v3/batches", below(member.run()).mergeIn(body));

    Refusals.refused("POST a batch that waits for itself", reply, 422);
    assertThat(worker.standing(member.run())).isEqualTo("EXECUTING");
  }
}
