package dev.runcast.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** How long runs may wait whose task says so, and not their trigger. */
class TaskExpiryIT {
  @RegisterExtension final WholeServer server = new WholeServer();
  private final DevWorker worker = new DevWorker(server);

  @BeforeEach
  void start() {
    register("10m");
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

  /** The transaction may have taken a while. */
  private void assertLeft(String run, long seconds) {
    assertThat(left(run)).isBetween(seconds, seconds + 30);
  }

  @Test
  void aRunTakesTheTimeOfItsTask() {
    String run = worker.trigger("t");

    assertThat(worker.retrieve(run).getString("ttl")).isEqualTo("10m");
    assertLeft(run, 600);
    String inAQueue =
        worker.trigger(
            "t", new JsonObject().put("queue", new JsonObject().put("name", "of-its-own")));
    assertLeft(inAQueue, 600);
    assertThat(worker.retrieve(inAQueue).getString("queue")).isEqualTo("of-its-own");
  }

  @Test
  void whatTheTriggerSaysGoesBefore() {
    String run = worker.trigger("t", new JsonObject().put("ttl", "1h"));

    assertThat(worker.retrieve(run).getString("ttl")).isEqualTo("1h");
    assertLeft(run, 3_600);
  }

  @Test
  void aDelayedRunWaitsFromTheEndOfItsDelay() {
    assertLeft(worker.trigger("t", new JsonObject().put("delay", "2h")), 600);
  }

  @Test
  void theNewestBuildDecides() {
    register(30);
    assertLeft(worker.trigger("t"), 30);
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
    insert("run_sql", "1h30m");

    assertLeft("run_sql", 5_400);
  }

  private void insert(String id, String ttl) {
    server.postgres.execute(
        "insert into run (environment_id, id, task_identifier, ttl)"
            + " values ('env_dev', '%s', 'unknown', '%s')".formatted(id, ttl));
  }

  @Test
  void whatIsNoTimeExpiresNothingAndKeepsNobodyFromWriting() {
    insert("run_twice", "30m30m");
    insert("run_soon", "soon");
    insert("run_never", "9999999999w");

    assertLeft("run_twice", 3_600);
    assertThat(server.query("select ref from due where kind = 'TTL'")).containsExactly("run_twice");
  }
}
