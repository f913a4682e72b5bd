package dev.runcast.it.bench.load;

import static dev.runcast.it.harness.NewRun.name;
import static org.assertj.core.api.Assertions.assertThat;

import dev.runcast.it.bench.process.Children;
import dev.runcast.it.harness.Await;
import dev.runcast.it.harness.NewRun;
import dev.runcast.it.harness.RunWriter;
import dev.runcast.it.harness.Settled;
import dev.runcast.it.harness.Shared;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The load generator with many subscriptions on a socket, in small: it counts what comes. */
class SocketLoadIT {
  private static final int SOCKETS = 2;
  private static final int EACH = 40;

  private final RunWriter sql = Shared.sql();

  @Test
  void countsEachEventOfEachSubscriptionOnce(@TempDir Path logs) {
    String prefix = name("run") + "n";
    for (int i = 0; i < SOCKETS * EACH; i++) {
      sql.insert(new NewRun(prefix + i, "PENDING", List.of(), null, null, null));
    }
    Settled.await(Shared.node(), sql);
    try (Children children = new Children(logs)) {
      Load load = Load.start("load", children);
      load.open(
          Load.Subscribers.onSockets(
              Shared.node().port(),
              SOCKETS,
              EACH,
              "/realtime/v1/runs/" + prefix + "%d",
              Shared.node().secretKey()));
      load.reset();
      String wide = NewRun.wideJson(70_000);
      for (int i = 0; i < SOCKETS * EACH; i++) {
        sql.update(prefix + i, "payload = ?", i % 10 == 0 ? wide : "{}");
      }

      Await.until("all", () -> load.read().deliveries() >= SOCKETS * EACH);
      assertThat(load.read().deliveries()).isEqualTo(SOCKETS * EACH);
      assertThat(load.read().bytes()).isGreaterThan(8 * 70_000);
      load.stop();
    }
  }
}
