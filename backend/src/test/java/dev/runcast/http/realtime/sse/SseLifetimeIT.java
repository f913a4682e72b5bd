package dev.runcast.http.realtime.sse;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runcast.http.realtime.FeedLoop;
import dev.runcast.http.realtime.sse.RawClient.Event;
import dev.runcast.http.server.ServerOptions;
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
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** How a feed's connection is kept and how it ends, by a clock that the tests move. */
class SseLifetimeIT {
  private static final String RUNS = "/realtime/v1/runs";

  /** Pings come only when a test has every connection visited. */
  private static final FeedLoop.Pace BY_HAND =
      new FeedLoop.Pace(Duration.ofMinutes(16), Duration.ofHours(10));

  private static final int OUTBOX_BYTES = 64 * 1024;
  private static final Hub.Budgets SMALL =
      new Hub.Budgets(1 << 20, 1 << 20, OUTBOX_BYTES, Duration.ofMinutes(1), Duration.ofDays(1));

  private static Vertx vertx;

  /** A little ahead, so that a token that is made now is never from its future. */
  private final AtomicReference<Instant> now =
      new AtomicReference<>(Instant.now().plus(Duration.ofMinutes(1)));

  private final InstantSource clock = now::get;
  private final Limits limits = new Limits(100, 100);
  private FeedServer server = start(BY_HAND);

  @BeforeAll
  static void startVertx() {
    vertx = Vertx.vertx();
  }

  @AfterAll
  static void stopVertx() {
    vertx.close().await();
  }

  @AfterEach
  void stop() {
    if (vertx.deploymentIDs().contains(server.deploymentID())) {
      vertx.undeploy(server.deploymentID()).await();
    }
  }

  private FeedServer start(FeedLoop.Pace pace) {
    return new FeedServer(ServerOptions.clear("127.0.0.1", 0), pace, limits, SMALL, clock)
        .startOn(vertx);
  }

  private void pass(Duration time) {
    now.updateAndGet(instant -> instant.plus(time));
  }

  @Test
  void pingsOnlyWhenNothingWasSaidForARound() throws Exception {
    try (RawClient client = live()) {
      server.round(); // it has just been told what is there
      server.round(); // ping
      commit("run_1", 1);
      server.round();
      commit("run_1", 2);
      server.round();
      server.round(); // ping

      assertThat(client.block()).isEqualTo(":");
      assertThat(client.block()).contains("event: run", "\"version\":1");
      assertThat(client.block()).contains("event: run", "\"version\":2");
      assertThat(client.block()).isEqualTo(":");
    }
  }

  @Test
  void pingsByItself() throws Exception {
    stop();
    server = start(new FeedLoop.Pace(Duration.ofMillis(200), Duration.ofHours(10)));

    try (RawClient client = live()) {
      assertThat(client.block()).isEqualTo(":");
      assertThat(client.block()).isEqualTo(":");
    }
  }

  @Test
  void endsAConnectionThatHasReachedItsAgeAndLetsItsClientComeBackOnTheSameOne() throws Exception {
    try (RawClient client = live()) {
      pass(Duration.ofHours(7));
      server.round();
      server.round();
      commit("run_1", 1);
      assertThat(client.event().name()).isEqualTo("run");

      pass(Duration.ofHours(3));
      server.round();
      List<Event> events = client.until("end");
      assertThat(client.rest()).isEmpty();

      Event end = events.get(events.size() - 1);
      assertThat(json(end)).isEqualTo(json("{\"reason\":\"max-age\",\"retryable\":true}"));
      assertThat(client.get(RUNS, "last-event-id: " + end.id()).until("live")).hasSize(1);
    }
  }

  @Test
  void letsNoTwoConnectionsThatBeganTogetherEndTogether() {
    long start = now.get().toEpochMilli();
    Set<Long> ends = new HashSet<>();
    for (int i = 0; i < 50; i++) {
      ends.add(server.onLoop(() -> server.loop().endOfAge()) - start);
    }

    assertThat(ends).hasSizeGreaterThan(40);
    assertThat(ends)
        .allMatch(age -> age >= Duration.ofHours(8).toMillis())
        .allMatch(age -> age <= Duration.ofHours(10).toMillis());
  }

  @Test
  void endsAConnectionWhenItsTokenExpires() throws Exception {
    String token = token();
    try (RawClient client = RawClient.connect(server.port()).send(request(token))) {
      client.until("live");
      pass(Duration.ofHours(1).plusSeconds(1));
      server.round();

      List<Event> events = client.until("end");
      assertThat(json(events.get(events.size() - 1)))
          .isEqualTo(json("{\"reason\":\"token-expired\",\"retryable\":true}"));
      assertThat(client.rest()).isEmpty();
      assertThat(client.send(request(token)).status()).isEqualTo(401);
    }
  }

  @Test
  void givesThePlaceBackWhenTheClientIsGone() throws Exception {
    try (RawClient owner = live();
        RawClient bearer = RawClient.connect(server.port()).send(request(token()))) {
      assertThat(List.of(owner.status(), bearer.status())).containsOnly(200);
      assertThat(limits.openSubscriptions()).isEqualTo(2);
    }

    Await.until("both places are free", () -> limits.openSubscriptions() == 0);
    Await.until("nothing is kept", () -> server.connections() + server.subscriptions() == 0);
  }

  @Test
  void skipsStatesForAClientThatDoesNotReadButNeverTheLastOne() throws Exception {
    try (RawClient client = notReading()) {
      int versions = fill();

      List<Event> events = new ArrayList<>(client.until("live"));
      readTo(versions, client, events);
      assertThat(events).hasSizeLessThan(versions / 2);

      commit("run_y", versions + 1);
      readTo(versions + 1, client, events);
      server.tick();
      assertThat(server.connections()).isEqualTo(1);
    }
  }

  @Test
  void hangsUpOnAClientThatTakesNothingAndBreaksItsConnection() throws Exception {
    try (RawClient client = notReading()) {
      fill();
      server.tick();
      assertThat(server.connections()).isEqualTo(1);
      pass(Duration.ofMinutes(2));
      server.tick();

      assertThat(server.connections() + server.subscriptions()).isZero();
      assertThat(limits.openSubscriptions()).isZero();
      Await.until("the connection is broken", () -> server.sockets() == 0);
      assertThat(client.readsToTheEndOfTheConnection()).isTrue();
    }
  }

  @Test
  void endsAllWhenItStopsAndWaitsForNobody() throws Exception {
    try (RawClient stuck = notReading();
        RawClient reads = live()) {
      fill();
      vertx.undeploy(server.deploymentID()).await();

      List<Event> events = reads.until("end");
      assertThat(json(events.get(events.size() - 1)))
          .isEqualTo(json("{\"reason\":\"shutdown\",\"retryable\":true}"));
      assertThat(limits.openSubscriptions()).isZero();
      assertThat(stuck.readsToTheEndOfTheConnection()).isTrue();
    }
  }

  /** Reads until a version was told, by the log or by a read. */
  private static void readTo(long version, RawClient client, List<Event> events)
      throws IOException {
    while (version(events) < version) {
      events.add(client.event());
    }
  }

  private RawClient live() throws IOException {
    RawClient client = RawClient.connect(server.port()).get(RUNS);
    client.until("live");
    return client;
  }

  /** A client that reads the head of the answer and then nothing, with little room before it. */
  private RawClient notReading() throws IOException {
    Socket socket = new Socket();
    socket.setReceiveBufferSize(4096);
    socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), server.port()));
    RawClient client = new RawClient(socket);
    client.get(RUNS);
    return client;
  }

  /** Writes one run until what waits for a client that does not read was dropped, and then some. */
  private int fill() throws IOException {
    int version = 0;
    while (version < 100 || server.slowCount() == 0) {
      version++;
      commitLarge("run_" + version % 5, version);
      if (version > 20_000) {
        throw new IOException("no client became slow");
      }
    }
    commitLarge("run_x", version + 1);
    return version + 1;
  }

  private void commit(String run, long version) {
    server.commit(server.table.row(run, version, RunStatus.EXECUTING, "1"));
  }

  private void commitLarge(String run, long version) {
    server.commit(
        server.table.row(run, version, RunStatus.EXECUTING, "\"" + "x".repeat(20_000) + "\""));
  }

  /** The greatest version that any of the events tells of. */
  private static long version(List<Event> events) {
    return events.stream()
        .filter(event -> event.name().equals("run") || event.name().equals("snapshot"))
        .map(SseLifetimeIT::json)
        .mapToLong(SseLifetimeIT::version)
        .max()
        .orElse(0);
  }

  private static long version(JsonObject data) {
    return data.containsKey("runs")
        ? data.getJsonArray("runs").stream()
            .mapToLong(run -> ((JsonObject) run).getLong("version"))
            .max()
            .orElse(0)
        : data.getLong("version");
  }

  private static String token() {
    return new TokenIssuer(FeedServer.ENV.value(), SigningKey.of(FeedServer.SECRET))
        .issue(Grants.of("read:runs"), Expiry.after(Duration.ofHours(1)));
  }

  private static String request(String token) {
    return "GET "
        + RUNS
        + "?access_token="
        + token
        + " HTTP/1.1\r\nhost: test\r\naccept: text/event-stream\r\n\r\n";
  }

  private static JsonObject json(Event event) {
    return json(event.data());
  }

  private static JsonObject json(String text) {
    return new JsonObject(text);
  }
}
