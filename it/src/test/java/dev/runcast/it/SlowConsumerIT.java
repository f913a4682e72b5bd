package dev.runcast.it;

import static dev.runcast.it.harness.NewRun.name;
import static dev.runcast.it.harness.NewRun.run;
import static org.assertj.core.api.Assertions.assertThat;

import dev.runcast.it.harness.Node;
import dev.runcast.it.harness.NodeSpec;
import dev.runcast.it.harness.RunWriter;
import dev.runcast.it.harness.Shared;
import dev.runcast.it.harness.SseProbe;
import dev.runcast.it.harness.TestDatabase;
import org.junit.jupiter.api.Test;

/** A reader that stalls costs a bounded amount, delays nobody, and ends up right. */
class SlowConsumerIT {
  private static final int RUNS = 50;
  private static final int ROUNDS = 40;

  @Test
  void catchesUpToTheFinalStateWithoutEveryStepBetween() {
    TestDatabase database = Shared.postgres().database();
    // 40 rounds of 50 runs of 64 KB are 125 MB: twice this heap.
    NodeSpec spec =
        NodeSpec.serve(database)
            .with("--ring-bytes", "1MiB", "--outbox-bytes", "64KiB")
            .withHeap("64m");
    try (Node node = Node.start(spec)) {
      RunWriter sql = new RunWriter(database, node.api().environment());
      String tag = name("heavy");
      for (int i = 0; i < RUNS; i++) {
        sql.insert(run().tagged(tag));
      }
      String path = "/realtime/v1/runs?tags=" + tag;
      SseProbe.Target target = new SseProbe.Target(node.port(), path, node.secretKey());
      try (SseProbe slow = new SseProbe(target).withReceiveBuffer(8192).connect().awaitLive();
          SseProbe other = node.follow(path + "&skipColumns=payload").awaitLive()) {
        slow.pause();
        for (int round = 1; round <= ROUNDS; round++) {
          write(sql, tag, round);
        }
        sql.transact(
            transaction ->
                transaction.execute(
                    "update run set status = 'COMPLETED_SUCCESSFULLY' where tags @> array[?::text]",
                    tag));
        other.await("the end of all", known -> known.completed().size() == RUNS);
        slow.goOn();
        slow.await("the end of all", known -> known.completed().size() == RUNS);

        assertThat(slow.table()).isEqualTo(sql.rows("tags @> array[?::text]", tag)).hasSize(RUNS);
        assertThat(slow.frames("run")).hasSizeLessThan(RUNS * ROUNDS);
        assertThat(slow.isConnected()).as("slow is not an error").isTrue();
      }
    }
  }

  private static void write(RunWriter sql, String tag, int round) {
    sql.transact(
        transaction ->
            transaction.execute(
                "update run set payload = to_json(repeat('x', 65536) || ?::text)::text,"
                    + " payload_type = 'application/json' where tags @> array[?::text]",
                round,
                tag));
  }
}
