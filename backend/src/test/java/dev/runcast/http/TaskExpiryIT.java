package dev.runcast.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** How long runs may wait whose task says so, and not their trigger. */
class TaskExpiryIT {
  private WholeServer server;
  private DevWorker worker;

  @BeforeEach
  void start() {
    server = new WholeServer();
    worker = new DevWorker(server);
    register("10m");
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private void register(Object ttl) {
    worker.register(
        "h" + ttl,
        new JsonArray().add(DevWorker.task("t").put("ttl", ttl)).add(DevWorker.task("other")),
        new JsonArray());
  }

  /** How far off the end of a run is from when it may begin, in seconds. */
  private long left(String run) {
    return Long.parseLong(
        server
            .query(
                "select round(extract(epoch from due.at - coalesce(run.delay_until, run.created_at)))"
                    + " from due join run on run.id = due.ref where kind = 'TTL' and ref = '"
                    + run
                    + "'")
            .get(0));
  }

  @Test
  void aRunTakesTheTimeOfItsTask() {
    String run = worker.trigger("t");

    assertThat(worker.retrieve(run).getString("ttl")).isEqualTo("10m");
    assertThat(left(run)).isEqualTo(600);
    String inAQueue =
        worker.trigger(
            "t", new JsonObject().put("queue", new JsonObject().put("name", "of-its-own")));
    assertThat(left(inAQueue)).isEqualTo(600);
    assertThat(worker.retrieve(inAQueue).getString("queue")).isEqualTo("of-its-own");
  }

  @Test
  void whatTheTriggerSaysGoesBefore() {
    String run = worker.trigger("t", new JsonObject().put("ttl", "1h"));

    assertThat(worker.retrieve(run).getString("ttl")).isEqualTo("1h");
    assertThat(left(run)).isEqualTo(3_600);
  }

  @Test
  void aDelayedRunWaitsFromTheEndOfItsDelay() {
    assertThat(left(worker.trigger("t", new JsonObject().put("delay", "2h")))).isEqualTo(600);
  }

  @Test
  void theNewestBuildDecides() {
    register(30);
    assertThat(left(worker.trigger("t"))).isEqualTo(30);
    register(null);
    String run = worker.trigger("t");
    assertThat(worker.retrieve(run).containsKey("ttl")).isFalse();
    assertThat(server.query("select from due where kind = 'TTL'")).hasSize(1);
  }

  @Test
  void aTaskThatSaysNothingHasRunsThatWait() {
    worker.trigger("other");

    assertThat(server.query("select from due where kind = 'TTL'")).isEmpty();
  }

  @Test
  void whoeverMakesTheRunItExpires() {
    server.postgres.execute(
        "insert into run (environment_id, id, task_identifier, ttl)"
            + " values ('env_dev', 'run_sql', 'unknown', '1h30m')");

    assertThat(left("run_sql")).isEqualTo(5_400);
  }
}
