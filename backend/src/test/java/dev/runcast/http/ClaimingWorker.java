package dev.runcast.http;

import static dev.runcast.testing.Await.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.runcast.engine.Limits;
import dev.runcast.engine.Runs;
import dev.runcast.engine.execution.Bounds;
import dev.runcast.engine.execution.Lapses;
import dev.runcast.http.Caller.Reply;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.List;

/** A worker in any language: it claims runs, and goes on with them under its leases. */
final class ClaimingWorker {
  private final WholeServer server;
  private final DevWorker caller;

  ClaimingWorker(WholeServer server, DevWorker caller) {
    this.server = server;
    this.caller = caller;
  }

  List<JsonObject> claim(String queue, int most, String... headers) {
    JsonObject body = new JsonObject().put("max", most).put("for", "1h").put("worker", "w");
    return runs(caller.call("POST", "/api/v1/queues/" + queue + "/claim", body, headers));
  }

  private static List<JsonObject> runs(Reply reply) {
    assertThat(reply.status()).as(reply.toString()).isEqualTo(200);
    return new JsonObject(reply.body())
        .getJsonArray("runs").stream().map(JsonObject.class::cast).toList();
  }

  /** Those of a task's own queue. */
  List<JsonObject> claimOf(String task) {
    return runs(
        caller.call(
            "POST",
            "/api/v1/queues/" + task + "/claim",
            new JsonObject().put("type", "task").put("max", 10).put("for", "1h")));
  }

  static List<String> ids(List<JsonObject> runs) {
    return runs.stream().map(run -> run.getString("id")).toList();
  }

  Reply patch(JsonObject claimed, JsonObject change) {
    return caller.call(
        "PATCH",
        "/api/v1/runs/" + claimed.getString("id"),
        change.put("lease", claimed.getString("lease")));
  }

  Reply lease(JsonObject claimed, String way, JsonObject body) {
    return caller.call(
        "POST",
        "/api/v1/runs/" + claimed.getString("id") + "/lease" + way,
        body.put("lease", claimed.getString("lease")));
  }

  String status(JsonObject claimed) {
    return caller.retrieve(claimed.getString("id")).getString("status");
  }

  String stored(String run) {
    return server.query("select status from run where id = '" + run + "'").get(0);
  }

  /** Has the leases end, and the engine look. */
  void lapse() {
    server.postgres.execute(
        """
        update execution set lease_until = now() - interval '1 s';
        update due set at = now() - interval '1 s' where kind = 'EXECUTION'""");
    look();
  }

  /** An hour goes by, for all that are claimed. */
  void passAnHour() {
    server.postgres.execute(
        """
        update execution set changed_at = changed_at - interval '1 h',
          lease_until = lease_until - interval '1 h', over_at = over_at - interval '1 h';
        update due set at = now() - interval '1 s' where kind = 'EXECUTION'""");
  }

  /** Has the engine look at what is due. */
  void look() {
    Lapses lapses =
        new Lapses(server.database(), new Runs(Limits.DEFAULT), Bounds.DEFAULT, Instant::now);
    while (await(lapses.next())) {
      // Until nothing is due.
    }
  }

  static JsonObject done() {
    return new JsonObject().put("status", "COMPLETED").put("output", 42);
  }
}
