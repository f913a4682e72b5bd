package dev.runcast.http.realtime.socket;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runcast.http.realtime.sse.RawClient;
import dev.runcast.run.RunStatus;
import dev.runcast.testing.Await;
import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a client may not send is answered or hung up on, and another socket goes on. */
class SocketBadInputIT {
  private final SocketWorld world = new SocketWorld();

  @AfterEach
  void stop() {
    world.close();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "nonsense | message | null",
        "[] | message | null",
        "{\"type\":\"shout\"} | type | null",
        "{\"subscription\":\"x\"} | type | x",
        "{\"type\":\"subscribe\"} | subscription | null",
        "{\"type\":\"subscribe\",\"subscription\":\"\"} | subscription | null",
        "{\"type\":\"subscribe\",\"subscription\":7} | subscription | null",
        "{\"type\":\"subscribe\",\"subscription\":\"x\"} | feed | x",
        "{\"type\":\"subscribe\",\"subscription\":\"x\",\"feed\":\"/api/v1/runs\"} | feed | x",
        "{\"type\":\"subscribe\",\"subscription\":\"x\",\"feed\":\"/realtime/v1/runs?offset=-1\"} | feed | x",
        "{\"type\":\"subscribe\",\"subscription\":\"x\",\"feed\":\"/realtime/v1/runs?access_token=t\"} | feed | x",
        "{\"type\":\"subscribe\",\"subscription\":\"x\",\"feed\":\"/realtime/v1/runs?a=%zz\"} | feed | x",
        "{\"type\":\"subscribe\",\"subscription\":\"x\",\"feed\":\"/realtime/v1/runs?createdAt=soon\"} | createdAt | x",
        "{\"type\":\"subscribe\",\"subscription\":\"x\",\"feed\":\"/realtime/v1/runs\",\"after\":\"?\"} | Last-Event-ID | x",
        "{\"type\":\"subscribe\",\"subscription\":\"x\",\"feed\":\"/realtime/v1/runs/a.b\"} | null | x",
        "{\"type\":\"renew\",\"subscription\":\"x\",\"token\":\"t\"} | null | x",
        "{\"type\":\"renew\"} | token | null",
        "{\"type\":{\"a\":[[[[1]]]]}} | message | null",
      },
      nullValues = "null")
  void answersABadCommandAndGoesOn(String text, String param, String name) {
    try (SocketClient client = world.open()) {
      client.subscribe("good", "/realtime/v1/runs").until("live", "good");

      JsonObject told = client.send(text).next();

      assertThat(told.getString("event")).isEqualTo("error");
      assertThat(told.getString("subscription")).isEqualTo(name);
      assertThat(told.getJsonObject("data").getString("param")).isEqualTo(param);
      assertThat(told.getJsonObject("data").getString("error")).endsWith(".");
      world.commit("run_1", 1, RunStatus.PENDING);
      assertThat(client.next().getString("subscription")).isEqualTo("good");
    }
  }

  @Test
  void hangsUpOnBytesAndOnMessagesThatAreTooLong() {
    try (SocketClient binary = world.open();
        SocketClient huge = world.open();
        SocketClient other = world.open()) {
      other.subscribe("s", "/realtime/v1/runs").until("live", "s");
      binary.sendBytes();
      huge.send("x".repeat(10 << 20));

      assertThat(binary.closed()).startsWith("1003");
      assertThat(huge.closed()).matches("1009.*|broken");
      world.commit("run_1", 1, RunStatus.PENDING);
      assertThat(other.next().getString("event")).isEqualTo("run");
    }
  }

  @Test
  void hangsUpOnAClientThatAnswersNoPing() throws Exception {
    try (RawClient silent = RawClient.connect(world.port())) {
      silent.write(
          String.join(
              "\r\n",
              "GET /realtime/v1/socket HTTP/1.1",
              "host: test",
              "upgrade: websocket",
              "connection: upgrade",
              "sec-websocket-version: 13",
              "sec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==",
              "",
              ""));
      silent.readHead();
      assertThat(silent.status()).isEqualTo(101);
      // Half a frame of text: a length of 100, a mask, and then nothing.
      silent.socket.getOutputStream().write(new byte[] {(byte) 0x81, (byte) 0xe4, 1, 2, 3, 4, 5});
      Await.until("it is a guest", () -> world.server.connections() == 1);
      for (int round = 0; round < 5; round++) {
        world.server.round();
      }

      assertThat(world.server.connections()).isZero();
      assertThat(silent.readsToTheEndOfTheConnection()).isTrue();
    }
  }
}
