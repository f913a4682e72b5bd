package dev.runcast.it;

import static dev.runcast.it.harness.NewRun.name;
import static dev.runcast.it.harness.NewRun.run;
import static org.assertj.core.api.Assertions.assertThat;

import dev.runcast.it.harness.Frame;
import dev.runcast.it.harness.NewRun;
import dev.runcast.it.harness.RunWriter;
import dev.runcast.it.harness.Shared;
import dev.runcast.it.harness.SseProbe;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Rows so wide that Postgres stores a part of them elsewhere, and then does not log it. */
class WideRowIT {
  private static final String WIDE = NewRun.wideJson(64 * 1024);

  private final RunWriter sql = Shared.sql();

  @Test
  void doesNotRepeatAPayloadThatDidNotChange() {
    String id = sql.insert(run().carrying(WIDE));
    try (SseProbe probe = Shared.node().follow("/realtime/v1/runs/" + id).awaitLive()) {
      sql.update(id, "status = 'EXECUTING'");
      sql.update(id, "status = 'COMPLETED_SUCCESSFULLY', output = '1'");
      probe.awaitStatus(id, "COMPLETED");

      assertThat(probe.frames("run"))
          .isNotEmpty()
          .allSatisfy(
              change -> {
                assertThat(change.columns().has("payload")).isFalse();
                assertThat(change.data().path("whole").asBoolean()).isFalse();
              });
      assertThat(probe.table()).isEqualTo(sql.rows("id = ?", id));
    }
  }

  @Test
  void knowsTheTagsOfTheWidestRowAtEveryUpdate() {
    String[] tags =
        IntStream.range(0, 10)
            .mapToObj(i -> name("日") + "本".repeat(128 - name("日").length()))
            .toArray(String[]::new);
    String id = sql.insert(run().tagged(tags).carrying(WIDE));
    String query = "?tag=" + SseProbe.encode(tags[0]) + "&tag=" + SseProbe.encode(tags[9]);
    try (SseProbe probe = Shared.node().follow("/realtime/v1/runs" + query).awaitLive()) {
      sql.update(id, "status = 'EXECUTING'");
      sql.update(id, "metadata = ?, metadata_type = 'application/json'", WIDE);
      sql.update(id, "status = 'COMPLETED_SUCCESSFULLY', output = ?", WIDE);
      probe.awaitStatus(id, "COMPLETED");

      assertThat(probe.frames("run")).hasSize(3);
      assertThat(probe.table()).isEqualTo(sql.rows("id = ?", id));
    }
  }

  @Test
  void tellsTheWholeOfAWideRowThatEntersAFeed() {
    String tag = name("entered");
    String id = sql.insert(run().carrying(WIDE));
    try (SseProbe probe = Shared.node().follow("/realtime/v1/runs?tags=" + tag).awaitLive()) {
      sql.update(id, "tags = array[?::text], status = 'EXECUTING'", tag);
      probe.awaitStatus(id, "EXECUTING");
      sql.update(id, "status = 'CANCELED'");
      probe.awaitStatus(id, "CANCELED");

      Frame entry = probe.frames("run").get(0);
      assertThat(entry.data().path("whole").asBoolean()).isTrue();
      assertThat(entry.columns().path("payload").asText()).hasSize(64 * 1024);
      assertThat(probe.table()).isEqualTo(sql.rows("id = ?", id));
    }
  }
}
