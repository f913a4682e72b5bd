package dev.runcast.it;

import static dev.runcast.it.harness.NewRun.name;
import static dev.runcast.it.harness.NewRun.run;
import static org.assertj.core.api.Assertions.assertThat;

import dev.runcast.it.harness.RunWriter;
import dev.runcast.it.harness.Settled;
import dev.runcast.it.harness.Shared;
import dev.runcast.it.harness.SocketProbe;
import dev.runcast.it.harness.SseProbe;
import dev.runcast.it.harness.TableRows;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Who asks for one state of a run in so long is spared those between, and never the last. */
class SampledSubscriptionIT {
  private static final int CHANGES = 30;

  private final RunWriter sql = Shared.sql();
  private final String tag = name("sampled:");
  private final String path = "/realtime/v1/runs?tags=" + tag;

  @Test
  void tellsAFinalStateAtOnceAndHardlyAnyBetween() {
    Settled.await(Shared.node(), sql);
    try (SseProbe all = Shared.node().follow(path).awaitLive();
        SseProbe sampled = Shared.node().follow(path + "&sample=60s").awaitLive()) {
      String id = sql.insert(run().tagged(tag));
      sampled.awaitStatus(id, "QUEUED");
      change(id);
      sql.update(id, "status = 'COMPLETED_SUCCESSFULLY', output = '\"done\"'");

      sampled.awaitStatus(id, "COMPLETED");
      all.awaitStatus(id, "COMPLETED");
      assertThat(sampled.table()).isEqualTo(sql.rows("id = ?", id));
      assertThat(sampled.frames("run"))
          .hasSizeLessThan(CHANGES / 2)
          .hasSizeLessThan(all.frames("run").size());
    }
  }

  @Test
  void tellsTheLatestStateOfARunThatGoesOn() {
    String id = sql.insert(run().tagged(tag));
    try (SseProbe sampled = Shared.node().follow(path + "&sample=200ms").awaitLive()) {
      change(id);

      sampled.awaitVersion(id, CHANGES + 1);
      assertThat(sampled.table()).isEqualTo(sql.rows("id = ?", id));
    }
  }

  @Test
  void goesOnAfterABreakWithWhatWasPutOff() {
    String id = sql.insert(run().tagged(tag));
    try (SseProbe sampled = Shared.node().follow(path + "&sample=60s").awaitLive()) {
      sql.update(id, "status = 'EXECUTING'");
      sampled.awaitVersion(id, 2);
      sql.update(id, "metadata = '{\"step\":1}'");
      String other = sql.insert(run().tagged(tag));
      sampled.awaitStatus(other, "QUEUED");

      sampled.cut().connect().awaitLive();

      assertThat(sampled.table()).isEqualTo(sql.rows("tags @> array[?::text]", tag)).hasSize(2);
    }
  }

  @Test
  void eachFeedOfASocketHasItsOwnPace() {
    try (SocketProbe socket = SocketProbe.open(Shared.node())) {
      socket.follow("all", path).follow("sampled", path + "&sample=1m");
      socket.awaitLive("all").awaitLive("sampled");
      String id = sql.insert(run().tagged(tag));
      change(id);
      sql.update(id, "status = 'CANCELED'");

      socket.await("all", "the end", known -> known.completed().contains(id));
      socket.await("sampled", "the end", known -> known.completed().contains(id));
      socket.await("sampled", "the table", known -> TableRows.of(known).equals(table(id)));
    }
  }

  private Map<String, String> table(String id) {
    return sql.rows("id = ?", id);
  }

  private void change(String id) {
    for (int i = 0; i < CHANGES; i++) {
      sql.update(id, "metadata = ?", "{\"step\":" + i + "}");
    }
  }
}
