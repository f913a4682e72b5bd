package dev.runcast.store;

import static dev.runcast.testing.Await.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.runcast.run.EnvironmentId;
import dev.runcast.run.RunId;
import dev.runcast.store.execution.LaneTable;
import dev.runcast.store.table.RunTable;
import dev.runcast.testing.TestPostgres;
import dev.runcast.testing.TestPostgres.TestDatabase;
import io.vertx.core.Vertx;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** That plans are kept, and that those which are kept are still good when the tables have grown. */
class StatisticsIT {
  private static final EnvironmentId ENV = new EnvironmentId("env_a");
  private static final String RUN = "public.run";

  /** From the sixth time on Postgres may keep a plan. */
  private static final int UNTIL_KEPT = 10;

  private Vertx vertx;
  private TestDatabase postgres;
  private Database database;

  @BeforeEach
  void start() {
    vertx = Vertx.vertx();
    postgres = TestPostgres.database();
    postgres.execute(
        """
        alter table run set (autovacuum_enabled = off);
        insert into project (id, reference, name) values ('p', 'p', 'p');
        insert into environment (id, project_id, slug) values ('env_a', 'p', 'a')""");
    // What a connection keeps is its own: there is one.
    database =
        Database.open(
            vertx, postgres.options(), new Database.Size(1, 1_000, Duration.ofSeconds(30)));
  }

  @AfterEach
  void stop() {
    await(database.close());
    await(vertx.close());
  }

  @Test
  void aRunIsLookedUpByItsKeyThoughThePlanWasMadeWhenThereWasNone() {
    lookUp(UNTIL_KEPT);
    insert(0, 3_000);
    assertThat(await(new Statistics(database).gather())).contains(RUN);

    long before = entriesRead();
    lookUp(50);

    assertThat(entriesRead() - before).isLessThanOrEqualTo(50);
  }

  @Test
  void whatHasNotGrownMuchIsLeftAlone() {
    Statistics statistics = new Statistics(database);
    insert(0, 100);
    assertThat(await(statistics.gather())).contains(RUN);
    assertThat(await(statistics.gather())).doesNotContain(RUN);
    insert(100, 100);
    assertThat(await(statistics.gather())).doesNotContain(RUN);
    insert(200, 400);
    assertThat(await(statistics.gather())).contains(RUN);
  }

  @Test
  void theLongestStatementIsParsedOnce() {
    var asked = new LaneTable.Asked(ENV, null, 10, 10);
    for (int i = 0; i < UNTIL_KEPT; i++) {
      await(new LaneTable(database.autocommit()).hasAny(asked));
    }
    assertThat(
            one("select count(*) as n from pg_prepared_statements where statement like 'with name%'")
                .getLong("n"))
        .isEqualTo(1);
  }

  private void lookUp(int times) {
    for (int i = 0; i < times; i++) {
      RunId run = new RunId("run_" + i);
      await(database.transaction(open -> new RunTable(open).lock(ENV, run)));
    }
  }

  private void insert(int from, int count) {
    await(
        database.query(
            """
            insert into run (environment_id, id, task_identifier)
            select 'env_a', 'run_' || i, 't' from generate_series($1::int, $2::int) i""",
            Tuple.of(from, from + count - 1)));
    flush();
  }

  /** How many entries of the indexes of runs were read so far. */
  private long entriesRead() {
    flush();
    return one("select sum(idx_tup_read)::bigint as n from pg_stat_user_indexes where relname = 'run'")
        .getLong("n");
  }

  /** A session counts for itself, and tells the others now and then. */
  private void flush() {
    one("select pg_stat_force_next_flush()");
    one("select 1");
  }

  private Row one(String sql) {
    return await(database.query(sql, Tuple.tuple())).iterator().next();
  }
}
