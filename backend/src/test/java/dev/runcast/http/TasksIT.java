package dev.runcast.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runcast.testing.Await;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What people are told of tasks and builds. */
class TasksIT {
  @RegisterExtension final WholeServer server = new WholeServer();
  private final DevWorker worker = new DevWorker(server);

  private JsonObject get(String path) {
    Caller.Reply reply = worker.call("GET", path, null);
    assertThat(reply.status()).as(reply.body()).isEqualTo(200);
    return new JsonObject(reply.body());
  }

  private static JsonObject schema() {
    return new JsonObject().put("type", "object").put("required", new JsonArray().add("to"));
  }

  private void register(String hash) {
    JsonObject task =
        DevWorker.task("mail")
            .put("exportName", "mail")
            .put("queue", new JsonObject().put("name", "mails"))
            .put("retry", new JsonObject().put("maxAttempts", 3))
            .put("machine", new JsonObject().put("preset", "small-1x"))
            .put("payloadSchema", schema());
    worker.register(hash, new JsonArray().add(task), new JsonArray());
  }

  @Test
  void aTaskIsToldAsItsNewestBuildHasIt() {
    register("h1");
    register("h2");
    String run = worker.trigger("mail");

    JsonObject mail = get("/api/v1/tasks/mail");

    JsonObject build = mail.getJsonObject("build");
    assertThat(build.getString("filePath")).isEqualTo("mail.ts");
    assertThat(build.getString("queue")).isEqualTo("mails");
    assertThat(build.getString("machine")).isEqualTo("small-1x");
    assertThat(build.getInteger("maxAttempts")).isEqualTo(3);
    assertThat(build.getJsonObject("retry").getInteger("maxAttempts")).isEqualTo(3);
    assertThat(build.getJsonObject("payloadSchema")).isEqualTo(schema());
    assertThat(build.getBoolean("current")).isTrue();
    assertThat(mail.getJsonObject("lastRun").getString("id")).isEqualTo(run);
    assertThat(mail.getJsonObject("lastRun").getString("status")).isEqualTo("QUEUED");
    JsonArray builds = mail.getJsonArray("builds");
    assertThat(builds).hasSize(2);
    assertThat(builds.getJsonObject(0).getString("version"))
        .isEqualTo(build.getString("version"))
        .isNotEqualTo(builds.getJsonObject(1).getString("version"));
  }

  @Test
  void tasksThatWereOnlyTriggeredAreListedToo() {
    register("h");
    worker.trigger("stray");

    JsonObject list = get("/api/v1/tasks");

    JsonArray data = list.getJsonArray("data");
    assertThat(data).hasSize(2);
    assertThat(data.getJsonObject(0).getString("id")).isEqualTo("mail");
    assertThat(data.getJsonObject(0).containsKey("lastRun")).isFalse();
    JsonObject stray = data.getJsonObject(1);
    assertThat(stray.getString("id")).isEqualTo("stray");
    assertThat(stray.containsKey("build")).isFalse();
    JsonObject hour = stray.getJsonObject("activity").getJsonArray("hours").getJsonObject(0);
    assertThat(hour.getJsonObject("runs")).isEqualTo(new JsonObject().put("QUEUED", 1));
    assertThat(stray.getJsonObject("activity").getInstant("since")).isBefore(hour.getInstant("at"));
    assertThat(worker.call("GET", "/api/v1/tasks/nobodys", null).status()).isEqualTo(404);
  }

  @Test
  void ofMoreRunsThanAreLookedAtItIsToldSinceWhen() {
    server.postgres.execute(
        """
        insert into run (environment_id, id, task_identifier, created_at)
          select 'env_dev', 'run_' || i, 'busy', now() - i * interval '1 s'
          from generate_series(1, 600) i""");

    JsonObject activity = get("/api/v1/tasks/busy").getJsonObject("activity");

    assertThat(activity.getInstant("since")).isAfter(Instant.now().minusSeconds(3_000));
  }

  @Test
  void buildsAreListedWithWhenTheyWereHeardOf() {
    register("h");
    JsonObject before = get("/api/v1/workers").getJsonArray("data").getJsonObject(0);
    worker.dequeue();
    // It is noted beside the answer, not before it.
    Await.until(
        "the contact to be noted",
        () -> server.query("select count(*) from presence").contains("1"));
    JsonObject after = get("/api/v1/workers").getJsonArray("data").getJsonObject(0);

    assertThat(before.containsKey("heardAt")).isFalse();
    assertThat(before.getInteger("tasks")).isEqualTo(1);
    assertThat(after.getInstant("heardAt")).isAfter(Instant.now().minusSeconds(60));
    assertThat(after.getString("version"))
        .isEqualTo(get("/api/v1/tasks/mail").getJsonObject("build").getString("version"));
  }
}
