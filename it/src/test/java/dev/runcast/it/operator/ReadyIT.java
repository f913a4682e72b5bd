package dev.runcast.it.operator;

import static dev.runcast.it.harness.NewRun.run;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.runcast.it.harness.Answer;
import dev.runcast.it.harness.Await;
import dev.runcast.it.harness.Node;
import dev.runcast.it.harness.NodeSpec;
import dev.runcast.it.harness.Shared;
import dev.runcast.it.harness.SseProbe;
import dev.runcast.it.harness.TestDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The management port: health, readiness, metrics. */
class ReadyIT {

  @Test
  void isNotReadyBeforeTheTailStands() throws SQLException {
    TestDatabase database = Shared.postgres().database();
    try (Node node = Node.create(NodeSpec.serve(database));
        Connection connection = Shared.postgres().maintenance().connect();
        Statement statement = connection.createStatement()) {
      // Postgres makes a slot only once every transaction that is open has ended.
      connection.setAutoCommit(false);
      statement.execute("select pg_current_xact_id()");
      node.launch();
      node.awaitAnswering();

      assertThat(node.management("/health").expect(200).json().path("up").asBoolean()).isTrue();
      Await.until(
          "the state to be named", () -> reason(node).contains("every transaction that is open"));
      Answer waiting = node.management("/ready").expect(503);
      assertThat(waiting.json().path("ready").asBoolean()).isFalse();
      assertThat(waiting.json().path("reasons")).hasSize(1);
      assertThat(reason(node)).startsWith("No news arrives: the replication slot can't be had yet");

      connection.rollback();
      node.awaitReady();
      assertThat(node.management("/ready").json().path("reasons")).isEmpty();
    }
  }

  @Test
  void namesASlotThatAnotherHas() {
    TestDatabase database = Shared.postgres().database();
    try (Node other = Node.start(NodeSpec.serve(database));
        Node node = Node.create(NodeSpec.serve(database))) {
      node.launch();
      node.awaitAnswering();
      Await.until("the state to be named", () -> reason(node).contains("another node"));
      assertThat(reason(node)).contains("has the replication slot");

      other.stop();
      node.awaitReady();
    }
  }

  @Test
  void countsWhatItDoes() {
    Node node = Shared.node();
    try (SseProbe probe = node.follow("/realtime/v1/runs?after=now").awaitLive()) {
      double before = metric("runcast_changes_routed_total");
      String id = Shared.sql().insert(run());
      probe.await("the run", known -> known.get(id) != null);

      Await.until("it to be counted", () -> metric("runcast_changes_routed_total") > before);
      Await.until("the frame to be counted", () -> metric("runcast_frames_delivered_total") > 0);
      assertThat(metric("runcast_delivery_lag_seconds_count")).isPositive();
      assertThat(metric("runcast_subscriptions")).isGreaterThanOrEqualTo(1);
      assertThat(metric("runcast_tail_leader")).isEqualTo(1);
      assertThat(metric("runcast_slot_retained_bytes")).isPositive();
      assertThat(metric("runcast_horizon_age_seconds")).isGreaterThanOrEqualTo(0);
      assertThat(metric("jvm_memory_used_bytes")).isPositive();
    }
  }

  @Test
  void keepsItsAnswersOffThePublicPort() {
    for (String path : List.of("/health", "/ready", "/metrics")) {
      String told = Shared.node().management(path).expect(200).body();
      assertThat(told).as(path).containsAnyOf("\"up\":true", "\"ready\":true", "# HELP");

      Answer outside = Shared.node().api("").get(path);
      assertThat(outside.body()).as(path).doesNotContain("\"up\"", "\"ready\"", "# HELP");
    }
  }

  private static String reason(Node node) {
    JsonNode reasons = node.management("/ready").json().path("reasons");
    return reasons.path(0).asText();
  }

  private static double metric(String name) {
    return Shared.node()
        .management("/metrics")
        .expect(200)
        .body()
        .lines()
        .filter(line -> line.startsWith(name + " ") || line.startsWith(name + "{"))
        .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
        .findFirst()
        .orElseThrow(() -> new AssertionError("no metric " + name));
  }
}
