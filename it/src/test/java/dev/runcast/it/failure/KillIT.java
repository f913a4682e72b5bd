package dev.runcast.it.failure;

import static dev.runcast.it.harness.NewRun.name;
import static org.assertj.core.api.Assertions.assertThat;

import dev.runcast.it.harness.Answer;
import dev.runcast.it.harness.Await;
import dev.runcast.it.harness.EmbeddedDatabase;
import dev.runcast.it.harness.Frame;
import dev.runcast.it.harness.Node;
import dev.runcast.it.harness.NodeSpec;
import dev.runcast.it.harness.RunWriter;
import dev.runcast.it.harness.SseProbe;
import dev.runcast.it.harness.TableRows;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A node with a Postgres of its own is killed, alone or with it, or asked to end, in the middle of
 * its work: what it has acknowledged is there at the next start, and who followed a feed ends up
 * right.
 */
class KillIT {
  @TempDir static Path directory;

  private static EmbeddedDatabase embedded;
  private static Node node;

  private final String tag = name("work");

  @BeforeAll
  static void start() {
    embedded = new EmbeddedDatabase(directory.resolve("data"));
    node = Node.start(NodeSpec.up(embedded.dataDir()));
  }

  @AfterAll
  static void stop() {
    node.close();
    embedded.endOrphan();
  }

  @BeforeEach
  void requireANode() {
    if (!node.isAlive()) {
      node.startAgain();
    }
  }

  @Test
  void losesNoAcknowledgedRunWhenItIsKilledInTheMiddleOfWrites() {
    try (SseProbe probe = follow().awaitLive()) {
      Workers workers = inTheMiddleOfWork();
      node.kill();
      Map<String, String> acknowledged = workers.acknowledged();
      probe.awaitDisconnected();

      assertThat(probe.frames("end")).as("it had no say in it").isEmpty();
      ProcessHandle orphan = embedded.postmaster().orElseThrow();
      node.startAgain();

      Await.until("the orphaned Postgres to be gone", () -> !orphan.isAlive());
      assertThatNoneIsLost(acknowledged);
      assertRight(probe.connect());
    }
  }

  @Test
  void losesNoAcknowledgedRunWhenItsPostgresIsKilledWithIt() {
    try (SseProbe probe = follow().awaitLive()) {
      Workers workers = inTheMiddleOfWork();
      embedded.kill();
      node.kill();
      Map<String, String> acknowledged = workers.acknowledged();
      probe.awaitDisconnected();
      node.startAgain();

      assertThatNoneIsLost(acknowledged);
      assertRight(probe.connect());
    }
  }

  @Test
  void saysGoodByeWhenItIsAskedToEnd() {
    try (SseProbe probe = follow().awaitLive()) {
      Workers workers = inTheMiddleOfWork();
      node.stop();
      Map<String, String> acknowledged = workers.acknowledged();
      probe.awaitDisconnected();

      Frame last = probe.frames().get(probe.frames().size() - 1);
      assertThat(last.name()).isEqualTo("end");
      assertThat(last.data().path("reason").asText()).isEqualTo("shutdown");
      assertThat(last.data().path("retryable").asBoolean()).isTrue();
      assertThat(node.awaitExit()).as("ended by SIGTERM").isEqualTo(128 + 15);
      assertThat(embedded.log())
          .as("the database stopped last, when nobody used it any more")
          .endsWith("database system is shut down")
          .doesNotContain("terminating connection due to administrator command");
      assertThat(node.log()).doesNotContain("did not stop");
      node.startAgain();

      assertThatNoneIsLost(acknowledged);
      assertRight(probe.connect());
    }
  }

  @Test
  void startsAfterAStartThatWasKilledHalfWay() {
    String run = node.api().trigger("it-task", Map.of());
    node.stop();
    node.launch();
    Await.until("its Postgres to have been started", () -> embedded.postmaster().isPresent());
    node.kill();

    node.startAgain();

    node.api().get("/api/v3/runs/" + run).expect(200);
  }

  private Workers inTheMiddleOfWork() {
    Workers workers = Workers.start(3, node.api(), tag);
    workers.awaitRuns(60);
    assertThat(workers.areAtWork()).as("nothing was refused to any of them").isTrue();
    return workers;
  }

  private static void assertThatNoneIsLost(Map<String, String> acknowledged) {
    acknowledged.forEach(
        (run, status) -> {
          Answer found = node.api().get("/api/v3/runs/" + run).expect(200);
          assertThat(Workers.hasReached(found.json().get("status").asText(), status))
              .as("%s, acknowledged as %s, is %s", run, status, found.body())
              .isTrue();
        });
  }

  private void assertRight(SseProbe probe) {
    RunWriter sql = new RunWriter(embedded.open(), node.api().environment());
    String later = node.api().trigger("it-task", Map.of("tags", List.of(tag)));
    Map<String, String> table = sql.rows("tags @> array[?::text]", tag);
    assertThat(table).hasSizeGreaterThan(60).containsKey(later);
    probe.awaitLive().await("the table", known -> TableRows.of(known).equals(table));
  }

  private SseProbe follow() {
    return node.follow("/realtime/v1/runs?tags=" + tag);
  }
}
