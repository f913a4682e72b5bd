package dev.runcast.it;

import static dev.runcast.it.harness.NewRun.name;
import static dev.runcast.it.harness.NewRun.run;
import static org.assertj.core.api.Assertions.assertThat;

import dev.runcast.it.harness.Await;
import dev.runcast.it.harness.Node;
import dev.runcast.it.harness.NodeSpec;
import dev.runcast.it.harness.RunWriter;
import dev.runcast.it.harness.Shared;
import dev.runcast.it.harness.SseProbe;
import dev.runcast.it.harness.TestDatabase;
import org.junit.jupiter.api.Test;

/** A transaction too large to be told row by row: who follows its runs reads them. */
class OversizedTransactionIT {
  private static final int RUNS = 3_000;

  @Test
  void whoFollowsItsRunsEndsUpRightAndOthersAreLeftAlone() {
    TestDatabase database = Shared.postgres().database();
    try (Node node = Node.start(NodeSpec.serve(database).with("--max-transaction", "64KiB"))) {
      RunWriter sql = new RunWriter(database, node.api().environment());
      String tag = name("bulk");
      sql.insertMany(RUNS, run().tagged(tag));
      String bystander = sql.insert(run());
      String one = sql.rows("tags @> array[?::text]", tag).keySet().iterator().next();

      try (SseProbe feed = node.follow("/realtime/v1/runs?tags=" + tag).awaitLive();
          SseProbe single = node.follow("/realtime/v1/runs/" + one).awaitLive();
          SseProbe other = node.follow("/realtime/v1/runs/" + bystander).awaitLive()) {
        int before = other.frames().size();
        sql.transact(
            transaction ->
                transaction.execute(
                    "update run set status = 'EXECUTING', output = '\"bulk\"'"
                        + " where tags @> array[?::text]",
                    tag));
        single.awaitStatus(one, "EXECUTING");
        var table = sql.rows("tags @> array[?::text]", tag);
        Await.until(
            "both, the insert and the update, to be counted as too large",
            () -> oversized(node) == 2);
        feed.await(
            "all runs to execute",
            known ->
                known.rows().values().stream().allMatch(run -> run.status().equals("EXECUTING")));
        assertThat(feed.table()).isEqualTo(table).hasSize(RUNS);

        sql.update(bystander, "status = 'EXECUTING'");
        other.awaitStatus(bystander, "EXECUTING");
        assertThat(other.frames().subList(before, other.frames().size()))
            .noneMatch(frame -> frame.name().equals("snapshot"));
      }
    }
  }

  private static double oversized(Node node) {
    return node.management("/metrics")
        .expect(200)
        .body()
        .lines()
        .filter(line -> line.startsWith("runcast_transactions_oversized_total "))
        .mapToDouble(line -> Double.parseDouble(line.substring(line.indexOf(' '))))
        .sum();
  }
}
