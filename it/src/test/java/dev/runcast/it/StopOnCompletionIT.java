package dev.runcast.it;

import static dev.runcast.it.harness.NewRun.run;
import static org.assertj.core.api.Assertions.assertThat;

import dev.runcast.it.harness.Frame;
import dev.runcast.it.harness.RunWriter;
import dev.runcast.it.harness.Shared;
import dev.runcast.it.harness.SseProbe;
import java.util.List;
import org.junit.jupiter.api.Test;

/** {@code stopOnCompletion=true}: the connection ends with the run. */
class StopOnCompletionIT {
  private final RunWriter sql = Shared.sql();

  @Test
  void endsRightAfterTheFinalState() {
    String id = sql.insert(run());
    try (SseProbe probe = follow(id).awaitLive()) {
      sql.update(id, "status = 'EXECUTING'");
      sql.update(id, "status = 'COMPLETED_SUCCESSFULLY', output = '42'");

      probe.awaitDisconnected();

      assertThat(probe.status(id)).isEqualTo("COMPLETED");
      assertThat(probe.column(id, "output").asInt()).isEqualTo(42);
      assertEndsAsFinished(probe);
    }
  }

  @Test
  void endsAtOnceWhenTheRunIsDoneAlready() {
    String id = sql.insert(run().at("CRASHED"));
    try (SseProbe probe = follow(id)) {
      probe.awaitDisconnected();

      assertThat(probe.status(id)).isEqualTo("CRASHED");
      assertEndsAsFinished(probe);
    }
  }

  @Test
  void endsWhenTheRunIsDeleted() {
    String id = sql.insert(run());
    try (SseProbe probe = follow(id).awaitLive()) {
      sql.update(id, "status = 'DELETED'");
      probe.awaitDisconnected();

      assertThat(probe.runs()).isEmpty();
      assertEndsAsFinished(probe);
    }
  }

  @Test
  void goesOnWithoutIt() {
    String id = sql.insert(run());
    try (SseProbe probe = Shared.node().follow("/realtime/v1/runs/" + id).awaitLive()) {
      sql.update(id, "status = 'COMPLETED_SUCCESSFULLY'");
      probe.awaitStatus(id, "COMPLETED");
      sql.update(id, "metadata = '{\"seen\":true}', metadata_type = 'application/json'");

      probe.await(
          "news after the end",
          known -> known.get(id).columns().path("metadata").path("seen").asBoolean());
    }
  }

  private static SseProbe follow(String id) {
    return Shared.node().follow("/realtime/v1/runs/" + id + "?stopOnCompletion=true");
  }

  private static void assertEndsAsFinished(SseProbe probe) {
    List<Frame> frames = probe.frames();
    Frame last = frames.get(frames.size() - 1);
    assertThat(last.name()).isEqualTo("end");
    assertThat(last.data().path("reason").asText()).isEqualTo("run-finished");
    assertThat(last.data().path("retryable").asBoolean()).isFalse();
  }
}
