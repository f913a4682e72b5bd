package dev.runcast.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.runcast.run.EnvironmentId;
import dev.runcast.run.RunStatus;
import dev.runcast.run.revocation.Revocation;
import dev.runcast.testing.Sample;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.net.http.WebSocketHandshakeException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The channel by which the command line tool hears of its runs, by its bytes. */
class NoticeChannelIT {
  private static final HttpClient HTTP = HttpClient.newHttpClient();
  private static final String PATH = "/socket.io/?EIO=4&transport=websocket";
  private static final String CONNECT = "40/dev-worker,";

  /** Long enough for whoever answers at all. */
  private static final Duration BEAT = Duration.ofSeconds(2);

  private WholeServer server = new WholeServer();

  @AfterEach
  void stop() {
    server.close();
  }

  private void haveItAskWhoLives() {
    server.close();
    server = new WholeServer(BEAT);
  }

  /** A client that keeps what it is sent, and answers the pings that it comes by. */
  private static final class Client implements WebSocket.Listener, AutoCloseable {
    final BlockingQueue<String> packets = new LinkedBlockingQueue<>();
    final CompletableFuture<Integer> closed = new CompletableFuture<>();
    private final StringBuilder part = new StringBuilder();
    private final WebSocket socket;

    Client(int port, String path, String credential) {
      WebSocket.Builder builder = HTTP.newWebSocketBuilder();
      if (credential != null) {
        builder.header("Authorization", "Bearer " + credential);
      }
      socket = builder.buildAsync(URI.create("ws://127.0.0.1:" + port + path), this).join();
    }

    @Override
    public CompletionStage<?> onText(WebSocket from, CharSequence data, boolean last) {
      part.append(data);
      if (last) {
        packets.add(part.toString());
        part.setLength(0);
      }
      from.request(1);
      return null;
    }

    @Override
    public CompletionStage<?> onClose(WebSocket from, int status, String reason) {
      closed.complete(status);
      return null;
    }

    @Override
    public void onError(WebSocket from, Throwable error) {
      closed.complete(-1);
    }

    Client send(String packet) {
      socket.sendText(packet, true).join();
      return this;
    }

    /** The next packet that is no ping. */
    String next() {
      while (true) {
        String packet = take();
        if (!packet.equals("2")) {
          return packet;
        }
        send("3");
      }
    }

    String take() {
      try {
        String packet = packets.poll(30, TimeUnit.SECONDS);
        assertThat(packet).as("a packet within 30 seconds").isNotNull();
        return packet;
      } catch (InterruptedException e) {
        throw new AssertionError(e);
      }
    }

    int closed() {
      return closed.orTimeout(30, TimeUnit.SECONDS).join();
    }

    @Override
    public void close() {
      socket.abort();
    }
  }

  private Client open() {
    Client client = new Client(server.port(), PATH, WholeServer.SECRET);
    assertThat(client.next()).startsWith("0{");
    return client;
  }

  private Client connected() {
    Client client = open().send(CONNECT);
    assertThat(client.next()).startsWith("40/dev-worker,{\"sid\":");
    return client;
  }

  private static String runs(String event, String run) {
    return "42/dev-worker,[\"%s\",{\"version\":\"1\",\"runFriendlyIds\":[\"%s\"]}]"
        .formatted(event, run);
  }

  private void resume(String environment, String run) {
    server.tell(
        1,
        Sample.run(run)
            .in(new EnvironmentId(environment))
            .status(RunStatus.EXECUTING)
            .updated(8, 0, RunStatus.WAITING_TO_RESUME, null));
  }

  private HttpResponse<String> get(String path) throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + path)).build();
    return HTTP.send(request, HttpResponse.BodyHandlers.ofString());
  }

  @Test
  void whoIsLetInIsToldOfTheRunsThatItFollows() {
    try (Client client = connected()) {
      client.send(runs("run:subscribe", "run_a")).send(runs("run:subscribe", "run_b"));
      client.send(runs("run:unsubscribe", "run_b"));
      // What it sent was read once this is answered.
      client.send("40/other,");
      assertThat(client.next()).startsWith("44/other,");

      resume("env_dev", "run_b");
      resume("env_other", "run_a");
      resume("env_dev", "run_a");

      assertThat(client.next())
          .isEqualTo(
              "42/dev-worker,[\"run:notify\",{\"version\":\"1\",\"run\":{\"friendlyId\":\"run_a\"}}]");
    }
  }

  @Test
  void whoAnswersPingsStaysAndWhoDoesNotIsHungUpOn() {
    haveItAskWhoLives();
    try (Client lives = new Client(server.port(), PATH, WholeServer.SECRET);
        Client silent = connected();
        Client nobody = new Client(server.port(), PATH, null)) {
      JsonObject open = new JsonObject(lives.next().substring(1));
      assertThat(open.getLong("pingInterval")).isEqualTo(BEAT.toMillis());
      assertThat(open.getInteger("pingTimeout")).isEqualTo(20_000);
      assertThat(open.getJsonArray("upgrades")).isEmpty();
      lives.send(CONNECT);
      assertThat(lives.next()).startsWith("40/dev-worker,{\"sid\":");
      for (int i = 0; i < 6; i++) {
        assertThat(lives.take()).isEqualTo("2");
        lives.send("3");
      }

      assertThat(silent.closed()).isEqualTo(1001);
      assertThat(nobody.closed()).isEqualTo(1001);
      assertThat(lives.closed).isNotDone();
    }
  }

  @Test
  void whoIsAtABranchIsToldOfItsRunsThoughNobodyNamesItHere() {
    server.postgres.execute(
        "insert into environment (id, project_id, slug, parent_id, branch)"
            + " values ('env_branch', 'p', 'dev/x', 'env_dev', 'x')");
    try (Client client = connected()) {
      client.send(runs("run:subscribe", "run_a")).send("40/other,");
      assertThat(client.next()).startsWith("44/other,");

      resume("env_branch", "run_a");

      assertThat(client.next()).contains("run_a");
    }
  }

  @Test
  void theKeyMayComeWithTheConnection() {
    try (Client client = new Client(server.port(), PATH, null)) {
      assertThat(client.next()).startsWith("0{");
      client.send(CONNECT + "{\"token\":\"" + WholeServer.SECRET + "\"}");
      assertThat(client.next()).startsWith("40/dev-worker,{\"sid\":");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "{}", "{\"token\":\"tr_dev_wrong\"}"})
  void whoShowsNoKeyIsRefusedAndHungUpOn(String contents) {
    try (Client client = new Client(server.port(), PATH, null)) {
      assertThat(client.next()).startsWith("0{");
      client.send(CONNECT + contents);
      assertThat(client.next()).startsWith("44/dev-worker,{\"message\":");
      assertThat(client.closed()).isEqualTo(1008);
    }
  }

  @Test
  void aWrongKeyIsRefusedBeforeTheSocketIsOpen() {
    assertThatThrownBy(() -> new Client(server.port(), PATH, "tr_dev_wrong"))
        .hasCauseInstanceOf(WebSocketHandshakeException.class)
        .satisfies(
            refused ->
                assertThat(
                        ((WebSocketHandshakeException) refused.getCause())
                            .getResponse()
                            .statusCode())
                    .isEqualTo(401));
  }

  @Test
  void aPublicTokenIsNoKey() {
    assertThatThrownBy(() -> new Client(server.port(), PATH, WholeServer.token("read:runs")))
        .hasCauseInstanceOf(WebSocketHandshakeException.class);
  }

  @ParameterizedTest
  @CsvSource({
    "/socket.io/?EIO=4&transport=polling,transport",
    "/socket.io/?EIO=4,transport",
    "/socket.io/?EIO=3&transport=websocket,EIO",
    "/socket.io/,EIO",
    "/socket.io/?EIO=4&transport=websocket&sid=x,sid",
    "/socket.io/?EIO=4&transport=websocket,upgrade",
  })
  void whatIsNoHandshakeIsToldWhatIsWrong(String path, String param) throws Exception {
    HttpResponse<String> answer = get(path);

    assertThat(answer.statusCode()).isEqualTo(400);
    assertThat(new JsonObject(answer.body()).getString("param")).isEqualTo(param);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"hello", "", "2", "42/dev-worker,[", "451-/dev-worker,[\"x\"]", "42[\"x\"]"})
  void aPacketThatCannotBeReadClosesTheConnectionAndNoOther(String packet) {
    try (Client bad = connected();
        Client good = connected()) {
      good.send(runs("run:subscribe", "run_a")).send("40/other,");
      assertThat(good.next()).startsWith("44/other,");
      bad.send(packet);

      assertThat(bad.closed()).isEqualTo(1002);
      resume("env_dev", "run_a");
      assertThat(good.next()).contains("run_a");
    }
  }

  @Test
  void bytesAndWhatIsTooLongCloseTheConnection() {
    try (Client bytes = connected();
        Client large = connected();
        Client early = open()) {
      bytes.socket.sendBinary(ByteBuffer.allocate(4), true).join();
      assertThat(bytes.closed()).isEqualTo(1003);
      large.send("42/dev-worker,[\"" + "x".repeat(100_000) + "\"]");
      assertThat(large.closed()).isIn(1002, -1);
      early.send(runs("run:subscribe", "run_a"));
      assertThat(early.closed()).isEqualTo(1002);
    }
  }

  @Test
  void whoFollowsTooManyRunsIsHungUpOn() {
    try (Client client = connected()) {
      for (int i = 0; i < 21 && !client.closed.isDone(); i++) {
        StringBuilder ids = new StringBuilder();
        for (int j = 0; j < 1_000; j++) {
          ids.append(j == 0 ? "" : "\",\"").append("run_").append(i).append('x').append(j);
        }
        client.send(runs("run:subscribe", ids.toString()));
      }
      assertThat(client.closed()).isEqualTo(1008);
    }
  }

  @Test
  void aKeyThatEndsEndsItsConnections() {
    haveItAskWhoLives();
    try (Client client = connected()) {
      Instant now = Instant.now();
      String key =
          server
              .query(
                  "select encode(digest, 'hex') from secret_key where environment_id = 'env_dev'")
              .get(0);
      server.revocations.add(
          new Revocation(
              new Revocation.Identity(new EnvironmentId("env_dev"), Revocation.Kind.KEY, key),
              now,
              null,
              now));

      assertThat(client.closed()).isEqualTo(1008);
    }
  }

  @Test
  void whenTheServerGoesDownItIsTold() {
    try (Client client = connected()) {
      server.close();
      assertThat(client.closed()).isIn(1001, -1);
    }
  }
}
