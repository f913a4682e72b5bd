package dev.runcast.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runcast.http.Caller.Reply;
import dev.runcast.http.DevWorker.Given;
import dev.runcast.testing.Await;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Workers that are gone, or have been started anew, and what becomes of the runs that they had. */
class LostWorkersIT {
  private WholeServer server;
  private DevWorker worker;
  private ExecutorService others;

  @BeforeEach
  void start() {
    server = new WholeServer();
    worker = new DevWorker(server);
    others = Executors.newCachedThreadPool();
  }

  @AfterEach
  void stop() {
    others.shutdownNow();
    server.close();
  }

  /** It has failed once, and its time to be tried again has come. */
  private String retried(JsonObject options) {
    String run = worker.trigger("t", options.put("maxAttempts", 3));
    Given given = worker.dequeue().get(0);
    worker.end(
        run,
        worker.begin(given),
        DevWorker.failure()
            .put(
                "retry",
                new JsonObject().put("timestamp", 4_000_000_000_000L).put("delay", 3_600_000)));
    server.postgres.execute(
        "update execution set status = 'QUEUED'; update run set status = 'PENDING'");
    return run;
  }

  @Test
  void aRunThatIsTriedAgainGoesToWhoAsksForTheBuildItHadMayBeGone() {
    String first = worker.register("h1", "t");
    String run = retried(new JsonObject());
    DevWorker other = new DevWorker(server);
    String second = other.register("h2", "t");

    List<Given> given = other.dequeue();

    assertThat(given).extracting(Given::version).containsExactly(second).doesNotContain(first);
    other.end(run, other.begin(given.get(0)), DevWorker.success("1"));
    JsonObject ended = worker.retrieve(run);
    assertThat(ended.getString("version")).isEqualTo(second);
    assertThat(ended.getInteger("attemptCount")).isEqualTo(2);
  }

  @Test
  void aRunThatItsTriggerBoundIsTriedAgainByThatBuild() {
    String first = worker.register("h1", "t");
    retried(new JsonObject().put("lockToVersion", first));
    worker.register("h2", "t");

    assertThat(worker.dequeue()).extracting(Given::version).containsExactly(first);
  }

  @Test
  void aRunWhoseTaskIsInNoNewerBuildIsTriedAgainByTheOneThatHadIt() {
    String first = worker.register("h1", "t");
    retried(new JsonObject());
    worker.register("h2", "u");

    assertThat(worker.dequeue()).extracting(Given::version).containsExactly(first);
  }

  @Test
  void whereNoBuildIsLeftARunWaitsForAnyThatHasItsTask() {
    worker.register("h1", "t");
    String run = retried(new JsonObject());
    worker.register("h2", "u");
    server.postgres.execute("delete from worker where number = 1");
    assertThat(worker.dequeue()).isEmpty();
    assertThat(worker.retrieve(run).getString("status")).isEqualTo("PENDING_VERSION");

    String third = worker.register("h3", "t");

    assertThat(worker.dequeue()).extracting(Given::version).containsExactly(third);
  }

  /** The first has not come back when the second is sent, as when an answer is late. */
  @Test
  void aRequestThatComesAgainWhileItIsUnderWayIsGivenTheSameRuns() throws Exception {
    worker.register("h", "t");
    for (int i = 0; i < 15; i++) {
      worker.trigger("t");
    }
    String[] same = {"x-trigger-request-idempotency-key", "dequeue_1"};
    try (Connection connection = server.postgres.connect();
        Statement statement = connection.createStatement()) {
      connection.setAutoCommit(false);
      statement.execute("select 1 from environment where id = 'env_dev' for update");
      Future<List<Given>> one = others.submit(() -> worker.dequeue(same));
      Future<List<Given>> two = others.submit(() -> worker.dequeue(same));
      awaitWaiting(2);
      connection.commit();

      List<String> first = one.get().stream().map(Given::run).toList();
      assertThat(first).hasSize(10);
      assertThat(two.get()).extracting(Given::run).containsExactlyInAnyOrderElementsOf(first);
    }
    assertThat(worker.dequeue()).hasSize(5);
  }

  /**
   * One of two runs that a run waits for is in somebody else's hands when both are taken back: who
   * has it will touch what the other one's end has touched.
   */
  @Test
  void takingRunsBackHoldsNothingThatOthersNeed() throws Exception {
    worker.register("h", "t");
    String parent = worker.trigger("t");
    String first = worker.trigger("t");
    String second = worker.trigger("t");
    worker.dequeue().forEach(worker::begin);
    server.postgres.execute(
        """
        insert into wait (environment_id, run_id, id, kind, target)
          select 'env_dev', '%1$s', 'waitpoint_' || id, 'RUN', id from run where id <> '%1$s'"""
            .formatted(parent));
    JsonObject gone =
        new JsonObject().put("runFriendlyIds", new JsonArray().add(first).add(second));
    try (Connection connection = server.postgres.connect();
        Statement statement = connection.createStatement()) {
      connection.setAutoCommit(false);
      statement.execute("select 1 from run where id = '%s' for update".formatted(second));
      Future<Reply> reply =
          others.submit(() -> worker.call("POST", "/engine/v1/dev/disconnect", gone));
      awaitWaiting(1);
      end(statement, second);
      connection.commit();

      assertThat(reply.get().status()).isEqualTo(200);
      assertThat(new JsonObject(reply.get().body()).getInteger("cancelled")).isEqualTo(2);
    }
    assertThat(worker.retrieve(first).getString("status")).isEqualTo("CANCELED");
    assertThat(worker.retrieve(second).getString("status")).isEqualTo("COMPLETED");
    assertThat(worker.standing(second)).isEqualTo("FINISHED");
  }

  private static void end(Statement statement, String run) throws SQLException {
    statement.execute(
        """
        update run set status = 'COMPLETED_SUCCESSFULLY', completed_at = now()
          where id = '%s'"""
            .formatted(run));
  }

  /** So many of the server's statements wait for a lock. */
  private void awaitWaiting(int statements) {
    Await.until(
        "a statement waits for a lock",
        () ->
            server
                .query(
                    """
                    select count(*) from pg_stat_activity where datname = current_database()
                      and wait_event_type = 'Lock'""")
                .equals(List.of(Integer.toString(statements))));
  }
}
