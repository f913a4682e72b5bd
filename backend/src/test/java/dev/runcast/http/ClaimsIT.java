package dev.runcast.http;

import static dev.runcast.http.ClaimingWorker.done;
import static dev.runcast.http.ClaimingWorker.ids;
import static org.assertj.core.api.Assertions.assertThat;

import dev.runcast.http.Caller.Reply;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Runs that workers of any kind claim: who is given which, and who may change it. */
class ClaimsIT {
  private static final String KEY = "x-trigger-request-idempotency-key";

  @RegisterExtension final WholeServer server = new WholeServer();
  private final DevWorker caller = new DevWorker(server);
  private final ClaimingWorker claiming = new ClaimingWorker(server, caller);

  @Test
  void aRunIsClaimedWorkedOnAndDone() {
    String run = caller.trigger("t", new JsonObject().put("tags", new JsonArray().add("a")));

    JsonObject claimed = claiming.claimOf("t").get(0);

    assertThat(claimed.getString("id")).isEqualTo(run);
    assertThat(claimed.getInteger("payload")).isEqualTo(1);
    assertThat(claimed.getInteger("attempt")).isEqualTo(1);
    assertThat(claimed.getString("lease")).startsWith("lease_");
    assertThat(Instant.parse(claimed.getString("leaseExpiresAt"))).isAfter(Instant.now());
    assertThat(claiming.status(claimed)).isEqualTo("EXECUTING");
    assertThat(claiming.claimOf("t")).as("it is taken").isEmpty();
    JsonObject more = new JsonObject().put("metadata", new JsonObject().put("n", 1));
    assertThat(claiming.patch(claimed, more).status()).isEqualTo(200);
    assertThat(claiming.patch(claimed, done()).status()).isEqualTo(200);
    JsonObject after = caller.retrieve(run);
    assertThat(after.getString("status")).isEqualTo("COMPLETED");
    assertThat(after.getInteger("output")).isEqualTo(42);
    assertThat(server.query("select status, lease from execution"))
        .containsExactly("FINISHED null");
    assertThat(server.query("select ref from due where kind = 'EXECUTION'")).isEmpty();
  }

  @Test
  void whoHasNotClaimedItDoesNotChangeIt() {
    caller.trigger("t");
    JsonObject claimed = claiming.claimOf("t").get(0);
    String path = "/api/v1/runs/" + claimed.getString("id");

    Reply without = caller.call("PATCH", path, done());
    Reply other = caller.call("PATCH", path, done().put("lease", "lease_of_another"));

    Refusals.refused("PATCH without a lease", without, 422);
    assertThat(without.error()).contains("lease");
    Refusals.refused("PATCH with another lease", other, 412);
    assertThat(claiming.status(claimed)).isEqualTo("EXECUTING");
    assertThat(caller.call("POST", path + "/tags", new JsonObject().put("tags", "x")).status())
        .isEqualTo(200);
  }

  @Test
  void aRunThatTheToolHasIsChangedByNobodyElse() {
    caller.register("h", "t");
    caller.trigger("t");
    DevWorker.Given given = caller.dequeue().get(0);
    caller.begin(given);
    String path = "/api/v1/runs/" + given.run();

    Reply without = caller.call("PATCH", path, done());
    Reply with = caller.call("PATCH", path, done().put("lease", "lease_a"));

    Refusals.refused("PATCH of a run that the tool has", without, 422);
    assertThat(without.error()).contains("cancelled");
    Refusals.refused("PATCH of it under a made up lease", with, 412);
    assertThat(claiming.claimOf("t")).isEmpty();
  }

  @Test
  void aWorkerDoesNotPutItsRunBackByAChange() {
    caller.trigger("t");
    JsonObject claimed = claiming.claimOf("t").get(0);

    Reply back = claiming.patch(claimed, new JsonObject().put("status", "QUEUED"));

    Refusals.refused("PATCH back into the queue", back, 422);
    assertThat(back.error()).contains("release");
  }

  @Test
  void limitsKeysPausesAndPrioritiesAreObeyed() {
    JsonObject queue = new JsonObject().put("queue", new JsonObject().put("name", "q"));
    caller.trigger("t", queue.copy().put("concurrencyKey", "a"));
    caller.trigger("u", queue.copy().put("concurrencyKey", "a"));
    String urgent =
        caller.trigger("t", queue.copy().put("concurrencyKey", "a").put("priority", 3_600));
    String other = caller.trigger("t", queue.copy().put("concurrencyKey", "b"));
    String path = "/api/v1/queues/q";
    JsonObject custom = new JsonObject().put("type", "custom");
    caller.call("POST", path + "/concurrency/override", custom.copy().put("concurrencyLimit", 1));
    caller.call("POST", path + "/pause", custom.copy().put("action", "pause"));

    assertThat(claiming.claim("q", 10)).isEmpty();
    caller.call("POST", path + "/pause", custom.copy().put("action", "resume"));
    List<JsonObject> claimed = claiming.claim("q", 10);
    assertThat(ids(claimed)).containsExactly(urgent, other);
    assertThat(claiming.claim("q", 10)).isEmpty();
    claiming.patch(claimed.get(0), done());

    assertThat(claiming.claim("q", 10)).hasSize(1);
    assertThat(claiming.claim("elsewhere", 10)).isEmpty();
  }

  @Test
  void theToolAndClaimsShareALimitAndNoRun() {
    caller.register(
        "h",
        new JsonArray()
            .add(
                DevWorker.task("t")
                    .put("queue", new JsonObject().put("name", "q").put("concurrencyLimit", 2))),
        new JsonArray());
    String first = caller.trigger("t");
    String second = caller.trigger("t");
    caller.trigger("t");

    assertThat(ids(claiming.claim("q", 1))).containsExactly(first);
    assertThat(caller.dequeue()).extracting(DevWorker.Given::run).containsExactly(second);
    assertThat(claiming.claim("q", 10)).isEmpty();
    assertThat(caller.dequeue()).isEmpty();
  }

  @Test
  void keysOfAQueueTakeTurnsHoweverManyRunsOneHas() {
    JsonObject queue = new JsonObject().put("queue", new JsonObject().put("name", "q"));
    for (int i = 0; i < 6; i++) {
      caller.trigger("t", queue.copy().put("concurrencyKey", "busy"));
    }
    for (String key : List.of("a", "c", "z")) {
      caller.trigger("t", queue.copy().put("concurrencyKey", key));
    }

    List<String> keys = new ArrayList<>();
    for (int i = 0; i < 9; i++) {
      keys.add(claiming.claim("q", 1).get(0).getString("concurrencyKey"));
    }

    assertThat(keys.subList(0, 4)).containsExactly("a", "busy", "c", "z");
    assertThat(keys.subList(4, 9)).containsOnly("busy");
  }

  @Test
  void theSameRequestIsGivenTheSame() {
    caller.trigger("t");
    caller.trigger("t");

    List<JsonObject> first = claiming.claim("task%252Ft", 1, KEY, "k1");
    List<JsonObject> again = claiming.claim("task%252Ft", 1, KEY, "k1");
    List<JsonObject> other = claiming.claim("task%252Ft", 1, KEY, "k2");

    assertThat(again).isEqualTo(first).hasSize(1);
    assertThat(ids(other)).hasSize(1).doesNotContainAnyElementsOf(ids(first));
  }

  @Test
  void manyWhoClaimAtOnceAreGivenEachRunOnce() throws Exception {
    for (int i = 0; i < 60; i++) {
      caller.trigger("t", new JsonObject().put("concurrencyKey", "k" + i % 7));
    }
    List<String> claimed = new ArrayList<>();
    ExecutorService threads = Executors.newFixedThreadPool(8);
    try {
      List<Future<List<JsonObject>>> asked = new ArrayList<>();
      for (int i = 0; i < 30; i++) {
        asked.add(threads.submit(() -> claiming.claim("task%252Ft", 3)));
      }
      for (Future<List<JsonObject>> one : asked) {
        claimed.addAll(ids(one.get()));
      }
    } finally {
      threads.shutdown();
    }

    assertThat(claimed).doesNotHaveDuplicates().hasSize(60);
  }
}
