package dev.runcast.http.realtime.socket;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runcast.run.RunStatus;
import dev.runcast.testing.Await;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Clients that ask for too much, or take too little. */
class SocketPressureIT {
  private final SocketWorld world = new SocketWorld();

  @AfterEach
  void stop() {
    world.close();
  }

  @Test
  void takesNoMoreSubscriptionsThanASocketMayHold() {
    try (SocketClient client = world.open()) {
      for (int i = 0; i < 3_000; i++) {
        client.subscribe("s" + i, "/realtime/v1/runs/run_" + i + "?after=now");
        if (i < Subscriber.MOST_SUBSCRIPTIONS) {
          world.commit("run_" + i, 1, RunStatus.PENDING);
        }
      }
      List<JsonObject> told = IntStream.range(0, 3_000).mapToObj(i -> client.next()).toList();

      assertThat(told).hasSize(3_000);
      assertThat(world.server.subscriptions()).isLessThanOrEqualTo(Subscriber.MOST_SUBSCRIPTIONS);
    }
    Await.until("all places are given back", () -> world.server.subscriptions() == 0);
  }

  @Test
  void sparesASlowClientWhatLiesBetweenAndNeverTheLast() {
    world.commit("run_1", 1, RunStatus.PENDING);
    try (SocketClient client = world.open()) {
      client.subscribe("one", "/realtime/v1/runs/run_1?after=now");
      client.subscribe("all", "/realtime/v1/runs?after=now");
      client.until("live", "all");
      client.stopReading();
      int last = 400;
      for (int version = 2; version <= last; version++) {
        world.large("run_1", version);
      }
      client.readAgain();

      assertThat(SocketWorld.lastTold(client, "one", last)).isLessThan(last);
    }
  }

  @Test
  void breaksOffWhoTakesNothingAtAll() {
    try (SocketClient client = world.open()) {
      client.subscribe("s", "/realtime/v1/runs?after=now").until("live", "s");
      client.stopReading();
      for (int version = 1; version <= 400; version++) {
        world.large("run_1", version);
      }
      world.passWithoutRounds(Duration.ofMinutes(2));
      world.server.tick();

      Await.until("its place is given back", () -> world.server.subscriptions() == 0);
      Await.until("it is no guest any more", () -> world.server.connections() == 0);
      client.readAgain();
      assertThat(client.closed()).isIn("4001 slow-consumer", "broken");
    }
  }
}
