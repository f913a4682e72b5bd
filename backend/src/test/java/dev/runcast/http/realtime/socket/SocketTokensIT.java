package dev.runcast.http.realtime.socket;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runcast.run.RunStatus;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Each subscription lives as long as its token, which may be the socket's. */
class SocketTokensIT {
  private final SocketWorld world = new SocketWorld();

  @AfterEach
  void stop() {
    world.close();
  }

  @Test
  void letsEachSubscriptionBringItsOwnToken() {
    world.commit("run_1", 1, RunStatus.PENDING, "a");
    try (SocketClient client = SocketClient.open(world.port(), "")) {
      client.subscribe("none", "/realtime/v1/runs");
      assertThat(SocketWorld.status(client.await("error", "none"))).isEqualTo(401);
      client.send(SocketWorld.subscribe("wrong", "/realtime/v1/runs", "tr_dev_wrong"));
      assertThat(SocketWorld.status(client.await("error", "wrong"))).isEqualTo(401);
      String token = world.token("read:tags:a", Duration.ofHours(1));
      client.send(SocketWorld.subscribe("all", "/realtime/v1/runs", token));
      assertThat(SocketWorld.status(client.await("error", "all"))).isEqualTo(403);
      client.send(SocketWorld.subscribe("gone", "/realtime/v1/runs/run_9", token));
      assertThat(SocketWorld.status(client.await("error", "gone"))).isEqualTo(404);

      client.send(SocketWorld.subscribe("a", "/realtime/v1/runs?tags=a", token));

      assertThat(SocketWorld.rows(client.until("live", "a"))).contains("run_1");
    }
  }

  @Test
  void warnsOfTheEndOfATokenAndGoesOnUnderANewOne() {
    String first = world.token("read:runs", Duration.ofMinutes(5));
    try (SocketClient client = SocketClient.open(world.port(), "")) {
      client.send(SocketWorld.subscribe("s", "/realtime/v1/runs", first)).until("live", "s");
      world.pass(Duration.ofMinutes(4).plusSeconds(1));
      JsonObject warning = client.next();
      client.send(
          SocketWorld.command("renew", "s")
              .put("token", world.token("read:tags:a", Duration.ofHours(1))));
      JsonObject tooNarrow = client.next();
      client.send(
          SocketWorld.command("renew", "s")
              .put("token", world.token("read:runs", Duration.ofHours(1))));
      JsonObject renewed = client.next();
      world.pass(Duration.ofMinutes(2));
      world.commit("run_1", 1, RunStatus.PENDING);

      assertThat(warning.getString("event")).isEqualTo("token-expiring");
      assertThat(warning.getJsonObject("data").getString("expiresAt")).isNotBlank();
      assertThat(SocketWorld.status(tooNarrow)).isEqualTo(403);
      assertThat(renewed.getString("event")).isEqualTo("renewed");
      assertThat(client.next().getString("event")).isEqualTo("run");
    }
  }

  @Test
  void endsASubscriptionWithItsTokenAndLeavesTheOthers() {
    try (SocketClient client = world.open()) {
      client.send(
          SocketWorld.subscribe(
              "short", "/realtime/v1/runs", world.token("read:runs", Duration.ofMinutes(5))));
      client.until("live", "short");
      client.subscribe("long", "/realtime/v1/runs").until("live", "long");
      world.pass(Duration.ofMinutes(6));

      JsonObject end = client.await("end", "short").getJsonObject("data");
      world.commit("run_1", 1, RunStatus.PENDING);

      assertThat(end.getString("reason")).isEqualTo("token-expired");
      assertThat(end.getBoolean("retryable")).isTrue();
      assertThat(client.next().getString("subscription")).isEqualTo("long");
    }
  }

  @Test
  void renewsAllThatCameWithoutATokenOfTheirOwn() {
    String first = world.token("read:runs", Duration.ofMinutes(5));
    try (SocketClient client = SocketClient.open(world.port(), "?access_token=" + first)) {
      client.subscribe("one", "/realtime/v1/runs").until("live", "one");
      client.subscribe("two", "/realtime/v1/runs").until("live", "two");
      client.send(
          new JsonObject()
              .put("type", "renew")
              .put("token", world.token("read:runs", Duration.ofHours(1))));
      client.until("renewed", null);
      client.until("renewed", null);
      world.pass(Duration.ofMinutes(6));
      world.commit("run_1", 1, RunStatus.PENDING);

      assertThat(List.of(client.next(), client.next()))
          .extracting(told -> told.getString("event"))
          .containsOnly("run");
    }
  }
}
