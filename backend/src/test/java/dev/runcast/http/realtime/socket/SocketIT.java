package dev.runcast.http.realtime.socket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.runcast.http.ServerOptions;
import dev.runcast.http.realtime.sse.FeedServer;
import dev.runcast.http.realtime.sse.RawClient;
import dev.runcast.hub.Hub;
import dev.runcast.run.RunStatus;
import dev.runcast.subscribe.Limits;
import dev.runcast.testing.Await;
import dev.runcast.tokens.Expiry;
import dev.runcast.tokens.Grants;
import dev.runcast.tokens.SigningKey;
import dev.runcast.tokens.TokenIssuer;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.net.http.WebSocketHandshakeException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Many subscriptions on one socket, as a client of the JDK's sees them. */
class SocketIT {
  private static final String KEY = "?access_token=" + FeedServer.SECRET;
  private static Vertx vertx;

  private final AtomicReference<Instant> now = new AtomicReference<>(Instant.now());
  private FeedServer server;

  @BeforeAll
  static void startVertx() {
    vertx = Vertx.vertx();
  }

  @AfterAll
  static void stopVertx() {
    vertx.close().await();
  }

  @BeforeEach
  void start() {
    server =
        new FeedServer(
                ServerOptions.clear("127.0.0.1", 0),
                FeedServer.unhurried(),
                new Limits(5_000, 2),
                Hub.Budgets.DEFAULT,
                now::get)
            .startOn(vertx);
  }

  @AfterEach
  void stop() {
    if (vertx.deploymentIDs().contains(server.deploymentID())) {
      vertx.undeploy(server.deploymentID()).await();
    }
  }

  @Test
  void carriesEachFeedUnderItsName() {
    commit("run_1", 1, RunStatus.PENDING, "a");
    try (SocketClient client = open()) {
      client
          .subscribe("of a", "/realtime/v1/runs?tags=a")
          .subscribe("é\"", "/realtime/v1/runs/run_1");
      assertThat(rows(client.until("live", "of a"))).contains("run_1");
      client.until("live", "é\"");

      commit("run_1", 2, RunStatus.EXECUTING, "a");
      List<JsonObject> both = List.of(client.next(), client.next());
      commit("run_2", 1, RunStatus.PENDING, "a");
      JsonObject entry = client.next();

      assertThat(both)
          .extracting(told -> told.getString("subscription"))
          .containsExactlyInAnyOrder("of a", "é\"");
      assertThat(both).allSatisfy(told -> assertThat(version(told)).isEqualTo(2));
      assertThat(both).allSatisfy(told -> assertThat(told.getString("id")).isNotBlank());
      assertThat(entry.getString("subscription")).isEqualTo("of a");
      assertThat(entry.getJsonObject("data").getBoolean("whole")).isTrue();
    }
  }

  @Test
  void leavesOutColumnsLikeEveryFeed() {
    try (SocketClient client = open()) {
      client.subscribe("s", "/realtime/v1/runs?skipColumns=payload").until("live", "s");
      commit("run_1", 1, RunStatus.PENDING);

      JsonObject run = client.next().getJsonObject("data").getJsonObject("run");

      assertThat(run.containsKey("payload")).isFalse();
      assertThat(run.getString("status")).isEqualTo("QUEUED");
    }
  }

  @Test
  void resumesEachFeedFromItsOwnCursor() {
    commit("run_1", 1, RunStatus.PENDING, "a");
    String cursor;
    try (SocketClient client = open()) {
      cursor = client.subscribe("s", "/realtime/v1/runs?tags=a").await("live", "s").getString("id");
    }
    commit("run_1", 2, RunStatus.EXECUTING, "a");

    try (SocketClient client = open()) {
      client.send(
          command("subscribe", "s").put("feed", "/realtime/v1/runs?tags=a").put("after", cursor));
      List<JsonObject> told = client.until("live", "s");

      assertThat(told).hasSize(2);
      assertThat(version(told.get(0))).isEqualTo(2);
    }
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
    try (SocketClient client = open()) {
      client.subscribe("good", "/realtime/v1/runs").until("live", "good");

      JsonObject told = client.send(text).next();

      assertThat(told.getString("event")).isEqualTo("error");
      assertThat(told.getString("subscription")).isEqualTo(name);
      assertThat(told.getJsonObject("data").getString("param")).isEqualTo(param);
      assertThat(told.getJsonObject("data").getString("error")).endsWith(".");
      commit("run_1", 1, RunStatus.PENDING);
      assertThat(client.next().getString("subscription")).isEqualTo("good");
    }
  }

  @Test
  void refusesANameThatIsTakenUntilItIsFreeAgain() {
    try (SocketClient client = open()) {
      client.subscribe("s", "/realtime/v1/runs").until("live", "s");
      assertThat(client.subscribe("s", "/realtime/v1/runs").await("error", "s")).isNotNull();

      client.send(command("unsubscribe", "s"));
      JsonObject end = client.await("end", "s").getJsonObject("data");
      client.send(command("unsubscribe", "s"));
      JsonObject again = client.await("end", "s").getJsonObject("data");

      assertThat(end.getString("reason")).isEqualTo("unsubscribed");
      assertThat(again).isEqualTo(end);
      assertThat(server.subscriptions()).isZero();
      client.subscribe("s", "/realtime/v1/runs").until("live", "s");
    }
  }

  @Test
  void letsEachSubscriptionBringItsOwnToken() {
    commit("run_1", 1, RunStatus.PENDING, "a");
    try (SocketClient client = SocketClient.open(server.port(), "")) {
      client.subscribe("none", "/realtime/v1/runs");
      assertThat(status(client.await("error", "none"))).isEqualTo(401);
      client.send(subscribe("wrong", "/realtime/v1/runs", "tr_dev_wrong"));
      assertThat(status(client.await("error", "wrong"))).isEqualTo(401);
      String token = token("read:tags:a", Duration.ofHours(1));
      client.send(subscribe("all", "/realtime/v1/runs", token));
      assertThat(status(client.await("error", "all"))).isEqualTo(403);
      client.send(subscribe("gone", "/realtime/v1/runs/run_9", token));
      assertThat(status(client.await("error", "gone"))).isEqualTo(404);

      client.send(subscribe("a", "/realtime/v1/runs?tags=a", token));

      assertThat(rows(client.until("live", "a"))).contains("run_1");
    }
  }

  @Test
  void refusesAHandshakeThatMeansSomethingElse() throws Exception {
    assertThatThrownBy(() -> SocketClient.open(server.port(), "?access_token=tr_dev_wrong"))
        .hasCauseInstanceOf(WebSocketHandshakeException.class);
    assertThatThrownBy(() -> SocketClient.openSpeaking(server.port(), "graphql-ws"))
        .hasCauseInstanceOf(WebSocketHandshakeException.class);
    try (RawClient client = RawClient.connect(server.port()).get("/realtime/v1/socket")) {
      assertThat(client.status()).isEqualTo(400);
      assertThat(client.rest()).contains("WebSocket");
    }
  }

  @Test
  void warnsOfTheEndOfATokenAndGoesOnUnderANewOne() {
    String first = token("read:runs", Duration.ofMinutes(5));
    try (SocketClient client = SocketClient.open(server.port(), "")) {
      client.send(subscribe("s", "/realtime/v1/runs", first)).until("live", "s");
      pass(Duration.ofMinutes(4).plusSeconds(1));
      JsonObject warning = client.next();
      client.send(command("renew", "s").put("token", token("read:tags:a", Duration.ofHours(1))));
      JsonObject tooNarrow = client.next();
      client.send(command("renew", "s").put("token", token("read:runs", Duration.ofHours(1))));
      JsonObject renewed = client.next();
      pass(Duration.ofMinutes(2));
      commit("run_1", 1, RunStatus.PENDING);

      assertThat(warning.getString("event")).isEqualTo("token-expiring");
      assertThat(warning.getJsonObject("data").getString("expiresAt")).isNotBlank();
      assertThat(status(tooNarrow)).isEqualTo(403);
      assertThat(renewed.getString("event")).isEqualTo("renewed");
      assertThat(client.next().getString("event")).isEqualTo("run");
    }
  }

  @Test
  void endsASubscriptionWithItsTokenAndLeavesTheOthers() {
    try (SocketClient client = open()) {
      client.send(
          subscribe("short", "/realtime/v1/runs", token("read:runs", Duration.ofMinutes(5))));
      client.until("live", "short");
      client.subscribe("long", "/realtime/v1/runs").until("live", "long");
      pass(Duration.ofMinutes(6));

      JsonObject end = client.await("end", "short").getJsonObject("data");
      commit("run_1", 1, RunStatus.PENDING);

      assertThat(end.getString("reason")).isEqualTo("token-expired");
      assertThat(end.getBoolean("retryable")).isTrue();
      assertThat(client.next().getString("subscription")).isEqualTo("long");
    }
  }

  @Test
  void renewsAllThatCameWithoutATokenOfTheirOwn() {
    String first = token("read:runs", Duration.ofMinutes(5));
    try (SocketClient client = SocketClient.open(server.port(), "?access_token=" + first)) {
      client.subscribe("one", "/realtime/v1/runs").until("live", "one");
      client.subscribe("two", "/realtime/v1/runs").until("live", "two");
      client.send(
          new JsonObject()
              .put("type", "renew")
              .put("token", token("read:runs", Duration.ofHours(1))));
      client.until("renewed", null);
      client.until("renewed", null);
      pass(Duration.ofMinutes(6));
      commit("run_1", 1, RunStatus.PENDING);

      assertThat(List.of(client.next(), client.next()))
          .extracting(told -> told.getString("event"))
          .containsOnly("run");
    }
  }

  @Test
  void takesNoMoreSubscriptionsThanASocketMayHold() {
    try (SocketClient client = open()) {
      for (int i = 0; i < 3_000; i++) {
        client.subscribe("s" + i, "/realtime/v1/runs/run_" + i + "?after=now");
        if (i < Subscriber.MOST_SUBSCRIPTIONS) {
          commit("run_" + i, 1, RunStatus.PENDING);
        }
      }
      List<JsonObject> told = IntStream.range(0, 3_000).mapToObj(i -> client.next()).toList();

      assertThat(told).hasSize(3_000);
      assertThat(server.subscriptions()).isLessThanOrEqualTo(Subscriber.MOST_SUBSCRIPTIONS);
    }
    Await.until("all places are given back", () -> server.subscriptions() == 0);
  }

  @Test
  void hangsUpOnBytesAndOnMessagesThatAreTooLong() {
    try (SocketClient binary = open();
        SocketClient huge = open();
        SocketClient other = open()) {
      other.subscribe("s", "/realtime/v1/runs").until("live", "s");
      binary.sendBytes();
      huge.send("x".repeat(10 << 20));

      assertThat(binary.closed()).startsWith("1003");
      assertThat(huge.closed()).matches("1009.*|broken");
      commit("run_1", 1, RunStatus.PENDING);
      assertThat(other.next().getString("event")).isEqualTo("run");
    }
  }

  @Test
  void sparesASlowClientWhatLiesBetweenAndNeverTheLast() {
    commit("run_1", 1, RunStatus.PENDING);
    try (SocketClient client = open()) {
      client.subscribe("one", "/realtime/v1/runs/run_1?after=now");
      client.subscribe("all", "/realtime/v1/runs?after=now");
      client.until("live", "all");
      client.stopReading();
      int last = 400;
      for (int version = 2; version <= last; version++) {
        large("run_1", version);
      }
      client.readAgain();

      assertThat(lastTold(client, "one", last)).isLessThan(last);
    }
  }

  @Test
  void breaksOffWhoTakesNothingAtAll() {
    try (SocketClient client = open()) {
      client.subscribe("s", "/realtime/v1/runs?after=now").until("live", "s");
      client.stopReading();
      for (int version = 1; version <= 400; version++) {
        large("run_1", version);
      }
      now.set(now.get().plus(Duration.ofMinutes(2)));
      server.tick();

      Await.until("its place is given back", () -> server.subscriptions() == 0);
      Await.until("it is no guest any more", () -> server.connections() == 0);
      client.readAgain();
      assertThat(client.closed()).isIn("4001 slow-consumer", "broken");
    }
  }

  @Test
  void hangsUpOnAClientThatAnswersNoPing() throws Exception {
    try (RawClient silent = RawClient.connect(server.port())) {
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
      Await.until("it is a guest", () -> server.connections() == 1);
      for (int round = 0; round < 5; round++) {
        server.round();
      }

      assertThat(server.connections()).isZero();
      assertThat(silent.readsToTheEndOfTheConnection()).isTrue();
    }
  }

  @Test
  void tellsEveryoneThatItGoesDown() {
    try (SocketClient client = open()) {
      client.subscribe("s", "/realtime/v1/runs").until("live", "s");

      vertx.undeploy(server.deploymentID()).await();

      assertThat(client.await("end", "s").getJsonObject("data").getString("reason"))
          .isEqualTo("shutdown");
      assertThat(client.closed()).isIn("1001 shutdown", "broken");
    }
  }

  private SocketClient open() {
    return SocketClient.open(server.port(), KEY);
  }

  private void pass(Duration time) {
    now.set(now.get().plus(time));
    server.round();
  }

  private void commit(String run, long version, RunStatus status, String... tags) {
    server.commit(server.table.row(run, version, status, "1", tags));
  }

  private void large(String run, long version) {
    server.commit(
        server.table.row(run, version, RunStatus.EXECUTING, "\"" + "x".repeat(20_000) + "\""));
  }

  /** How many versions it was told until the last. */
  private static int lastTold(SocketClient client, String name, long last) {
    int told = 0;
    while (true) {
      JsonObject next = client.next();
      if (name.equals(next.getString("subscription")) && next.getString("event").equals("run")) {
        told++;
        if (version(next) == last) {
          return told;
        }
      }
    }
  }

  private static JsonObject command(String type, String name) {
    return new JsonObject().put("type", type).put("subscription", name);
  }

  private static JsonObject subscribe(String name, String feed, String token) {
    return command("subscribe", name).put("feed", feed).put("token", token);
  }

  private String token(String scope, Duration life) {
    return new TokenIssuer(FeedServer.ENV.value(), SigningKey.of(FeedServer.SECRET))
        .issue(Grants.of(scope), Expiry.at(now.get().plus(life)));
  }

  private static long version(JsonObject told) {
    JsonObject data = told.getJsonObject("data");
    return data.containsKey("runs")
        ? data.getJsonArray("runs").getJsonObject(0).getLong("version")
        : data.getLong("version");
  }

  private static int status(JsonObject told) {
    return told.getJsonObject("data").getInteger("status");
  }

  private static String rows(List<JsonObject> told) {
    return told.stream().map(JsonObject::encode).reduce("", String::concat);
  }
}
