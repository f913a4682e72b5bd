package dev.runcast.it;

import static dev.runcast.it.harness.NewRun.name;
import static dev.runcast.it.harness.NewRun.run;
import static org.assertj.core.api.Assertions.assertThat;

import dev.runcast.it.harness.Await;
import dev.runcast.it.harness.Command;
import dev.runcast.it.harness.Frame;
import dev.runcast.it.harness.RunWriter;
import dev.runcast.it.harness.Shared;
import dev.runcast.it.harness.SseProbe;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The feed of everything: as many runs as there are, and none of a neighbour. */
class EnvironmentSubscriptionIT {
  private static final int RUNS = 10_000;

  private static String key;
  private static RunWriter sql;

  @BeforeAll
  static void makeAnEnvironment() {
    Command made =
        Command.run(
            Map.of("RUNCAST_ENCRYPTION_KEY", "ab".repeat(32)),
            "env",
            "create",
            "--env",
            "crowded",
            "--database-url",
            Shared.sql().database().url());
    assertThat(made.exitCode()).as(made.output()).isZero();
    key = made.lastLine();
    String environment = Shared.node().api(key).environment();
    sql = new RunWriter(Shared.sql().database(), environment);
  }

  @Test
  void showsTenThousandRunsAndIsLive() {
    sql.insertMany(RUNS, run());
    // What was written within the last moments is read in one piece, the rest in pages.
    Await.until("the runs to be told in pages", EnvironmentSubscriptionIT::arePaged);
    try (SseProbe probe = Shared.node().follow("/realtime/v1/runs", key).awaitLive()) {
      List<Frame> pages = probe.frames("snapshot");
      assertThat(pages).hasSizeGreaterThan(10);
      assertThat(pages.get(0).data().path("start").asBoolean()).isTrue();
      assertThat(pages.get(pages.size() - 1).data().path("complete").asBoolean()).isTrue();
      assertThat(probe.table()).isEqualTo(sql.rows("true")).hasSizeGreaterThanOrEqualTo(RUNS);

      String neighbours = Shared.sql().insert(run());
      String added = sql.insert(run().tagged(name("added")));
      sql.update(probe.runs().get(0), "status = 'EXECUTING'");
      sql.update(added, "status = 'COMPLETED_SUCCESSFULLY'");
      probe.awaitStatus(added, "COMPLETED");

      assertThat(probe.runs()).contains(added).doesNotContain(neighbours);
      assertThat(probe.table()).isEqualTo(sql.rows("true"));
    }
  }

  private static boolean arePaged() {
    try (SseProbe probe = Shared.node().follow("/realtime/v1/runs", key).awaitLive()) {
      return probe.frames("snapshot").size() > 10;
    }
  }

  @Test
  void aNeighboursRunIsNeitherShownNorFound() {
    String mine = sql.insert(run());
    String neighbours = Shared.sql().insert(run());
    try (SseProbe refused = Shared.node().follow("/realtime/v1/runs/" + neighbours, key);
        SseProbe probe = Shared.node().follow("/realtime/v1/runs?after=now", key).awaitLive()) {
      Shared.sql().update(neighbours, "status = 'EXECUTING'");
      Shared.sql().update(neighbours, "status = 'DELETED'");
      sql.update(mine, "status = 'EXECUTING'");
      probe.awaitStatus(mine, "EXECUTING");

      assertThat(refused.awaitRefusal().status()).isEqualTo(404);
      assertThat(probe.runs()).contains(mine).doesNotContain(neighbours);
      assertThat(probe.frames("leave")).isEmpty();
    }
  }
}
