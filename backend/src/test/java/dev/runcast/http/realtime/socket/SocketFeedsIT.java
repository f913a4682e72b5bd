package dev.runcast.http.realtime.socket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.runcast.http.realtime.sse.RawClient;
import dev.runcast.run.RunStatus;
import io.vertx.core.json.JsonObject;
import java.net.http.WebSocketHandshakeException;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * Many subscriptions on one socket, each under its name and from its own cursor, as a client of the
 * JDK's sees them.
 */
class SocketFeedsIT {
  private final SocketWorld world = new SocketWorld();

  @AfterEach
  void stop() {
    world.close();
  }

  @Test
  void carriesEachFeedUnderItsName() {
    world.commit("run_1", 1, RunStatus.PENDING, "a");
    try (SocketClient client = world.open()) {
      client
          .subscribe("of a", "/realtime/v1/runs?tags=a")
          .subscribe("é\"", "/realtime/v1/runs/run_1");
      assertThat(SocketWorld.rows(client.until("live", "of a"))).contains("run_1");
      client.until("live", "é\"");

      world.commit("run_1", 2, RunStatus.EXECUTING, "a");
      List<JsonObject> both = List.of(client.next(), client.next());
      world.commit("run_2", 1, RunStatus.PENDING, "a");
      JsonObject entry = client.next();

      assertThat(both)
          .extracting(told -> told.getString("subscription"))
          .containsExactlyInAnyOrder("of a", "é\"");
      assertThat(both).allSatisfy(told -> assertThat(SocketWorld.version(told)).isEqualTo(2));
      assertThat(both).allSatisfy(told -> assertThat(told.getString("id")).isNotBlank());
      assertThat(entry.getString("subscription")).isEqualTo("of a");
      assertThat(entry.getJsonObject("data").getBoolean("whole")).isTrue();
    }
  }

  @Test
  void leavesOutColumnsLikeEveryFeed() {
    try (SocketClient client = world.open()) {
      client.subscribe("s", "/realtime/v1/runs?skipColumns=payload").until("live", "s");
      world.commit("run_1", 1, RunStatus.PENDING);

      JsonObject run = client.next().getJsonObject("data").getJsonObject("run");

      assertThat(run.containsKey("payload")).isFalse();
      assertThat(run.getString("status")).isEqualTo("QUEUED");
    }
  }

  @Test
  void samplesOneFeedAndNotTheOther() {
    try (SocketClient client = world.open()) {
      client.subscribe("all", "/realtime/v1/runs").until("live", "all");
      client.subscribe("some", "/realtime/v1/runs?sample=2s").until("live", "some");
      for (int version = 1; version <= 3; version++) {
        world.commit("run_1", version, RunStatus.EXECUTING);
      }
      List<JsonObject> told = IntStream.range(0, 4).mapToObj(i -> client.next()).toList();
      world.passWithoutRounds(Duration.ofSeconds(3));
      JsonObject late = client.next();
      world.commit("run_1", 4, RunStatus.COMPLETED_SUCCESSFULLY);
      List<JsonObject> end = List.of(client.next(), client.next());

      assertThat(told)
          .extracting(each -> each.getString("subscription") + " " + SocketWorld.version(each))
          .containsExactlyInAnyOrder("all 1", "some 1", "all 2", "all 3");
      assertThat(late.getString("subscription")).isEqualTo("some");
      assertThat(SocketWorld.version(late)).isEqualTo(3);
      assertThat(end).allSatisfy(each -> assertThat(SocketWorld.version(each)).isEqualTo(4));
    }
  }

  @Test
  void resumesEachFeedFromItsOwnCursor() {
    world.commit("run_1", 1, RunStatus.PENDING, "a");
    String cursor;
    try (SocketClient client = world.open()) {
      cursor = client.subscribe("s", "/realtime/v1/runs?tags=a").await("live", "s").getString("id");
    }
    world.commit("run_1", 2, RunStatus.EXECUTING, "a");

    try (SocketClient client = world.open()) {
      client.send(
          SocketWorld.command("subscribe", "s")
              .put("feed", "/realtime/v1/runs?tags=a")
              .put("after", cursor));
      List<JsonObject> told = client.until("live", "s");

      assertThat(told).hasSize(2);
      assertThat(SocketWorld.version(told.get(0))).isEqualTo(2);
    }
  }

  @Test
  void refusesANameThatIsTakenUntilItIsFreeAgain() {
    try (SocketClient client = world.open()) {
      client.subscribe("s", "/realtime/v1/runs").until("live", "s");
      assertThat(client.subscribe("s", "/realtime/v1/runs").await("error", "s")).isNotNull();

      client.send(SocketWorld.command("unsubscribe", "s"));
      JsonObject end = client.await("end", "s").getJsonObject("data");
      client.send(SocketWorld.command("unsubscribe", "s"));
      JsonObject again = client.await("end", "s").getJsonObject("data");

      assertThat(end.getString("reason")).isEqualTo("unsubscribed");
      assertThat(again).isEqualTo(end);
      assertThat(world.server.subscriptions()).isZero();
      client.subscribe("s", "/realtime/v1/runs").until("live", "s");
    }
  }

  @Test
  void refusesAHandshakeThatMeansSomethingElse() throws Exception {
    assertThatThrownBy(() -> SocketClient.open(world.port(), "?access_token=tr_dev_wrong"))
        .hasCauseInstanceOf(WebSocketHandshakeException.class);
    assertThatThrownBy(() -> SocketClient.openSpeaking(world.port(), "graphql-ws"))
        .hasCauseInstanceOf(WebSocketHandshakeException.class);
    try (RawClient client = RawClient.connect(world.port()).get("/realtime/v1/socket")) {
      assertThat(client.status()).isEqualTo(400);
      assertThat(client.rest()).contains("WebSocket");
    }
  }

  @Test
  void tellsEveryoneThatItGoesDown() {
    try (SocketClient client = world.open()) {
      client.subscribe("s", "/realtime/v1/runs").until("live", "s");

      world.stop();

      assertThat(client.await("end", "s").getJsonObject("data").getString("reason"))
          .isEqualTo("shutdown");
      assertThat(client.closed()).isIn("1001 shutdown", "broken");
    }
  }
}
