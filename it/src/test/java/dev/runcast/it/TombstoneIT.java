package dev.runcast.it;

import static dev.runcast.it.harness.NewRun.name;
import static dev.runcast.it.harness.NewRun.run;
import static org.assertj.core.api.Assertions.assertThat;

import dev.runcast.it.harness.Frame;
import dev.runcast.it.harness.RunWriter;
import dev.runcast.it.harness.Shared;
import dev.runcast.it.harness.SseProbe;
import org.junit.jupiter.api.Test;

/** A run is deleted in two steps: a tombstone that subscribers hear of, and a purge much later. */
class TombstoneIT {
  private final RunWriter sql = Shared.sql();
  private final String tag = name("doomed");

  @Test
  void tellsThatARunIsGone() {
    String id = sql.insert(run().tagged(tag));
    String other = sql.insert(run().tagged(tag));
    try (SseProbe probe = follow().awaitLive()) {
      sql.update(id, "status = 'DELETED'");
      probe.await("the run to leave", known -> known.get(id) == null);

      Frame leave = probe.awaitFrame("leave", frame -> frame.name().equals("leave"));
      assertThat(leave.run()).isEqualTo(id);
      assertThat(leave.data().path("reason").asText()).isEqualTo("deleted");
      assertThat(leave.data().path("version").asLong()).isEqualTo(2);
      assertThat(probe.runs()).containsExactly(other);
    }
  }

  @Test
  void aDeletedRunIsNotFound() {
    String id = sql.insert(run());
    sql.update(id, "status = 'DELETED'");

    try (SseProbe probe = Shared.node().follow("/realtime/v1/runs/" + id)) {
      assertThat(probe.awaitRefusal().status()).isEqualTo(404);
    }
    assertThat(Shared.api().get("/api/v3/runs/" + id).status()).isEqualTo(404);
  }

  @Test
  void tellsWhoWasAwayOfATombstone() {
    String id = sql.insert(run().tagged(tag));
    String other = sql.insert(run().tagged(tag));
    try (SseProbe probe = follow().awaitLive()) {
      probe.cut();
      sql.update(id, "status = 'DELETED'");
      probe.connect().await("the run to leave", known -> known.get(id) == null);

      assertThat(probe.runs()).containsExactly(other);
    }
  }

  @Test
  void tellsWhoWasAwayForThePurgeAsWell() {
    String id = sql.insert(run().tagged(tag));
    String other = sql.insert(run().tagged(tag));
    try (SseProbe probe = follow().awaitLive()) {
      probe.cut();
      sql.update(id, "status = 'DELETED'");
      sql.transact(t -> t.execute("delete from run where id = ?", id));
      sql.update(other, "status = 'EXECUTING'");

      probe.connect().awaitLive().await("the purged run to leave", known -> known.get(id) == null);

      probe.awaitStatus(other, "EXECUTING");
      assertThat(probe.table()).isEqualTo(sql.rows("tags @> array[?::text]", tag));
    }
  }

  private SseProbe follow() {
    return Shared.node().follow("/realtime/v1/runs?tags=" + tag);
  }
}
