package dev.runcast.it;

import static dev.runcast.it.harness.NewRun.run;
import static org.assertj.core.api.Assertions.assertThat;

import dev.runcast.it.harness.RunWriter;
import dev.runcast.it.harness.Shared;
import dev.runcast.it.harness.SseProbe;
import org.junit.jupiter.api.Test;

/** The feed of a batch. */
class BatchSubscriptionIT {
  private final RunWriter sql = Shared.sql();

  @Test
  void showsTheRunsOfTheBatchAndNoOthers() {
    String batch = sql.insertBatch(3);
    String other = sql.insertBatch(1);
    sql.insert(run().inBatch(batch));
    sql.insert(run().inBatch(other));
    sql.insert(run());

    try (SseProbe probe = Shared.node().follow("/realtime/v1/batches/" + batch).awaitLive()) {
      assertThat(probe.runs()).hasSize(1);

      sql.insert(run().inBatch(other));
      String second = sql.insert(run().inBatch(batch));
      String third = sql.insert(run().inBatch(batch));
      sql.update(second, "status = 'EXECUTING'");
      sql.update(third, "status = 'CANCELED'");

      probe.awaitStatus(second, "EXECUTING").awaitStatus(third, "CANCELED");
      assertThat(probe.table()).isEqualTo(sql.rows("batch_id = ?", batch)).hasSize(3);
    }
  }

  @Test
  void anUnknownBatchIsNotFound() {
    try (SseProbe probe = Shared.node().follow("/realtime/v1/batches/batch_nobody")) {
      assertThat(probe.awaitRefusal().status()).isEqualTo(404);
      assertThat(probe.awaitRefusal().error()).contains("batch_nobody");
    }
  }
}
