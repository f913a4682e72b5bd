package dev.runcast.it.failure;

import static dev.runcast.it.harness.NewRun.name;
import static dev.runcast.it.harness.NewRun.run;
import static org.assertj.core.api.Assertions.assertThat;

import dev.runcast.it.harness.Answer;
import dev.runcast.it.harness.Await;
import dev.runcast.it.harness.ClientModel;
import dev.runcast.it.harness.Node;
import dev.runcast.it.harness.NodeSpec;
import dev.runcast.it.harness.PostgresServer;
import dev.runcast.it.harness.RunWriter;
import dev.runcast.it.harness.SseProbe;
import dev.runcast.it.harness.TableRows;
import dev.runcast.it.harness.TestDatabase;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Postgres goes away under an open feed and comes back: the feed says so and misses nothing. */
class PostgresRestartIT {
  private static PostgresServer postgres;
  private static Node node;
  private static RunWriter sql;

  private final String tag = name("kept");

  @BeforeAll
  static void start() {
    postgres = PostgresServer.start();
    TestDatabase database = postgres.database();
    node = Node.start(NodeSpec.serve(database));
    sql = new RunWriter(database, node.api().environment());
  }

  @AfterAll
  static void stop() {
    node.close();
    postgres.close();
  }

  static List<Named<Consumer<PostgresServer>>> waysToStop() {
    return List.of(
        Named.of("fast", PostgresServer::stop), Named.of("immediate", PostgresServer::stopAtOnce));
  }

  @ParameterizedTest
  @MethodSource("waysToStop")
  void anOpenFeedOutlivesARestart(Consumer<PostgresServer> stop) {
    String id = sql.insert(run().tagged(tag));
    try (SseProbe probe = node.follow("/realtime/v1/runs?tags=" + tag).awaitLive()) {
      sql.update(id, "status = 'EXECUTING'");
      String lastWords = sql.insert(run().tagged(tag));
      stop.accept(postgres);

      probe.await("stale", ClientModel::isStale);
      assertThat(probe.isConnected()).as("the feed stays open").isTrue();
      assertSaysWhy(node.api().get("/api/v3/runs/" + id));
      assertSaysWhy(node.api().post("/api/v1/tasks/it-task/trigger", Map.of()));
      assertThat(node.management("/health").status()).isEqualTo(200);
      assertThat(node.management("/ready").expect(503).body()).contains("database");

      postgres.startAgain();
      node.awaitReady();
      Await.until("REST to answer", () -> node.api().get("/api/v3/runs/" + id).status() == 200);
      sql.update(lastWords, "status = 'CANCELED'");
      String triggered = node.api().trigger("it-task", Map.of("tags", List.of(tag)));

      probe.await("no longer stale", known -> known.isLive() && !known.isStale());
      Map<String, String> table = sql.rows("tags @> array[?::text]", tag);
      assertThat(table).containsOnlyKeys(id, lastWords, triggered);
      probe.await("the table", known -> TableRows.of(known).equals(table));
      assertThat(probe.isConnected()).as("on the same connection all the time").isTrue();
    }
  }

  private static void assertSaysWhy(Answer answer) {
    assertThat(answer.status()).isEqualTo(503);
    assertThat(answer.error()).containsIgnoringCase("database");
    assertThat(answer.header("x-should-retry")).contains("true");
  }
}
