package dev.runcast.it;

import static dev.runcast.it.harness.NewRun.run;
import static org.assertj.core.api.Assertions.assertThat;

import dev.runcast.it.harness.Frame;
import dev.runcast.it.harness.NewRun;
import dev.runcast.it.harness.RunWriter;
import dev.runcast.it.harness.Shared;
import dev.runcast.it.harness.SseProbe;
import org.junit.jupiter.api.Test;

/** A column that loses its value is told as null; one that keeps it is not told at all. */
class ValueToNullIT {
  private static final String WIDE = NewRun.wideJson(64 * 1024);

  private final RunWriter sql = Shared.sql();

  @Test
  void tellsNullAsNullAndUnchangedAsAbsent() {
    String id = sql.insert(run().carrying(WIDE));
    sql.update(id, "output = ?, metadata = '{\"a\":1}', started_at = now(), ttl = '1h'", WIDE);
    try (SseProbe probe = Shared.node().follow("/realtime/v1/runs/" + id).awaitLive()) {

      sql.update(id, "output = null, metadata = null, started_at = null, ttl = null");

      Frame change = probe.awaitFrame("the change", frame -> frame.name().equals("run"));
      assertThat(change.data().path("whole").asBoolean()).isFalse();
      for (String column : new String[] {"output", "metadata", "startedAt", "ttl"}) {
        assertThat(change.columns().has(column)).as(column).isTrue();
        assertThat(change.columns().get(column).isNull()).as(column).isTrue();
      }
      assertThat(change.columns().has("payload")).isFalse();
      assertThat(probe.table()).isEqualTo(sql.rows("id = ?", id));
    }
  }

  @Test
  void keepsNullApartFromTheValuesThatLookLikeIt() {
    String id = sql.insert(run().carrying("null"));
    try (SseProbe probe = Shared.node().follow("/realtime/v1/runs/" + id).awaitLive()) {
      for (String output : new String[] {"\"null\"", "\"\"", "0", "{}", "[]", "false"}) {
        sql.update(id, "output = ?", output);
        probe.await(
            output, known -> known.get(id).columns().path("output").toString().equals(output));
        sql.update(id, "output = null");
        probe.await("null", known -> known.get(id).columns().path("output").isNull());
      }
    }
  }
}
