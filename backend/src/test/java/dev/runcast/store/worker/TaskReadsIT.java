package dev.runcast.store.worker;

import static dev.runcast.testing.Await.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.runcast.run.EnvironmentId;
import dev.runcast.run.RunStatus;
import dev.runcast.store.Database;
import dev.runcast.store.worker.TaskReads.Hour;
import dev.runcast.testing.TestPostgres;
import dev.runcast.testing.TestPostgres.TestDatabase;
import io.vertx.core.Vertx;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class TaskReadsIT {
  private static final EnvironmentId ENV = new EnvironmentId("env_a");

  private Vertx vertx;
  private TestDatabase postgres;
  private Database database;
  private TaskReads reads;

  @BeforeEach
  void open() {
    vertx = Vertx.vertx();
    postgres = TestPostgres.database();
    postgres.execute(
        """
        insert into project (id, reference, name) values ('p', 'p', 'p');
        insert into environment (id, project_id, slug)
          values ('env_a', 'p', 'a'), ('env_b', 'p', 'b');
        insert into worker (environment_id, id, number, version, content_hash)
          values ('env_a', 'worker_1', 1, '1', 'h'), ('env_a', 'worker_2', 2, '2', 'h'),
            ('env_b', 'worker_1', 9, '9', 'h');
        insert into worker_task (environment_id, worker_id, task, file_path, queue)
          values ('env_a', 'worker_1', 'kept', 'a.ts', 'q'), ('env_a', 'worker_1', 'gone', 'b.ts', 'q'),
            ('env_a', 'worker_2', 'kept', 'a.ts', 'q');
        insert into task (environment_id, id, queue, worker_id)
          values ('env_a', 'kept', 'q', 'worker_2'), ('env_a', 'gone', 'q', 'worker_1')""");
    database = Database.open(vertx, postgres.options(), Database.Size.DEFAULT);
    reads = new TaskReads(database);
  }

  @AfterEach
  void close() {
    await(database.close());
    await(vertx.close());
  }

  private void run(String id, String task, String status, String createdAt) {
    postgres.execute(
        """
        insert into run (environment_id, id, task_identifier, status, created_at)
        values ('env_a', '%s', '%s', '%s', '%s')"""
            .formatted(id, task, status, createdAt));
  }

  @Test
  void tasksAreThoseOfBuildsAndThoseThatWereTriggered() {
    run("run_1", "triggered", "PENDING", "2026-01-01T00:00:00Z");
    run("run_2", "kept", "EXECUTING", "2026-01-01T00:00:00Z");
    run("run_3", "kept", "PENDING", "2026-01-02T00:00:00Z");
    run("run_4", "deleted", "PENDING", "2026-01-02T00:00:00Z");
    postgres.execute("update run set status = 'DELETED' where id = 'run_4'");

    List<KnownTask> tasks = await(reads.page(ENV, 10, 0)).tasks();

    assertThat(tasks).extracting(KnownTask::id).contains("gone", "kept", "triggered");
    KnownTask gone = find("gone");
    KnownTask kept = find("kept");
    assertThat(gone.build().current()).isFalse();
    assertThat(gone.last()).isNull();
    assertThat(kept.build().current()).isTrue();
    assertThat(kept.build().worker().version()).isEqualTo("2");
    assertThat(kept.last().id()).isEqualTo("run_3");
    assertThat(find("triggered").build()).isNull();
    assertThat(await(reads.find(ENV, "nobodys"))).isEmpty();
    assertThat(await(reads.find(ENV, "deleted"))).isEmpty();
    assertThat(await(reads.find(new EnvironmentId("env_b"), "kept"))).isEmpty();
    assertThat(await(reads.builds(ENV, "kept")))
        .extracting(build -> build.worker().version())
        .containsExactly("2", "1");
  }

  private KnownTask find(String task) {
    return await(reads.find(ENV, task)).orElseThrow();
  }

  @Test
  void pagesTellHowManyThereAreAlsoBeyondTheEnd() {
    run("run_1", "triggered", "PENDING", "2026-01-01T00:00:00Z");

    assertThat(await(reads.page(ENV, 2, 1)).tasks())
        .extracting(KnownTask::id)
        .containsExactly("kept", "triggered");
    assertThat(await(reads.page(ENV, 2, 4))).isEqualTo(new TaskReads.Page(List.of(), 3));
  }

  @Test
  void whatRunsHaveComeToIsToldByTheHour() {
    run("run_1", "kept", "PENDING", "2026-01-01T09:59:59Z");
    run("run_2", "kept", "PENDING", "2026-01-01T10:10:00Z");
    run("run_3", "kept", "PENDING", "2026-01-01T10:20:00Z");
    run("run_4", "kept", "CRASHED", "2026-01-01T11:30:00Z");
    run("run_5", "other", "PENDING", "2026-01-01T11:30:00Z");

    Instant since = Instant.parse("2026-01-01T10:00:00Z");
    assertThat(await(reads.activity(ENV, List.of("kept"), since)))
        .containsExactly(
            new Hour("kept", since, RunStatus.PENDING, 2, Instant.parse("2026-01-01T10:10:00Z")),
            new Hour(
                "kept",
                Instant.parse("2026-01-01T11:00:00Z"),
                RunStatus.CRASHED,
                1,
                Instant.parse("2026-01-01T11:30:00Z")));
  }

  @Test
  void isFoundByTheIndexHoweverManyRunsThereAre() throws SQLException {
    postgres.execute(
        """
        insert into run (environment_id, id, task_identifier, created_at)
          select 'env_a', 'run_' || i, 't' || i % 20, now() - i * interval '1 s'
          from generate_series(1, 20000) i""");
    postgres.execute("vacuum analyze run");

    assertThat(explain(TaskReads.NAMES + "select count(*) from named"))
        .contains("Index Only Scan using run_by_task")
        .doesNotContain("Seq Scan on run");
    assertThat(
            explain(
                TaskReads.ACTIVITY
                    .replace("$2", "'{t7}'")
                    .replace("$3", "timestamptz '2020-01-01T00:00:00Z'")))
        .contains("run_by_task")
        .doesNotContain("Seq Scan on run")
        .doesNotContain("Sort Key: run.created_at");
    Instant since = Instant.parse("2020-01-01T00:00:00Z");
    assertThat(
            await(reads.activity(ENV, List.of("t7"), since)).stream().mapToLong(Hour::runs).sum())
        .isEqualTo(TaskReads.MOST_RUNS);
  }

  private String explain(String sql) throws SQLException {
    try (Connection connection = postgres.connect();
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery("explain " + sql.replace("$1", "'env_a'"))) {
      StringBuilder plan = new StringBuilder();
      while (rows.next()) {
        plan.append(rows.getString(1)).append('\n');
      }
      return plan.toString();
    }
  }
}
