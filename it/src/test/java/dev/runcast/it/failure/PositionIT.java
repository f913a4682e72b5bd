package dev.runcast.it.failure;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.runcast.it.harness.Answer;
import dev.runcast.it.harness.Await;
import dev.runcast.it.harness.Node;
import dev.runcast.it.harness.NodeSpec;
import dev.runcast.it.harness.Pair;
import dev.runcast.it.harness.Shared;
import dev.runcast.it.harness.SseProbe;
import dev.runcast.it.harness.TestDatabase;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Who writes at one node reads what it wrote at another, or is told how far that one is behind. */
class PositionIT {

  @Test
  void aNodeThatHearsNothingSaysSoUntilItDoes() {
    TestDatabase database = Shared.postgres().database();
    try (Node leader = Node.start(NodeSpec.serve(database));
        Node standby = Node.create(NodeSpec.serve(database))) {
      standby.launch();
      standby.awaitAnswering();
      Answer made = trigger(standby);
      String run = made.json().path("id").asText();
      String after = "?after-position=" + position(made);

      leader.api().get("/api/v3/runs/" + run + after).expect(200);
      Answer late = standby.api().get("/api/v3/runs/" + run + after).expect(504);
      assertThat(late.error()).contains("position " + position(made), "behind", "nothing");
      try (SseProbe probe = standby.follow("/realtime/v1/runs/" + run + after)) {
        assertThat(probe.awaitRefusal().status()).isEqualTo(504);
      }
      try (SocketEvents socket = new SocketEvents(standby)) {
        socket.subscribe("a", "/realtime/v1/runs/" + run + after, standby.secretKey());
        JsonNode error = socket.await("a", "error");
        assertThat(error.path("status").asInt()).isEqualTo(504);
        assertThat(error.path("retryable").asBoolean()).isTrue();
      }
      standby.api().get("/api/v3/runs/" + run + "?after-position=" + (1L << 60)).expect(400);

      leader.kill();
      standby.awaitReady();
      Await.until(
          "the standby to have heard",
          () -> standby.api().get("/api/v3/runs/" + run + after).status() == 200);
      try (SseProbe probe = standby.follow("/realtime/v1/runs/" + run + after).awaitLive()) {
        assertThat(probe.status(run)).isEqualTo("QUEUED");
      }
    }
  }

  @Test
  void inAClusterWhatIsWrittenAtEitherNodeIsReadAtTheOther() {
    TestDatabase database = Shared.postgres().database();
    try (Pair pair = Pair.start(database)) {
      Node leader = pair.leader();
      Node follower = pair.follower();
      Answer made = trigger(leader);
      String run = made.json().path("id").asText();
      for (String status : new String[] {"EXECUTING", "COMPLETED"}) {
        Answer moved = leader.api().move(run, Map.of("status", status));
        String path = "/realtime/v1/runs/" + run + "?after-position=" + position(moved);
        try (SseProbe probe = follower.follow(path);
            SocketEvents socket = new SocketEvents(leader)) {
          socket.subscribe("a", path, leader.secretKey());
          assertThat(socket.await("a", "snapshot").toString()).contains(status);
          probe.awaitLive();
          assertThat(probe.status(run)).isEqualTo(status);
        }
      }
    }
  }

  private static Answer trigger(Node node) {
    return node.api().post("/api/v1/tasks/task/trigger", Map.of()).expect(200);
  }

  private static String position(Answer written) {
    return written.header("x-runcast-position").orElseThrow();
  }
}
