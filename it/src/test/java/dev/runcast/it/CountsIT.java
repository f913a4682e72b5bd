package dev.runcast.it;

import static dev.runcast.it.harness.NewRun.name;
import static dev.runcast.it.harness.NewRun.run;
import static org.assertj.core.api.Assertions.assertThat;

import dev.runcast.it.harness.Node;
import dev.runcast.it.harness.NodeSpec;
import dev.runcast.it.harness.RunWriter;
import dev.runcast.it.harness.Shared;
import dev.runcast.it.harness.SocketProbe;
import dev.runcast.it.harness.SseProbe;
import dev.runcast.it.harness.TestDatabase;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** How many runs of a feed are in each status, beside its rows or instead of them. */
class CountsIT {
  private static final int RUNS = 20_000;

  private static TestDatabase database;
  private static Node node;
  private static RunWriter sql;

  private final String batch = sql.insertBatch(RUNS);
  private final String counted = "/realtime/v1/batches/" + batch + "?include=counts&rows=none";

  @BeforeAll
  static void start() {
    database = Shared.postgres().database();
    node = Node.start(NodeSpec.serve(database).with("--max-transaction", "1MiB"));
    sql = new RunWriter(database, node.api().environment());
  }

  @AfterAll
  static void stop() {
    node.close();
  }

  @Test
  void aLargeBatchIsWatchedByItsCountsAlone() {
    fill();
    try (SseProbe probe = node.follow(counted).awaitLive();
        SocketProbe socket = SocketProbe.open(node).follow("a", counted)) {
      awaitCounts(probe, Map.of("QUEUED", 20_000L));

      move(0, 500, "EXECUTING");
      move(0, 100, "COMPLETED_SUCCESSFULLY");
      move(500, 7, "DELETED");

      Map<String, Long> expected = Map.of("QUEUED", 19_493L, "EXECUTING", 400L, "COMPLETED", 100L);
      awaitCounts(probe, expected);
      socket.await("a", "the counts", known -> expected.equals(known.counts()));
      assertThat(probe.frames())
          .extracting(frame -> frame.name())
          .containsOnly("counts", "live")
          .hasSizeLessThan(20);
      assertThat(probe.frames("counts")).allMatch(frame -> !frame.id().isEmpty());
    }
  }

  @Test
  void oneWhoComesBackIsToldTheCountsAsTheyAre() {
    fill();
    try (SseProbe probe = node.follow(counted).awaitLive()) {
      probe.cut();
      move(0, 10, "EXECUTING");

      probe.connect();
      awaitCounts(probe, Map.of("QUEUED", 19_990L, "EXECUTING", 10L));
      probe.awaitLive();
      move(10, 10, "EXECUTING");
      awaitCounts(probe, Map.of("QUEUED", 19_980L, "EXECUTING", 20L));
    }
  }

  @Test
  void countsSurviveTheDeathOfTheNode() {
    fill();
    try (SseProbe probe = node.follow(counted).awaitLive()) {
      node.kill();
      probe.awaitDisconnected();
      move(0, 1_000, "CANCELED");
      node.startAgain();
      move(1_000, 1_000, "CANCELED");

      probe.connect();
      awaitCounts(probe, Map.of("QUEUED", 18_000L, "CANCELED", 2_000L));
      move(2_000, 1, "CANCELED");
      awaitCounts(probe, Map.of("QUEUED", 17_999L, "CANCELED", 2_001L));
    }
  }

  @Test
  void aTransactionTooLargeToBeToldHasTheFeedCountedAgain() {
    fill();
    try (SseProbe probe = node.follow(counted).awaitLive()) {
      move(0, 15_000, "EXECUTING");
      awaitCounts(probe, Map.of("QUEUED", 5_000L, "EXECUTING", 15_000L));
      move(0, 3, "COMPLETED_SUCCESSFULLY");
      awaitCounts(probe, Map.of("QUEUED", 5_000L, "EXECUTING", 14_997L, "COMPLETED", 3L));
    }
  }

  @Test
  void besideRowsTheCountsAreThoseOfTheRows() {
    String tag = name("counted");
    String narrowed = "/realtime/v1/runs?include=counts&status=QUEUED,EXECUTING&tags=" + tag;
    String first = sql.insert(run().tagged(tag));
    try (SseProbe probe = node.follow(narrowed).awaitLive()) {
      String second = sql.insert(run().tagged(tag));
      sql.insert(run());
      sql.update(second, "status = 'EXECUTING'");
      sql.update(first, "metadata = '1'");
      awaitCounts(probe, Map.of("QUEUED", 1L, "EXECUTING", 1L));

      sql.update(first, "status = 'CANCELED'");

      awaitCounts(probe, Map.of("EXECUTING", 1L));
      assertThat(probe.runs()).containsExactly(second);
    }
  }

  private static void awaitCounts(SseProbe probe, Map<String, Long> expected) {
    probe.await("the counts " + expected, known -> expected.equals(known.counts()));
  }

  private void fill() {
    sql.transact(
        transaction ->
            transaction.execute(
                """
                insert into run (environment_id, id, task_identifier, batch_id, batch_index)
                select ?, ? || '_' || n, 'it-task', ?, n from generate_series(0, ? - 1) n
                """,
                sql.environment(),
                batch.replace("batch", "run"),
                batch,
                RUNS));
  }

  private void move(int from, int count, String status) {
    sql.transact(
        transaction ->
            transaction.execute(
                "update run set status = ? where environment_id = ? and batch_id = ?"
                    + " and batch_index >= ? and batch_index < ?",
                status,
                sql.environment(),
                batch,
                from,
                from + count));
  }
}
