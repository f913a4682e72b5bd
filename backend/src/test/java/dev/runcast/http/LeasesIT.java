package dev.runcast.http;

import static dev.runcast.http.ClaimingWorker.done;
import static dev.runcast.http.ClaimingWorker.ids;
import static org.assertj.core.api.Assertions.assertThat;

import dev.runcast.http.Caller.Reply;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What becomes of runs that are claimed: leases are extended, given back, or lapse. */
class LeasesIT {
  @RegisterExtension final WholeServer server = new WholeServer();
  private final DevWorker caller = new DevWorker(server);
  private final ClaimingWorker claiming = new ClaimingWorker(server, caller);

  @Test
  void aPausedWorkerDoesNotOverwriteItsSuccessor() {
    caller.trigger("t");
    JsonObject first = claiming.claimOf("t").get(0);
    claiming.lapse();
    assertThat(claiming.stored(first.getString("id"))).isEqualTo("RETRYING_AFTER_FAILURE");
    server.postgres.execute("update due set at = now() - interval '1 s'");
    claiming.look();
    JsonObject second = claiming.claimOf("t").get(0);

    assertThat(second.getInteger("attempt")).isEqualTo(2);
    Refusals.refused("PATCH too late", claiming.patch(first, done()), 412);
    Refusals.refused("extension too late", claiming.lease(first, "", new JsonObject()), 412);
    Refusals.refused("release too late", claiming.lease(first, "/release", new JsonObject()), 412);
    assertThat(claiming.status(second)).isEqualTo("EXECUTING");
    assertThat(claiming.patch(second, done()).status()).isEqualTo(200);
    Refusals.refused("PATCH much too late", claiming.patch(first, done()), 412);
  }

  @Test
  void aRunWhoseLeasesLapseEndsWithAReason() {
    caller.trigger("t");
    for (int attempt = 1; attempt <= 3; attempt++) {
      assertThat(claiming.claimOf("t").get(0).getInteger("attempt")).isEqualTo(attempt);
      claiming.lapse();
      server.postgres.execute("update due set at = now() - interval '1 s'");
      claiming.look();
    }

    assertThat(claiming.claimOf("t")).isEmpty();
    assertThat(server.query("select status from run")).containsExactly("SYSTEM_FAILURE");
    assertThat(server.query("select error from run").get(0)).contains("attempt 3 of 3");
  }

  @Test
  void aRunThatTakesLongerThanItsMaxDurationIsTimedOut() {
    String run = caller.trigger("t", new JsonObject().put("maxDuration", 60));
    JsonObject claimed = claiming.claimOf("t").get(0);
    JsonObject extended =
        new JsonObject(claiming.lease(claimed, "", new JsonObject().put("for", "1h")).body());
    for (JsonObject lease : List.of(claimed, extended)) {
      assertThat(Instant.parse(lease.getString("leaseExpiresAt")))
          .as("no lease is longer")
          .isBefore(Instant.now().plusSeconds(61));
    }
    claiming.passAnHour();

    Reply late = claiming.lease(claimed, "", new JsonObject().put("for", "1h"));
    claiming.look();

    Refusals.refused("extension beyond it", late, 412);
    assertThat(late.error()).contains("maxDuration");
    assertThat(claiming.status(claimed)).isEqualTo("TIMED_OUT");
    assertThat(caller.retrieve(run).getJsonObject("error").getString("message"))
        .contains("60 seconds", "attempt 1", "worker without a name");
    Reply patched = claiming.patch(claimed, done());
    Refusals.refused("PATCH after it", patched, 412);
    assertThat(patched.error()).contains("TIMED_OUT");
    Refusals.refused("extension after it", claiming.lease(claimed, "", new JsonObject()), 412);
    assertThat(claiming.claimOf("t")).as("it is not tried again").isEmpty();
    assertThat(server.query("select status, lease from execution"))
        .containsExactly("FINISHED null");
  }

  @Test
  void aLeaseThatLapsesBeforeMaxDurationIsOverIsAFailedAttempt() {
    caller.register(
        "h", new JsonArray().add(DevWorker.task("t").put("maxDuration", 7_200)), new JsonArray());
    caller.trigger("t");
    JsonObject claimed = claiming.claimOf("t").get(0);
    assertThat(claimed.getInteger("maxDuration")).isEqualTo(7_200);
    assertThat(server.query("select over_at - changed_at from execution"))
        .as("as its task says")
        .containsExactly("02:00:00");

    claiming.lapse();

    assertThat(claiming.stored(claimed.getString("id"))).isEqualTo("RETRYING_AFTER_FAILURE");
  }

  @Test
  void whatPlainSqlMakesOfAClaimedRunHoldsUpNothing() {
    caller.trigger("t");
    String paused = claiming.claimOf("t").get(0).getString("id");
    caller.trigger("t");
    String queued = claiming.claimOf("t").get(0).getString("id");
    server.postgres.execute("update run set status = 'PAUSED' where id = '" + paused + "'");
    server.postgres.execute("update run set status = 'PENDING' where id = '" + queued + "'");
    assertThat(ids(claiming.claimOf("t"))).containsExactly(queued);

    claiming.lapse();

    assertThat(caller.retrieve(paused).getString("status")).isEqualTo("SYSTEM_FAILURE");
    assertThat(claiming.stored(queued)).isEqualTo("RETRYING_AFTER_FAILURE");
  }

  @Test
  void aClaimedRunThatPlainSqlHasPutOffStillEndsWhenItHasTakenTooLong() {
    caller.trigger("t", new JsonObject().put("maxDuration", 60));
    claiming.lease(claiming.claimOf("t").get(0), "", new JsonObject().put("for", "1h"));
    server.postgres.execute("update run set status = 'DELAYED'");
    claiming.passAnHour();
    claiming.look();
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
    claiming.claimOf("t");

    claiming.lapse();

    assertThat(caller.retrieve(once).getString("status")).isEqualTo("SYSTEM_FAILURE");
    assertThat(claiming.stored(twice)).isEqualTo("RETRYING_AFTER_FAILURE");
  }

  @Test
  void aLeaseThatIsExtendedDoesNotLapse() {
    caller.trigger("t");
    JsonObject claimed = claiming.claimOf("t").get(0);
    server.postgres.execute(
        """
        update execution set lease_until = now() - interval '1 s';
        update due set at = now() - interval '1 s'""");

    Reply extended = claiming.lease(claimed, "", new JsonObject().put("for", "30m"));
    claiming.look();

    assertThat(extended.status()).as(extended.toString()).isEqualTo(200);
    assertThat(claiming.status(claimed)).isEqualTo("EXECUTING");
    assertThat(
            server.query(
                "select count(*) from due where kind = 'EXECUTION' and at > now() + interval '20 m'"))
        .containsExactly("1");
    assertThat(claiming.lease(claimed, "", new JsonObject().put("for", "1s")).status())
        .isEqualTo(200);
    assertThat(
            server.query(
                "select count(*) from due where kind = 'EXECUTION' and at < now() + interval '2 s'"))
        .as("sooner")
        .containsExactly("1");
  }

  @Test
  void whatIsGivenBackIsClaimedAgainAsIfItHadNotBeen() {
    caller.trigger("t");
    JsonObject claimed = claiming.claimOf("t").get(0);

    Reply released = claiming.lease(claimed, "/release", new JsonObject());

    assertThat(released.status()).as(released.toString()).isEqualTo(200);
    assertThat(
            server.query(
                "select attempt_count || ' ' || (started_at is null) from run where id = '"
                    + claimed.getString("id")
                    + "'"))
        .as("as if it had not been claimed")
        .containsExactly("0 true");
    assertThat(claiming.status(claimed)).isEqualTo("QUEUED");
    assertThat(claiming.claimOf("t").get(0).getInteger("attempt")).isEqualTo(1);
  }

  @Test
  void whatIsGivenBackExpiresAsIfItHadNotBeenClaimed() {
    caller.trigger("t", new JsonObject().put("ttl", "1h"));
    JsonObject claimed = claiming.claimOf("t").get(0);
    server.postgres.execute("delete from due where kind = 'TTL'");

    assertThat(claiming.lease(claimed, "/release", new JsonObject()).status()).isEqualTo(200);

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

    Reply first =
        claiming.lease(
            claiming.claimOf("t").get(0), "/release", new JsonObject().put("error", error));
    assertThat(new JsonObject(first.body()).getString("status")).isEqualTo("EXECUTING");
    assertThat(server.query("select status from run")).containsExactly("RETRYING_AFTER_FAILURE");
    assertThat(Instant.parse(new JsonObject(first.body()).getString("retryAt")))
        .isAfter(Instant.now().minusSeconds(60));
    server.postgres.execute("update due set at = now() - interval '1 s'");
    claiming.look();
    Reply last =
        claiming.lease(
            claiming.claimOf("t").get(0), "/release", new JsonObject().put("error", error));

    assertThat(new JsonObject(last.body()).getString("status")).isEqualTo("FAILED");
    assertThat(server.query("select error from run").get(0)).contains("no such address");
  }

  @Test
  void aRunThatIsCancelledIsLetGoOf() {
    caller.trigger("t");
    JsonObject claimed = claiming.claimOf("t").get(0);
    String run = claimed.getString("id");
    caller.call("POST", "/api/v2/runs/" + run + "/cancel", new JsonObject());

    Reply extended = claiming.lease(claimed, "", new JsonObject());
    Refusals.refused("extension of a cancelled run", extended, 412);
    assertThat(extended.error()).contains("CANCELED");
    Refusals.refused("PATCH of a cancelled run", claiming.patch(claimed, done()), 412);
    assertThat(claiming.lease(claimed, "/release", new JsonObject()).status()).isEqualTo(200);

    assertThat(claiming.status(claimed)).isEqualTo("CANCELED");
    assertThat(server.query("select status from execution")).containsExactly("FINISHED");
  }
}
