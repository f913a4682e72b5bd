package dev.runcast.it.failure;

import static dev.runcast.it.harness.NewRun.name;
import static dev.runcast.it.harness.NewRun.run;
import static org.assertj.core.api.Assertions.assertThat;

import dev.runcast.it.harness.Await;
import dev.runcast.it.harness.Node;
import dev.runcast.it.harness.NodeSpec;
import dev.runcast.it.harness.Pair;
import dev.runcast.it.harness.RandomWriter;
import dev.runcast.it.harness.RunWriter;
import dev.runcast.it.harness.Shared;
import dev.runcast.it.harness.SseProbe;
import dev.runcast.it.harness.TableRows;
import dev.runcast.it.harness.TestDatabase;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Two nodes on one Postgres, with one slot between them: whoever has it leads. */
class PairIT {
  private final String tag = name("shared");
  private final String path = "/realtime/v1/runs?tags=" + tag;

  @Test
  void withoutAClusterTheOtherTakesOverAndMissesNothing() {
    TestDatabase database = Shared.postgres().database();
    try (Node leader = Node.start(NodeSpec.serve(database));
        Node standby = Node.create(NodeSpec.serve(database))) {
      standby.launch();
      standby.awaitAnswering();
      RunWriter sql = new RunWriter(database, leader.api().environment());
      String id = sql.insert(run().tagged(tag));
      try (SseProbe probe = standby.follow(path)) {
        leader.kill();
        sql.update(id, "status = 'EXECUTING'");
        standby.awaitReady();
        String added = sql.insert(run().tagged(tag));

        probe.awaitLive().awaitStatus(id, "EXECUTING");
        probe.await("the new run", known -> known.get(added) != null);
        awaitRight(probe, sql);
        assertThat(probe.isConnected()).isTrue();
      }
    }
  }

  @Test
  void inAClusterAFollowerTellsWhatTheLeaderReads() {
    TestDatabase database = Shared.postgres().database();
    try (Pair pair = Pair.start(database)) {
      Node leader = pair.leader();
      Node follower = pair.follower();
      RunWriter sql = new RunWriter(database, leader.api().environment());
      String id = sql.insert(run().tagged(tag));
      try (SseProbe probe = follower.follow(path).awaitLive();
          SseProbe atLeader = leader.follow(path).awaitLive()) {
        sql.update(id, "status = 'EXECUTING'");
        probe.awaitStatus(id, "EXECUTING");
        atLeader.awaitStatus(id, "EXECUTING");
        String cursor = atLeader.cursor();

        leader.kill();
        sql.update(id, "status = 'COMPLETED_SUCCESSFULLY'");
        String added = sql.insert(run().tagged(tag));

        probe.awaitStatus(id, "COMPLETED").await("the new run", known -> known.get(added) != null);
        assertThat(probe.isConnected()).as("on the same connection").isTrue();
        // A cursor of one node is good at any other.
        try (SseProbe moved =
            new SseProbe(new SseProbe.Target(follower.port(), path, follower.secretKey()))) {
          moved.connectAfter(cursor).awaitLive().awaitStatus(id, "COMPLETED");
        }
        leader.startAgain();
        sql.update(added, "status = 'CANCELED'");
        probe.awaitStatus(added, "CANCELED");
        awaitRight(atLeader.connect(), sql);
      }
    }
  }

  @Test
  void clientsOfAClusterEqualTheTableWhateverNodeIsKilled() {
    TestDatabase database = Shared.postgres().database();
    try (Pair pair = Pair.start(database)) {
      Node one = pair.leader();
      Node two = pair.follower();
      RunWriter sql = new RunWriter(database, one.api().environment());
      RandomWriter writer = new RandomWriter(sql, System.nanoTime());
      List<String> kept = List.of(sql.insert(run().tagged("a")), sql.insert(run()));
      try (SseProbe atOne = one.follow("/realtime/v1/runs").awaitLive();
          SseProbe atTwo = two.follow("/realtime/v1/runs").awaitLive()) {
        writer.start(kept, 2);
        for (Node killed : List.of(one, two)) {
          killed.kill();
          long written = versions(sql, kept);
          Await.until("more to be written", () -> versions(sql, kept) > written + 10);
          killed.startAgain();
          comeBack(atOne);
          comeBack(atTwo);
        }
        writer.stop();
        awaitEqual(atOne, sql);
        awaitEqual(atTwo, sql);
      } finally {
        writer.stop();
      }
    }
  }

  /** How often the runs that stay were written. */
  private static long versions(RunWriter sql, List<String> kept) {
    return Long.parseLong(
        sql.database()
            .single("select sum(version) from run where id in (?, ?)", kept.get(0), kept.get(1)));
  }

  private static void comeBack(SseProbe probe) {
    if (!probe.isConnected()) {
      probe.connect();
    }
  }

  private static void awaitEqual(SseProbe probe, RunWriter sql) {
    Map<String, String> table = sql.rows("true");
    assertThat(table).hasSizeGreaterThan(10);
    probe.await("the table", known -> TableRows.of(known).equals(table));
  }

  private void awaitRight(SseProbe probe, RunWriter sql) {
    Map<String, String> table = sql.rows("tags @> array[?::text]", tag);
    probe.await("the table", known -> TableRows.of(known).equals(table));
  }
}
