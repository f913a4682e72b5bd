package dev.runcast.it;

import static dev.runcast.it.harness.NewRun.name;
import static dev.runcast.it.harness.NewRun.run;
import static org.assertj.core.api.Assertions.assertThat;

import dev.runcast.it.harness.Await;
import dev.runcast.it.harness.Node;
import dev.runcast.it.harness.NodeSpec;
import dev.runcast.it.harness.PostgresServer;
import dev.runcast.it.harness.RunWriter;
import dev.runcast.it.harness.SseProbe;
import dev.runcast.it.harness.TestDatabase;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The replication slot is lost while the service runs: it makes a new one, and nobody is wrong. */
class SlotLifecycleIT {
  private static PostgresServer postgres;
  private static TestDatabase database;
  private static Node node;
  private static RunWriter sql;

  private final String tag = name("slotted");

  @BeforeAll
  static void start() {
    postgres =
        PostgresServer.start(
            Map.of(
                "max_slot_wal_keep_size", "1MB",
                "wal_keep_size", "0",
                "max_wal_size", "32MB",
                "min_wal_size", "32MB"));
    database = postgres.database();
    node = Node.start(NodeSpec.serve(database));
    sql = new RunWriter(database, node.api().environment());
  }

  @AfterAll
  static void stop() {
    node.close();
    postgres.close();
  }

  @Test
  void makesANewSlotWhenItsOwnWasDropped() {
    String id = sql.insert(run().tagged(tag));
    try (SseProbe probe = follow().awaitLive()) {
      String before = incarnation();
      Await.until("the slot to be dropped", SlotLifecycleIT::dropSlot);
      sql.update(id, "status = 'EXECUTING'");
      String added = sql.insert(run().tagged(tag));

      probe.awaitStatus(id, "EXECUTING");
      probe.await("the new run", known -> known.get(added) != null);
      assertThat(incarnation()).isNotEqualTo(before);
      assertRight(probe);
    }
  }

  @Test
  void makesANewSlotWhenPostgresHasInvalidatedItsOwn() {
    String id = sql.insert(run().tagged(tag));
    try (SseProbe probe = follow().awaitLive()) {
      String before = incarnation();
      node.freeze();
      sql.update(id, "status = 'EXECUTING'");
      Await.until("the slot to be lost", SlotLifecycleIT::loseSlot);
      node.thaw();

      probe.awaitStatus(id, "EXECUTING");
      String added = sql.insert(run().tagged(tag));
      probe.await("a run of the new slot", known -> known.get(added) != null);
      assertThat(incarnation()).isNotEqualTo(before);
      assertRight(probe);
    }
  }

  /** New changes still arrive, and the client is what the table is, also when it comes back. */
  private void assertRight(SseProbe probe) {
    probe.cut();
    String added = sql.insert(run().tagged(tag));
    probe.connect().awaitLive();
    probe.await("a run written while away", known -> known.get(added) != null);
    assertThat(probe.table()).isEqualTo(sql.rows("tags @> array[?::text]", tag));
  }

  private static boolean dropSlot() {
    // The service reads from it again within moments: both in one statement, until it works.
    database.script(
        """
        select pg_terminate_backend(active_pid, 1000) from pg_replication_slots
          where slot_name = '%1$s' and active;
        select pg_drop_replication_slot('%1$s')
        """
            .formatted(slot()));
    return true;
  }

  private static boolean loseSlot() {
    database.script(
        """
        do $$ begin
          for i in 1..40 loop
            perform pg_logical_emit_message(false, 'filler', repeat(md5(i::text), 30000));
          end loop;
        end $$;
        """);
    database.script("select pg_switch_wal()");
    database.script("checkpoint");
    return database
        .single("select wal_status from pg_replication_slots where slot_name = ?", slot())
        .equals("lost");
  }

  private static String slot() {
    return "slot_" + database.name();
  }

  private static String incarnation() {
    return database.single("select max(number) from incarnation");
  }

  private SseProbe follow() {
    return node.follow("/realtime/v1/runs?tags=" + tag);
  }
}
