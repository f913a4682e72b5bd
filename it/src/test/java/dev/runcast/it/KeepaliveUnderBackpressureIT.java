package dev.runcast.it;

import static dev.runcast.it.harness.NewRun.name;
import static dev.runcast.it.harness.NewRun.run;
import static org.assertj.core.api.Assertions.assertThat;

import dev.runcast.it.harness.Await;
import dev.runcast.it.harness.RunWriter;
import dev.runcast.it.harness.Shared;
import dev.runcast.it.harness.SseProbe;
import org.junit.jupiter.api.Test;

/**
 * A subscriber that takes nothing must not keep the tail from answering Postgres, which hangs up on
 * a replication session that has been silent for wal_sender_timeout.
 */
class KeepaliveUnderBackpressureIT {
  private final RunWriter sql = Shared.sql();

  @Test
  void aStalledReaderCostsNoReplicationSession() {
    String tag = name("pressed");
    String id = sql.insert(run().tagged(tag));
    SseProbe.Target target =
        new SseProbe.Target(
            Shared.node().port(), "/realtime/v1/runs?tags=" + tag, Shared.node().secretKey());
    try (SseProbe stalled = new SseProbe(target).withReceiveBuffer(4096).connect().awaitLive();
        SseProbe other = new SseProbe(target).connect().awaitLive()) {
      stalled.pause();
      String session = session();
      String start = sql.database().single("select clock_timestamp()");

      Await.until("more than wal_sender_timeout", () -> isLaterBy(start, id));
      sql.update(id, "status = 'COMPLETED_SUCCESSFULLY'");

      other.awaitStatus(id, "COMPLETED");
      assertThat(session()).as("the session that reads the slot").isEqualTo(session);
      stalled.goOn();
      stalled.awaitStatus(id, "COMPLETED");
      assertThat(stalled.table()).isEqualTo(sql.rows("id = ?", id));
    }
  }

  /** Writes on and on, 256 KB at a time, until the timeout of the session has passed. */
  private boolean isLaterBy(String start, String id) {
    sql.update(id, "payload = to_json(repeat('y', 262144))::text");
    return sql.database()
        .single("select clock_timestamp() > ?::timestamptz + interval '13 seconds'", start)
        .equals("t");
  }

  private String session() {
    return sql.database()
        .single(
            "select active_pid from pg_replication_slots where slot_name = ?",
            "slot_" + sql.database().name());
  }
}
