package dev.runcast.it;

import static dev.runcast.it.harness.NewRun.run;
import static org.assertj.core.api.Assertions.assertThat;

import dev.runcast.it.harness.RunWriter;
import dev.runcast.it.harness.Shared;
import dev.runcast.it.harness.SseProbe;
import org.junit.jupiter.api.Test;

/** The feed of the runs that one run has triggered. */
class ParentSubscriptionIT {
  private final RunWriter sql = Shared.sql();

  @Test
  void showsTheChildrenButNotTheirChildren() {
    String parent = sql.insert(run());
    String child = sql.insert(run().under(parent));
    sql.insert(run().under(child));

    try (SseProbe probe = Shared.node().follow("/realtime/v1/runs?parent=" + parent).awaitLive()) {
      sql.insert(run().under(child));
      sql.update(parent, "status = 'EXECUTING'");
      String second = sql.insert(run().under(parent));
      sql.update(second, "status = 'EXECUTING'");

      probe.awaitStatus(second, "EXECUTING");
      assertThat(probe.table())
          .isEqualTo(sql.rows("parent_id = ?", parent))
          .containsOnlyKeys(child, second);
    }
  }
}
