package dev.runcast.store.feed;

import static dev.runcast.testing.Await.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.runcast.run.BatchId;
import dev.runcast.run.EnvironmentId;
import dev.runcast.run.Filter;
import dev.runcast.run.Filter.Narrowing;
import dev.runcast.run.RunId;
import dev.runcast.run.RunStatus;
import dev.runcast.run.tally.FeedTally;
import dev.runcast.run.tally.RunHash;
import dev.runcast.store.Database;
import dev.runcast.testing.TestPostgres;
import dev.runcast.testing.TestPostgres.TestDatabase;
import io.vertx.core.Vertx;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class RunTalliesIT {
  private static final EnvironmentId ENV = new EnvironmentId("env_a");
  private static final int RUNS = 5_000;

  private static Vertx vertx;
  private static TestDatabase postgres;
  private static Database database;
  private static RunTallies tallies;

  /** Ids of all lengths, so that the hash meets ends of every kind. */
  @BeforeAll
  static void open() {
    vertx = Vertx.vertx();
    postgres = TestPostgres.database();
    database = Database.open(vertx, postgres.options(), Database.Size.DEFAULT);
    tallies = new RunTallies(database);
    postgres.execute(
        """
        insert into project (id, reference, name) values ('p', 'p', 'p');
        insert into environment (id, project_id, slug) values ('env_a', 'p', 'a'), ('env_b', 'p', 'b');
        insert into run (environment_id, id, task_identifier, batch_id, tags, created_at)
          select 'env_a', left('r' || i || '_' || repeat(md5(i::text), 2), 8 + i %% 56), 'task' || i %% 2,
            case when i %% 5 = 0 then 'batch_1' end, case when i %% 10 = 0 then '{vip}'::text[] else '{}' end,
            timestamptz '2026-01-01' + i * interval '1 second'
          from generate_series(100000, 100000 + %1$d - 1) i;
        insert into run (environment_id, id, task_identifier) values ('env_b', 'foreign', 'task0');
        update run set status = 'EXECUTING' where extract(second from created_at)::integer %% 3 = 0;
        update run set status = 'COMPLETED_SUCCESSFULLY' where extract(second from created_at)::integer %% 9 = 0;
        update run set status = 'DELETED' where extract(second from created_at)::integer = 18"""
            .formatted(RUNS));
  }

  @AfterAll
  static void close() {
    await(database.close());
    await(vertx.close());
  }

  @Test
  void countsAreThoseOfTheRowsWhateverTheFilter() {
    Narrowing all = Narrowing.NONE;
    assertCounts(new Filter.ByEnvironment(ENV, all), "true");
    assertCounts(new Filter.ByBatch(ENV, new BatchId("batch_1"), all), "batch_id = 'batch_1'");
    assertCounts(new Filter.ByTags(ENV, Set.of("vip"), all), "'vip' = any(tags)");
    assertCounts(new Filter.ByParent(ENV, new RunId("nobody"), all), "false");
    assertCounts(
        new Filter.ByEnvironment(
            ENV,
            new Narrowing(
                Instant.parse("2026-01-02T05:00:00Z"),
                Set.of(RunStatus.PENDING, RunStatus.EXECUTING),
                Set.of("task1"))),
        "created_at >= '2026-01-02T05:00:00Z' and task_identifier = 'task1'"
            + " and status in ('PENDING', 'EXECUTING')");
  }

  @Test
  void theDatabaseHashesAsWeDo() {
    Filter filter = new Filter.ByEnvironment(ENV, Narrowing.NONE);
    Map<Integer, Long> buckets = new TreeMap<>();
    read(
        "select id, version from run where environment_id = 'env_a' and status <> 'DELETED'",
        row -> {
          RunId run = new RunId(row.getString("id"));
          long hash = RunHash.of(run, row.getLong("version"));
          buckets.merge(RunHash.bucketOf(run), hash, Long::sum);
        });

    FeedTally tally = await(tallies.tally(filter, true));

    Map<Integer, Long> read = new TreeMap<>();
    tally.parts().forEach(part -> read.merge(part.bucket(), part.digest(), Long::sum));
    assertThat(read).hasSize(RunHash.BUCKETS).isEqualTo(buckets);
    assertThat(members(tally)).isEqualTo(members(await(tallies.tally(filter, false))));
  }

  private interface RowTaker {
    void take(ResultSet row) throws SQLException;
  }

  private static void read(String sql, RowTaker taker) {
    try (Connection connection = postgres.connect();
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      while (rows.next()) {
        taker.take(rows);
      }
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void assertCounts(Filter filter, String condition) {
    Map<RunStatus, Long> counts = new TreeMap<>();
    read(
        "select status from run where environment_id = 'env_a' and status <> 'DELETED' and "
            + condition,
        row -> counts.merge(RunStatus.valueOf(row.getString("status")), 1L, Long::sum));

    assertThat(members(await(tallies.tally(filter, false)))).isEqualTo(counts);
  }

  private static Map<RunStatus, Long> members(FeedTally tally) {
    Map<RunStatus, Long> members = new TreeMap<>();
    tally.parts().forEach(part -> members.merge(part.status(), part.members(), Long::sum));
    return members;
  }
}
