package dev.runcast.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runcast.http.DevWorker.Given;
import dev.runcast.testing.Await;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What people are told of how a run goes. */
class CourseIT {
  @RegisterExtension final WholeServer server = new WholeServer();
  private final DevWorker worker = new DevWorker(server);

  private JsonObject course(String run) {
    Caller.Reply reply = worker.call("GET", "/api/v1/runs/" + run + "/execution", null);
    assertThat(reply.status()).as(reply.body()).isEqualTo(200);
    return new JsonObject(reply.body());
  }

  private JsonObject holdup(String run) {
    return course(run).getJsonObject("holdup");
  }

  private String reason(String run) {
    return holdup(run).getString("reason");
  }

  private void register(String task, JsonObject more) {
    worker.register(task, new JsonArray().add(DevWorker.task(task).mergeIn(more)), new JsonArray());
  }

  @Test
  void attemptsAreToldWithTheirErrors() {
    register("t", new JsonObject().put("retry", new JsonObject().put("maxAttempts", 2)));
    String run = worker.trigger("t");
    Given given = worker.dequeue().get(0);
    String snapshot = worker.begin(given);
    JsonObject begun = course(run).getJsonArray("attempts").getJsonObject(0);
    assertThat(begun.getInteger("number")).isEqualTo(1);
    assertThat(begun.getString("version")).isEqualTo(given.version());
    assertThat(begun.containsKey("endedAt")).isFalse();

    JsonObject retry =
        new JsonObject().put("timestamp", System.currentTimeMillis()).put("delay", 1);
    worker.end(run, snapshot, DevWorker.failure().put("retry", retry));
    JsonObject failed = course(run).getJsonArray("attempts").getJsonObject(0);
    assertThat(failed.getInstant("endedAt")).isNotNull();
    assertThat(failed.getInstant("retryAt")).isNotNull();
    assertThat(failed.getJsonObject("error").getString("message")).isEqualTo("m");

    String again = worker.begin(run, DevWorker.snapshot(worker.latest(run)));
    worker.end(run, again, DevWorker.success("1"));
    JsonArray attempts = course(run).getJsonArray("attempts");
    assertThat(attempts).hasSize(2);
    assertThat(attempts.getJsonObject(1).getInstant("endedAt")).isNotNull();
    assertThat(attempts.getJsonObject(1).containsKey("error")).isFalse();
    assertThat(course(run).containsKey("holdup")).isFalse();
  }

  @Test
  void anAttemptThatNobodyEndsHasEndedWithItsRun() {
    register("t", new JsonObject());
    String run = worker.trigger("t");
    worker.begin(worker.dequeue().get(0));
    server.postgres.execute(
        "update run set status = 'CRASHED', error = '{\"message\":\"gone\"}' where id = '%s'"
            .formatted(run));

    JsonObject attempt = course(run).getJsonArray("attempts").getJsonObject(0);

    assertThat(attempt.getInstant("endedAt")).isNotNull();
    assertThat(attempt.getJsonObject("error").getString("message")).isEqualTo("gone");
  }

  @Test
  void attemptsGoWithTheirRun() {
    register("t", new JsonObject());
    String run = worker.trigger("t");
    worker.begin(worker.dequeue().get(0));
    assertThat(server.query("select count(*) from attempt")).containsExactly("1");

    server.postgres.execute("update run set status = 'DELETED' where id = '" + run + "'");

    assertThat(server.query("select count(*) from attempt")).containsExactly("0");
    assertThat(worker.call("GET", "/api/v1/runs/" + run + "/execution", null).status())
        .isEqualTo(404);
  }

  @Test
  void whatARunWaitsForIsToldUntilItHasEnded() {
    worker.register("h", "t", "child");
    String run = worker.trigger("t");
    worker.begin(worker.dequeue().get(0));
    String child =
        worker.trigger(
            "child",
            new JsonObject().put("parentRunId", run).put("resumeParentOnCompletion", true));

    JsonObject wait = course(run).getJsonArray("waits").getJsonObject(0);
    assertThat(wait)
        .isEqualTo(
            new JsonObject()
                .put("kind", "RUN")
                .put("id", child)
                .put("taskIdentifier", "child")
                .put("status", "QUEUED")
                .put("ended", false));
    server.postgres.execute("update run set status = 'CANCELED' where id = '" + child + "'");
    assertThat(course(run).getJsonArray("waits").getJsonObject(0).getBoolean("ended")).isTrue();
    server.postgres.execute("update run set status = 'CANCELED' where id = '" + run + "'");
    assertThat(course(run).getJsonArray("waits")).isEmpty();
  }

  @Test
  void aWaitForWhatIsSentInIsToldByItsName() {
    register("t", new JsonObject());
    String run = worker.trigger("t");
    worker.begin(worker.dequeue().get(0));
    String asked = "/api/v1/runs/" + run + "/input-streams/wait";
    JsonObject made =
        new JsonObject(
            worker
                .call("POST", asked, new JsonObject().put("streamId", "chat").put("timeout", "1h"))
                .body());
    String waitpoint = made.getString("waitpointId");
    worker.call(
        "POST", "/engine/v1/runs/" + run + "/waitpoints/tokens/" + waitpoint + "/wait", null);

    JsonObject course = course(run);
    assertThat(course.getString("status")).isEqualTo("EXECUTING_WITH_WAITPOINTS");
    assertThat(course.getInstant("since")).isNotNull();
    JsonObject wait = course.getJsonArray("waits").getJsonObject(0);
    assertThat(wait.getString("kind")).isEqualTo("MANUAL");
    assertThat(wait.getString("id")).isEqualTo(waitpoint);
    assertThat(wait.getString("input")).isEqualTo("chat");
    assertThat(wait.getInstant("until")).isNotNull();
  }

  @Test
  void whatHoldsARunUpIsToldByWhatHasToGoFirst() {
    String stray = worker.trigger("stray");
    assertThat(reason(stray)).isEqualTo("NO_TASK");
    JsonObject queue = new JsonObject().put("name", "q").put("concurrencyLimit", 1);
    register("t", new JsonObject().put("queue", queue));
    String first = worker.trigger("t");
    assertThat(reason(first)).isEqualTo("NO_WORKER");
    server.postgres.execute(
        "insert into presence (environment_id, worker_id) select environment_id, id from worker");
    assertThat(reason(first)).isEqualTo("TURN");

    String second = worker.trigger("t");
    String third = worker.trigger("t");
    worker.begin(worker.dequeue().get(0));
    assertThat(reason(second)).isEqualTo("QUEUE_LIMIT");
    assertThat(holdup(third).getInteger("ahead")).isEqualTo(1);
    assertThat(holdup(third).getInteger("running")).isEqualTo(1);
    assertThat(holdup(third).getInteger("limit")).isEqualTo(1);
    String keyed = worker.trigger("t", new JsonObject().put("concurrencyKey", "user-1"));
    assertThat(reason(keyed)).isEqualTo("TURN");

    server.postgres.execute("update queue set paused = true where name = 'q'");
    assertThat(reason(second)).isEqualTo("QUEUE_PAUSED");
    String delayed = worker.trigger("t", new JsonObject().put("delay", "1h"));
    assertThat(reason(delayed)).isEqualTo("DELAY");
    String debounced =
        worker.trigger(
            "unknown",
            new JsonObject().put("debounce", new JsonObject().put("key", "k").put("delay", "1h")));
    assertThat(reason(debounced)).isEqualTo("DEBOUNCE");
    assertThat(holdup(debounced).getInstant("until")).isNotNull();
    assertThat(holdup(delayed).getInstant("until")).isNotNull();
    String bound = worker.trigger("t", new JsonObject().put("version", "20000101.1"));
    server.postgres.execute(
        "update run set status = 'PENDING_VERSION', locked_version = '20000101.1' where id = '%s'"
            .formatted(bound));
    assertThat(reason(bound)).isEqualTo("NO_BUILD");
    assertThat(holdup(bound).getString("version")).isEqualTo("20000101.1");
  }

  /** Presence is noted beside the answer, not before it. */
  private void awaitReason(String run, String reason) {
    Await.until("the run to wait for " + reason, () -> reason(run).equals(reason));
  }

  private JsonObject claim(String task) {
    Caller.Reply reply =
        worker.call(
            "POST", "/api/v1/queues/" + task + "/claim", new JsonObject().put("type", "task"));
    assertThat(reply.status()).as(reply.body()).isEqualTo(200);
    JsonArray runs = new JsonObject(reply.body()).getJsonArray("runs");
    return runs.isEmpty() ? new JsonObject() : runs.getJsonObject(0);
  }

  @Test
  void whoClaimsFromItsQueueIsThereForARun() {
    register("t", new JsonObject());
    String elsewhere = worker.trigger("t");
    JsonObject claimed = claim("stray");
    assertThat(claimed).as("to ask is enough").isEmpty();
    String stray = worker.trigger("stray");
    awaitReason(stray, "TURN");
    assertThat(reason(elsewhere)).as("of another queue").isEqualTo("NO_WORKER");

    server.postgres.execute("update presence set heard_at = now() - interval '1 min'");

    assertThat(reason(stray)).isEqualTo("NO_TASK");
  }

  @Test
  void aToolThatHasAsManyRunsAsItTakesIsThereToo() {
    register("t", new JsonObject());
    String held = worker.trigger("t");
    Caller.Reply given =
        worker.call(
            "POST",
            "/engine/v1/dev/dequeue",
            new JsonObject().put("currentWorker", "worker_of_before"));
    assertThat(given.body()).contains(held);
    String next = worker.trigger("t");
    assertThat(reason(next)).isEqualTo("NO_WORKER");

    worker.latest(held);

    awaitReason(next, "TURN");
  }

  @Test
  void whoWorksOnARunOfItsQueueIsThereToo() {
    assertThat(claim("elsewhere")).isEmpty();
    String held = worker.trigger("stray");
    server.postgres.execute(
        """
        update execution set status = 'EXECUTING', lease = 'lease_a',
          lease_until = now() + interval '1 min'""");
    String next = worker.trigger("stray");
    assertThat(reason(next)).isEqualTo("NO_TASK");

    worker.call(
        "POST", "/api/v1/runs/" + held + "/lease", new JsonObject().put("lease", "lease_a"));

    awaitReason(next, "TURN");
  }
}
