package dev.runcast.store.queue;

import static dev.runcast.testing.Await.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.runcast.run.EnvironmentId;
import dev.runcast.store.Database;
import dev.runcast.testing.TestPostgres;
import dev.runcast.testing.TestPostgres.TestDatabase;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class QueueTableIT {
  private static final EnvironmentId ENV = new EnvironmentId("env_a");

  private Vertx vertx;
  private TestDatabase postgres;
  private Database database;

  @BeforeEach
  void open() {
    vertx = Vertx.vertx();
    postgres = TestPostgres.database();
    postgres.execute(
        """
        insert into project (id, reference, name) values ('p', 'p', 'p');
        insert into environment (id, project_id, slug) values ('env_a', 'p', 'a'), ('env_b', 'p', 'b')""");
    database = Database.open(vertx, postgres.options(), Database.Size.DEFAULT);
  }

  @AfterEach
  void close() {
    await(database.close());
    await(vertx.close());
  }

  private QueueTable table() {
    return new QueueTable(database.autocommit());
  }

  private void run(String id, String queue, String status) {
    postgres.execute(
        "insert into run (environment_id, id, task_identifier, queue, status) values ('env_a', '%s', 't', %s, '%s')"
            .formatted(id, queue == null ? "null" : "'" + queue + "'", status));
  }

  private Queue queue(String name) {
    return await(table().byName(ENV, name)).orElseThrow();
  }

  @Test
  void aRunOfPlainSqlStandsInTheQueueOfItsTask() {
    run("run_1", null, "PENDING");

    assertThat(queue("task/t").queued()).isEqualTo(1);
  }

  @Test
  void countsByWhatWorkersHaveAndWhatTheyMayTake() {
    List<String> statuses =
        List.of(
            "PENDING",
            "PENDING",
            "DELAYED",
            "WAITING_FOR_DEPLOY",
            "DEQUEUED",
            "EXECUTING",
            "RETRYING_AFTER_FAILURE",
            "WAITING_TO_RESUME",
            "COMPLETED_SUCCESSFULLY",
            "CANCELED");
    IntStream.range(0, statuses.size()).forEach(i -> run("run_" + i, "mail", statuses.get(i)));
    postgres.execute("update run set status = 'DELETED' where status = 'CANCELED'");

    assertThat(queue("mail").queued()).isEqualTo(2);
    assertThat(queue("mail").running()).isEqualTo(3);
  }

  @Test
  void countsByConcurrencyKeyThoseFirstWithTheMostRuns() throws SQLException {
    postgres.execute(
        """
        insert into run (environment_id, id, task_identifier, queue, concurrency_key, status)
          select 'env_a', 'run_' || i, 't', 'mail', case when i % 3 > 0 then 'user-' || i % 3 end,
            case when i % 3 = 1 or i > 6 then 'PENDING' else 'EXECUTING' end
          from generate_series(1, 8) i;
        insert into run (environment_id, id, task_identifier, queue, concurrency_key, status)
          values ('env_a', 'over', 't', 'mail', 'user-3', 'COMPLETED_SUCCESSFULLY'),
            ('env_a', 'other', 't', 'call', 'user-4', 'PENDING')""");

    assertThat(await(table().keys(ENV, "mail")))
        .containsExactly(new QueueTable.Key("user-1", 0, 3), new QueueTable.Key("user-2", 2, 1));
    assertThat(query("explain " + QueueTable.KEYS.replace("$1", "'env_a'").replace("$2", "'mail'")))
        .doesNotContain("Seq Scan");
  }

  @Test
  void aQueueKeepsItsIdAndOutlivesItsRuns() {
    run("run_1", "mail", "PENDING");
    String id = queue("mail").id();
    postgres.execute("update run set status = 'DELETED'; delete from run");

    assertThat(queue("mail").id()).isEqualTo(id);
    assertThat(await(table().byId(ENV, id)).orElseThrow().queued()).isZero();
    assertThat(await(table().byId(new EnvironmentId("env_b"), id))).isEmpty();
    assertThat(await(table().byName(new EnvironmentId("env_b"), "mail"))).isEmpty();
  }

  @Test
  void manyWhoLookAtOnceFindTheSameQueues() {
    IntStream.range(0, 30).forEach(i -> run("run_" + i, "queue " + i % 15, "PENDING"));

    List<Future<QueueTable.Page>> looks =
        IntStream.range(0, 12).mapToObj(i -> table().page(ENV, 100, 0)).toList();
    List<List<String>> ids =
        looks.stream()
            .map(look -> await(look).queues().stream().map(Queue::id).toList())
            .distinct()
            .toList();

    assertThat(ids).hasSize(1);
    assertThat(ids.get(0)).hasSize(15).doesNotHaveDuplicates();
  }

  @Test
  void pagesTellHowManyThereAreAlsoBeyondTheEnd() {
    IntStream.range(0, 7).forEach(i -> run("run_" + i, "q" + i, "PENDING"));

    assertThat(await(table().page(ENV, 3, 3)).queues())
        .extracting(Queue::name)
        .containsExactly("q3", "q4", "q5");
    assertThat(await(table().page(ENV, 3, 9))).isEqualTo(new QueueTable.Page(List.of(), 7));
  }

  /** Otherwise each update of a run would write to each of its indexes. */
  @Test
  void noUpdateOfARunBeforeItsEndWritesToAnIndex() throws SQLException {
    String columns =
        query(
            """
            select string_agg(distinct a.attname, ',' order by a.attname)
            from pg_index i
              join pg_attribute a on a.attrelid = i.indrelid
                and (a.attnum = any(i.indkey::int2[])
                  or pg_get_expr(i.indpred, i.indrelid) ~ ('\\m' || a.attname || '\\M')
                  or pg_get_expr(i.indexprs, i.indrelid) ~ ('\\m' || a.attname || '\\M'))
            where i.indrelid = 'run'::regclass and a.attnum > 0""");

    assertThat(columns.split(","))
        .contains("queue", "completed_at", "changed_bucket")
        .doesNotContain("status", "started_at", "queued_at", "updated_at", "version", "metadata");
  }

  @Test
  void whatIsAskedIsFoundByTheIndexHoweverManyRunsAreOver() throws SQLException {
    postgres.execute(
        """
        insert into run (environment_id, id, task_identifier, queue, status)
          select 'env_a', 'run_' || i, 't', 'q' || i % 20, 'PENDING' from generate_series(1, 20000) i;
        update run set status = 'COMPLETED_SUCCESSFULLY' where id <> 'run_77'""");
    postgres.execute("vacuum analyze run");

    assertThat(await(table().page(ENV, 100, 0)).queues()).hasSize(20);
    assertThat(query("explain (analyze) " + QueueTable.DISCOVER.replace("$1", "'env_a'")))
        .contains("Index Only Scan using run_by_queue")
        .doesNotContain("Seq Scan on run");
    assertThat(
            query(
                """
                explain (analyze) select count(*) filter (where status = 'PENDING') from run
                where environment_id = 'env_a' and queue = 'q17' and completed_at is null"""))
        .contains("run_by_queue")
        .doesNotContain("Seq Scan");
  }

  private String query(String sql) throws SQLException {
    try (Connection connection = postgres.connect();
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      List<String> lines = new ArrayList<>();
      while (rows.next()) {
        lines.add(rows.getString(1));
      }
      return String.join("\n", lines);
    }
  }
}
