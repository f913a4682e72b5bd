package dev.runcast.http;

import static dev.runcast.testing.Await.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.runcast.engine.Limits;
import dev.runcast.engine.Runs;
import dev.runcast.engine.execution.Bounds;
import dev.runcast.engine.execution.Lapses;
import dev.runcast.http.Caller.Reply;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Runs that workers of any kind claim, and what they may say of them. */
class ClaimsIT {
  private static final String KEY = "x-trigger-request-idempotency-key";

  private WholeServer server;
  private DevWorker caller;

  @BeforeEach
  void start() {
    server = new WholeServer();
    caller = new DevWorker(server);
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private List<JsonObject> claim(String queue, int most, String... headers) {
    JsonObject body = new JsonObject().put("max", most).put("for", "1h").put("worker", "w");
    return runs(caller.call("POST", "/api/v1/queues/" + queue + "/claim", body, headers));
  }

  private static List<JsonObject> runs(Reply reply) {
    assertThat(reply.status()).as(reply.toString()).isEqualTo(200);
    return new JsonObject(reply.body())
        .getJsonArray("runs").stream().map(JsonObject.class::cast).toList();
  }

  /** Those of a task's own queue. */
  private List<JsonObject> claimOf(String task) {
    return runs(
        caller.call(
            "POST",
            "/api/v1/queues/" + task + "/claim",
            new JsonObject().put("type", "task").put("max", 10).put("for", "1h")));
  }

  private static List<String> ids(List<JsonObject> runs) {
    return runs.stream().map(run -> run.getString("id")).toList();
  }

  private Reply patch(JsonObject claimed, JsonObject change) {
    return caller.call(
        "PATCH",
        "/api/v1/runs/" + claimed.getString("id"),
        change.put("lease", claimed.getString("lease")));
  }

  private Reply lease(JsonObject claimed, String way, JsonObject body) {
    return caller.call(
        "POST",
        "/api/v1/runs/" + claimed.getString("id") + "/lease" + way,
        body.put("lease", claimed.getString("lease")));
  }

  private String status(JsonObject claimed) {
    return caller.retrieve(claimed.getString("id")).getString("status");
  }

  private String stored(String run) {
    return server.query("select status from run where id = '" + run + "'").get(0);
  }

  /** Has the leases end, and the engine look. */
  private void lapse() {
    server.postgres.execute(
        """
        update execution set lease_until = now() - interval '1 s';
        update due set at = now() - interval '1 s' where kind = 'EXECUTION'""");
    look();
  }

  private void passAnHour() {
    server.postgres.execute(
        """
        update execution set changed_at = changed_at - interval '1 h',
          lease_until = lease_until - interval '1 h', over_at = over_at - interval '1 h';
        update due set at = now() - interval '1 s' where kind = 'EXECUTION'""");
  }

  private void look() {
    Lapses lapses =
        new Lapses(server.database(), new Runs(Limits.DEFAULT), Bounds.DEFAULT, Instant::now);
    while (await(lapses.next())) {
      // Until nothing is due.
    }
  }

  private static JsonObject done() {
    return new JsonObject().put("status", "COMPLETED").put("output", 42);
  }

  @Test
  void aRunIsClaimedWorkedOnAndDone() {
    String run = caller.trigger("t", new JsonObject().put("tags", new JsonArray().add("a")));

    JsonObject claimed = claimOf("t").get(0);

    assertThat(claimed.getString("id")).isEqualTo(run);
    assertThat(claimed.getInteger("payload")).isEqualTo(1);
    assertThat(claimed.getInteger("attempt")).isEqualTo(1);
    assertThat(claimed.getString("lease")).startsWith("lease_");
    assertThat(Instant.parse(claimed.getString("leaseExpiresAt"))).isAfter(Instant.now());
    assertThat(status(claimed)).isEqualTo("EXECUTING");
    assertThat(claimOf("t")).as("it is taken").isEmpty();
    JsonObject more = new JsonObject().put("metadata", new JsonObject().put("n", 1));
    assertThat(patch(claimed, more).status()).isEqualTo(200);
    assertThat(patch(claimed, done()).status()).isEqualTo(200);
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
    JsonObject claimed = claimOf("t").get(0);
    String path = "/api/v1/runs/" + claimed.getString("id");

    Reply without = caller.call("PATCH", path, done());
    Reply other = caller.call("PATCH", path, done().put("lease", "lease_of_another"));

    Refusals.refused("PATCH without a lease", without, 422);
    assertThat(without.error()).contains("lease");
    Refusals.refused("PATCH with another lease", other, 412);
    assertThat(status(claimed)).isEqualTo("EXECUTING");
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
    assertThat(claimOf("t")).isEmpty();
  }

  @Test
  void aPausedWorkerDoesNotOverwriteItsSuccessor() {
    caller.trigger("t");
    JsonObject first = claimOf("t").get(0);
    lapse();
    assertThat(stored(first.getString("id"))).isEqualTo("RETRYING_AFTER_FAILURE");
    server.postgres.execute("update due set at = now() - interval '1 s'");
    look();
    JsonObject second = claimOf("t").get(0);

    assertThat(second.getInteger("attempt")).isEqualTo(2);
    Refusals.refused("PATCH too late", patch(first, done()), 412);
    Refusals.refused("extension too late", lease(first, "", new JsonObject()), 412);
    Refusals.refused("release too late", lease(first, "/release", new JsonObject()), 412);
    assertThat(status(second)).isEqualTo("EXECUTING");
    assertThat(patch(second, done()).status()).isEqualTo(200);
    Refusals.refused("PATCH much too late", patch(first, done()), 412);
  }

  @Test
  void aRunWhoseLeasesLapseEndsWithAReason() {
    caller.trigger("t");
    for (int attempt = 1; attempt <= 3; attempt++) {
      assertThat(claimOf("t").get(0).getInteger("attempt")).isEqualTo(attempt);
      lapse();
      server.postgres.execute("update due set at = now() - interval '1 s'");
      look();
    }

    assertThat(claimOf("t")).isEmpty();
    assertThat(server.query("select status from run")).containsExactly("SYSTEM_FAILURE");
    assertThat(server.query("select error from run").get(0)).contains("attempt 3 of 3");
  }

  @Test
  void aRunThatTakesLongerThanItsMaxDurationIsTimedOut() {
    String run = caller.trigger("t", new JsonObject().put("maxDuration", 60));
    JsonObject claimed = claimOf("t").get(0);
    JsonObject extended =
        new JsonObject(lease(claimed, "", new JsonObject().put("for", "1h")).body());
    for (JsonObject lease : List.of(claimed, extended)) {
      assertThat(Instant.parse(lease.getString("leaseExpiresAt")))
          .as("no lease is longer")
          .isBefore(Instant.now().plusSeconds(61));
    }
    passAnHour();

    Reply late = lease(claimed, "", new JsonObject().put("for", "1h"));
    look();

    Refusals.refused("extension beyond it", late, 412);
    assertThat(late.error()).contains("maxDuration");
    assertThat(status(claimed)).isEqualTo("TIMED_OUT");
    assertThat(caller.retrieve(run).getJsonObject("error").getString("message"))
        .contains("60 seconds", "attempt 1", "worker without a name");
    Reply patched = patch(claimed, done());
    Refusals.refused("PATCH after it", patched, 412);
    assertThat(patched.error()).contains("TIMED_OUT");
    Refusals.refused("extension after it", lease(claimed, "", new JsonObject()), 412);
    assertThat(claimOf("t")).as("it is not tried again").isEmpty();
    assertThat(server.query("select status, lease from execution"))
        .containsExactly("FINISHED null");
  }

  @Test
  void aLeaseThatLapsesBeforeMaxDurationIsOverIsAFailedAttempt() {
    caller.register(
        "h", new JsonArray().add(DevWorker.task("t").put("maxDuration", 7_200)), new JsonArray());
    caller.trigger("t");
    JsonObject claimed = claimOf("t").get(0);
    assertThat(claimed.getInteger("maxDuration")).isEqualTo(7_200);
    assertThat(server.query("select over_at - changed_at from execution"))
        .as("as its task says")
        .containsExactly("02:00:00");

    lapse();

    assertThat(stored(claimed.getString("id"))).isEqualTo("RETRYING_AFTER_FAILURE");
  }

  @Test
  void whatPlainSqlMakesOfAClaimedRunHoldsUpNothing() {
    caller.trigger("t");
    String paused = claimOf("t").get(0).getString("id");
    caller.trigger("t");
    String queued = claimOf("t").get(0).getString("id");
    server.postgres.execute("update run set status = 'PAUSED' where id = '" + paused + "'");
    server.postgres.execute("update run set status = 'PENDING' where id = '" + queued + "'");
    assertThat(ids(claimOf("t"))).containsExactly(queued);

    lapse();

    assertThat(caller.retrieve(paused).getString("status")).isEqualTo("SYSTEM_FAILURE");
    assertThat(stored(queued)).isEqualTo("RETRYING_AFTER_FAILURE");
  }

  @Test
  void aClaimedRunThatPlainSqlHasPutOffStillEndsWhenItHasTakenTooLong() {
    caller.trigger("t", new JsonObject().put("maxDuration", 60));
    lease(claimOf("t").get(0), "", new JsonObject().put("for", "1h"));
    server.postgres.execute("update run set status = 'DELAYED'");
    passAnHour();
    look();
    assertThat(server.query("select status from run union all select status from execution"))
        .containsExactly("SYSTEM_FAILURE", "FINISHED");
  }

  @Test
  void theTaskSaysHowOftenItIsTriedAndTheTriggerSaysItLouder() {
    caller.register(
        "h",
        new JsonArray()
            .add(DevWorker.task("t").put("retry", new JsonObject().put("maxAttempts", 1))),
        new JsonArray());
    String once = caller.trigger("t");
    String twice = caller.trigger("t", new JsonObject().put("maxAttempts", 2));
    claimOf("t");

    lapse();

    assertThat(caller.retrieve(once).getString("status")).isEqualTo("SYSTEM_FAILURE");
    assertThat(stored(twice)).isEqualTo("RETRYING_AFTER_FAILURE");
  }

  @Test
  void aLeaseThatIsExtendedDoesNotLapse() {
    caller.trigger("t");
    JsonObject claimed = claimOf("t").get(0);
    server.postgres.execute(
        """
        update execution set lease_until = now() - interval '1 s';
        update due set at = now() - interval '1 s'""");

    Reply extended = lease(claimed, "", new JsonObject().put("for", "30m"));
    look();

    assertThat(extended.status()).as(extended.toString()).isEqualTo(200);
    assertThat(status(claimed)).isEqualTo("EXECUTING");
    assertThat(
            server.query(
                "select count(*) from due where kind = 'EXECUTION' and at > now() + interval '20 m'"))
        .containsExactly("1");
    assertThat(lease(claimed, "", new JsonObject().put("for", "1s")).status()).isEqualTo(200);
    assertThat(
            server.query(
                "select count(*) from due where kind = 'EXECUTION' and at < now() + interval '2 s'"))
        .as("sooner")
        .containsExactly("1");
  }

  @Test
  void whatIsGivenBackIsClaimedAgainAsIfItHadNotBeen() {
    caller.trigger("t");
    JsonObject claimed = claimOf("t").get(0);

    Reply released = lease(claimed, "/release", new JsonObject());

    assertThat(released.status()).as(released.toString()).isEqualTo(200);
    assertThat(
            server.query(
                "select attempt_count || ' ' || (started_at is null) from run where id = '"
                    + claimed.getString("id")
                    + "'"))
        .as("as if it had not been claimed")
        .containsExactly("0 true");
    assertThat(status(claimed)).isEqualTo("QUEUED");
    assertThat(claimOf("t").get(0).getInteger("attempt")).isEqualTo(1);
  }

  @Test
  void whatIsGivenBackExpiresAsIfItHadNotBeenClaimed() {
    caller.trigger("t", new JsonObject().put("ttl", "1h"));
    JsonObject claimed = claimOf("t").get(0);
    server.postgres.execute("delete from due where kind = 'TTL'");

    assertThat(lease(claimed, "/release", new JsonObject()).status()).isEqualTo(200);

    assertThat(
            server.query(
                "select due.at = created_at + interval '1 h' from due join run on run.id = due.ref"
                    + " where kind = 'TTL'"))
        .containsExactly("t");
  }

  @Test
  void anAttemptThatHasFailedIsFollowedByAnotherAndTheLastOneTellsWhy() {
    caller.trigger("t", new JsonObject().put("maxAttempts", 2));
    JsonObject error = new JsonObject().put("message", "no such address");

    Reply first = lease(claimOf("t").get(0), "/release", new JsonObject().put("error", error));
    assertThat(new JsonObject(first.body()).getString("status")).isEqualTo("EXECUTING");
    assertThat(server.query("select status from run")).containsExactly("RETRYING_AFTER_FAILURE");
    assertThat(Instant.parse(new JsonObject(first.body()).getString("retryAt")))
        .isAfter(Instant.now().minusSeconds(60));
    server.postgres.execute("update due set at = now() - interval '1 s'");
    look();
    Reply last = lease(claimOf("t").get(0), "/release", new JsonObject().put("error", error));

    assertThat(new JsonObject(last.body()).getString("status")).isEqualTo("FAILED");
    assertThat(server.query("select error from run").get(0)).contains("no such address");
  }

  @Test
  void aRunThatIsCancelledIsLetGoOf() {
    caller.trigger("t");
    JsonObject claimed = claimOf("t").get(0);
    String run = claimed.getString("id");
    caller.call("POST", "/api/v2/runs/" + run + "/cancel", new JsonObject());

    Reply extended = lease(claimed, "", new JsonObject());
    Refusals.refused("extension of a cancelled run", extended, 412);
    assertThat(extended.error()).contains("CANCELED");
    Refusals.refused("PATCH of a cancelled run", patch(claimed, done()), 412);
    assertThat(lease(claimed, "/release", new JsonObject()).status()).isEqualTo(200);

    assertThat(status(claimed)).isEqualTo("CANCELED");
    assertThat(server.query("select status from execution")).containsExactly("FINISHED");
  }

  @Test
  void aWorkerDoesNotPutItsRunBackByAChange() {
    caller.trigger("t");
    JsonObject claimed = claimOf("t").get(0);

    Reply back = patch(claimed, new JsonObject().put("status", "QUEUED"));

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

    assertThat(claim("q", 10)).isEmpty();
    caller.call("POST", path + "/pause", custom.copy().put("action", "resume"));
    List<JsonObject> claimed = claim("q", 10);
    assertThat(ids(claimed)).containsExactly(urgent, other);
    assertThat(claim("q", 10)).isEmpty();
    patch(claimed.get(0), done());

    assertThat(claim("q", 10)).hasSize(1);
    assertThat(claim("elsewhere", 10)).isEmpty();
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

    assertThat(ids(claim("q", 1))).containsExactly(first);
    assertThat(caller.dequeue()).extracting(DevWorker.Given::run).containsExactly(second);
    assertThat(claim("q", 10)).isEmpty();
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
      keys.add(claim("q", 1).get(0).getString("concurrencyKey"));
    }

    assertThat(keys.subList(0, 4)).containsExactly("a", "busy", "c", "z");
    assertThat(keys.subList(4, 9)).containsOnly("busy");
  }

  @Test
  void theSameRequestIsGivenTheSame() {
    caller.trigger("t");
    caller.trigger("t");

    List<JsonObject> first = claim("task%252Ft", 1, KEY, "k1");
    List<JsonObject> again = claim("task%252Ft", 1, KEY, "k1");
    List<JsonObject> other = claim("task%252Ft", 1, KEY, "k2");

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
      List<Future<List<JsonObject>>> claiming = new ArrayList<>();
      for (int i = 0; i < 30; i++) {
        claiming.add(threads.submit(() -> claim("task%252Ft", 3)));
      }
      for (Future<List<JsonObject>> one : claiming) {
        claimed.addAll(ids(one.get()));
      }
    } finally {
      threads.shutdown();
    }

    assertThat(claimed).doesNotHaveDuplicates().hasSize(60);
  }
}
