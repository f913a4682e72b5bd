package dev.runcast.app.node;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.runcast.config.CannotStartException;
import dev.runcast.config.Secret;
import dev.runcast.config.Setting;
import dev.runcast.config.Settings;
import dev.runcast.config.SettingsLoader;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.IntFunction;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/**
 * The whole service on an embedded database, started and stopped on one data directory in turn: the
 * tests are steps in the life of one installation.
 */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class ApplicationIT {
  private static final String PRESET = "tr_dev_presetpresetpresetpresetpreset";

  @TempDir private static Path dataDir;
  private static Secret firstKey;

  private final HttpClient client = HttpClient.newHttpClient();
  private final Vertx vertx = Vertx.vertx();
  private Optional<Application> running = Optional.empty();

  @AfterEach
  void stop() throws TimeoutException {
    if (running.isPresent()) {
      running.get().stop().await(60, TimeUnit.SECONDS);
    }
    vertx.close().await(60, TimeUnit.SECONDS);
  }

  @Test
  @Order(1)
  void theFirstStartMakesCredentialsThatWork() throws Exception {
    Welcome welcome = start(Map.of());

    firstKey = welcome.secretKey();
    assertThat(claims(welcome, firstKey)).isEqualTo(200);
    assertThat(claims(welcome, new Secret("tr_dev_guess"))).isEqualTo(401);
    assertThat(welcome.personalToken()).isPresent();
    assertThat(welcome.text())
        .contains(firstKey.reveal(), "curl -N ", welcome.url() + "/realtime/v1/runs");
  }

  @Test
  @Order(2)
  void theNextStartHasTheSameOnes() throws Exception {
    Welcome welcome = start(Map.of());

    assertThat(welcome.secretKey()).isEqualTo(firstKey);
    assertThat(claims(welcome, firstKey)).isEqualTo(200);
  }

  @Test
  @Order(2)
  void theDefaultLimitsHoldToTheByte() throws Exception {
    Welcome welcome = start(Map.of());

    assertLimit(welcome, "payload", 413, 3 << 20, n -> json("payload", textOf(n)));
    assertLimit(
        welcome,
        "options.metadata",
        413,
        256 << 10,
        n -> new JsonObject().put("options", json("metadata", json("m", textOf(n - 6)))));
    assertLimit(
        welcome,
        "payload",
        422,
        400,
        n ->
            json("payload", "[".repeat(n) + "]".repeat(n))
                .put("options", json("payloadType", "application/json")));
  }

  @Test
  @Order(3)
  void aPresetKeyTakesOverAndTheOldOneIsAcceptedForAWhile() throws Exception {
    Welcome welcome = start(Map.of(Setting.SECRET_KEY, PRESET));

    assertThat(welcome.secretKey().reveal()).isEqualTo(PRESET);
    assertThat(claims(welcome, welcome.secretKey())).isEqualTo(200);
    assertThat(claims(welcome, firstKey)).isEqualTo(200);
  }

  @Test
  @Order(4)
  void aClientThatNeverFinishesItsRequestIsHungUpOn() throws Exception {
    Welcome welcome = start(Map.of(Setting.REQUEST_TIMEOUT, "1s"));

    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), welcome.port())) {
      socket.setSoTimeout(30_000);
      socket.getOutputStream().write("GET /api/v1/runs HTTP/1.1\r\nhost".getBytes(US_ASCII));

      assertThat(socket.getInputStream().readAllBytes()).isEmpty();
    }
  }

  @Test
  @Order(5)
  void aTakenPortIsNamedWithItsCureAndNothingIsLeftRunning() throws Exception {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      Map<Setting, String> flags =
          Map.of(Setting.PORT, Integer.toString(taken.getLocalPort()), Setting.HOST, "127.0.0.1");

      assertThatThrownBy(() -> start(flags))
          .isInstanceOf(CannotStartException.class)
          .hasMessageContainingAll("Port " + taken.getLocalPort(), "--port / RUNCAST_PORT");
    }
    assertThat(dataDir.resolve("cluster/postmaster.pid")).doesNotExist();
  }

  @Test
  @Order(6)
  void anotherEncryptionKeyIsRefused() {
    assertThatThrownBy(() -> start(Map.of(Setting.ENCRYPTION_KEY, "ab".repeat(32))))
        .isInstanceOf(CannotStartException.class)
        .hasMessageContainingAll("sealed with", "encryption.key", "RUNCAST_ENCRYPTION_KEY");
  }

  @Test
  @Order(7)
  void aLostEncryptionKeyIsNamed() throws IOException {
    Files.delete(dataDir.resolve("encryption.key"));

    assertThatThrownBy(() -> start(Map.of()))
        .isInstanceOf(CannotStartException.class)
        .hasMessageContainingAll("is lost", "encryption.key", "RUNCAST_ENCRYPTION_KEY");
    assertThat(dataDir.resolve("encryption.key")).doesNotExist();
  }

  /** So much is taken, and not one more. */
  private void assertLimit(
      Welcome welcome, String field, int status, int limit, IntFunction<JsonObject> request)
      throws IOException, InterruptedException {
    assertThat(trigger(welcome, request.apply(limit)).statusCode()).isEqualTo(200);

    HttpResponse<String> refused = trigger(welcome, request.apply(limit + 1));
    assertThat(refused.statusCode()).isEqualTo(status);
    assertThat(refused.body()).contains(field, Integer.toString(limit));
  }

  private static JsonObject json(String name, Object value) {
    return new JsonObject().put(name, value);
  }

  /** A text that takes so many bytes as JSON. */
  private static String textOf(int bytes) {
    return "x".repeat(bytes - 2);
  }

  private Welcome start(Map<Setting, String> flags) throws TimeoutException {
    Map<Setting, String> all = new EnumMap<>(Setting.class);
    all.put(Setting.DATA_DIR, dataDir.toString());
    all.put(Setting.PORT, "0");
    all.put(Setting.MANAGEMENT_PORT, "0");
    all.putAll(flags);
    SettingsLoader.Outcome outcome = SettingsLoader.load(all, Map.of());
    assertThat(outcome).isInstanceOf(SettingsLoader.Loaded.class);
    Settings settings = ((SettingsLoader.Loaded) outcome).settings();
    Application.Started started = Application.start(vertx, settings).await(2, TimeUnit.MINUTES);
    running = Optional.of(started.application());
    return started.welcome();
  }

  private HttpResponse<String> trigger(Welcome welcome, JsonObject body)
      throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(welcome.url() + "/api/v1/tasks/hello/trigger"))
            .header("Authorization", "Bearer " + welcome.secretKey().reveal())
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(body.encode()))
            .build();
    return client.send(request, BodyHandlers.ofString());
  }

  private int claims(Welcome welcome, Secret key) throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(welcome.url() + "/api/v1/auth/jwt/claims"))
            .header("Authorization", "Bearer " + key.reveal())
            .POST(HttpRequest.BodyPublishers.noBody())
            .build();
    return client.send(request, BodyHandlers.discarding()).statusCode();
  }
}
