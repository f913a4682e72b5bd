package dev.runcast.http.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runcast.http.realtime.sse.FeedServer;
import dev.runcast.subscribe.Limits;
import dev.runcast.tokens.Expiry;
import dev.runcast.tokens.Grants;
import dev.runcast.tokens.KeyRing;
import dev.runcast.tokens.Rejection;
import dev.runcast.tokens.SigningKey;
import dev.runcast.tokens.TokenIssuer;
import dev.runcast.tokens.TokenVerifier;
import dev.runcast.tokens.Verification;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Every error of the shell over a real connection, and the routes that mint tokens. */
class RoutesTest {
  private static final String SECRET = FeedServer.SECRET;
  private static final SigningKey KEY = SigningKey.of(SECRET);
  private static final InstantSource CLOCK = InstantSource.system();

  private static Vertx vertx;
  private static int port;
  private static HttpClient client;

  @BeforeAll
  static void start() {
    vertx = Vertx.vertx();
    port =
        FeedServer.start(
                vertx,
                ServerOptions.clear("127.0.0.1", 0),
                FeedServer.unhurried(),
                new Limits(1, 1))
            .port();
    client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  }

  @AfterAll
  static void stop() {
    vertx.close().await();
  }

  @Test
  void answersAnUnknownPathInTheClientsForm() throws Exception {
    HttpResponse<String> response = send(request("/api/v1/nothing").GET());

    assertThat(response.statusCode()).isEqualTo(404);
    assertThat(json(response).getString("error")).isNotBlank();
    assertThat(json(response).getString("code")).isEqualTo("not_found");
    assertThat(response.headers().firstValue("x-should-retry")).contains("false");
    assertThat(response.headers().firstValue("access-control-allow-origin")).contains("*");
  }

  @ParameterizedTest
  @ValueSource(strings = {"POST", "PUT", "DELETE"})
  void answersAnUnknownPathAlikeForAllMethods(String method) throws Exception {
    HttpResponse<String> response =
        send(request("/api/v1/nothing").method(method, BodyPublishers.noBody()));

    assertThat(response.statusCode()).isEqualTo(404);
  }

  @Test
  void tellsAWrongMethodFromAnUnknownPath() throws Exception {
    HttpResponse<String> response = send(request("/api/v1/auth/jwt").GET());

    assertThat(response.statusCode()).isEqualTo(405);
    assertThat(json(response).getString("code")).isEqualTo("method_not_allowed");
  }

  @ParameterizedTest
  @ValueSource(strings = {"HEAD", "POST", "PUT", "PATCH", "DELETE"})
  void takesNothingButGetOnFeeds(String method) throws Exception {
    for (String path : List.of("runs", "runs/run_1", "batches/batch_1")) {
      HttpResponse<String> response =
          send(request("/realtime/v1/" + path).method(method, BodyPublishers.noBody()));

      assertThat(response.statusCode()).isEqualTo(405);
      assertThat(response.headers().firstValue("access-control-allow-origin")).contains("*");
    }
  }

  @Test
  void answersAPathThatCannotBeDecoded() throws Exception {
    String answer = raw("GET /api/%zz HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n");

    assertThat(answer).startsWith("HTTP/1.1 400 ").contains("{\"error\":");
  }

  @Test
  void refusesGarbageAndHangsUp() throws Exception {
    String answer = raw("GET / HTTP/1.1\r\nbad header\r\n\r\n");

    assertThat(answer).startsWith("HTTP/1.1 400 ").contains("{\"error\":");
  }

  @Test
  void refusesATooLongLine() throws Exception {
    String answer = raw("GET /" + "x".repeat(20_000) + " HTTP/1.1\r\nhost: x\r\n\r\n");

    assertThat(answer).containsPattern("^HTTP/1\\.[01] 400 ").contains("{\"error\":");
  }

  @Test
  void answersAPreflightWithoutAuthenticationAndGrantsWhatIsAsked() throws Exception {
    HttpResponse<String> response =
        send(
            request("/api/v1/auth/jwt")
                .method("OPTIONS", BodyPublishers.noBody())
                .header("origin", "http://page.example")
                .header("access-control-request-method", "POST")
                .header("access-control-request-headers", "authorization,x-anything"));

    assertThat(response.statusCode()).isEqualTo(204);
    assertThat(response.headers().firstValue("access-control-allow-headers"))
        .contains("authorization,x-anything");
    assertThat(response.headers().firstValue("access-control-allow-methods").orElse(""))
        .contains("GET", "POST", "PUT", "PATCH", "HEAD", "OPTIONS");
  }

  @Test
  void exposesItsOwnHeadersToPagesOnErrorsToo() throws Exception {
    HttpResponse<String> response = post("/api/v1/auth/jwt/claims", "", null);

    assertThat(response.statusCode()).isEqualTo(401);
    assertThat(response.headers().firstValue("access-control-expose-headers").orElse(""))
        .contains(
            "etag", "x-runcast-cursor", "x-runcast-position", "x-trigger-jwt", "electric-offset");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/api/v1/runs/run_1",
        "/api/v3/batches/batch_1/items",
        "/realtime/v1/runs?tags=x",
        "/realtime/v1/runs/run_1",
        "/nothing/here"
      })
  void answersAPreflightOnEveryPath(String path) throws Exception {
    HttpResponse<String> response =
        send(request(path).method("OPTIONS", BodyPublishers.noBody()).header("origin", "http://x"));

    assertThat(response.statusCode()).isEqualTo(204);
    assertThat(response.headers().firstValue("access-control-allow-origin")).contains("*");
    assertThat(response.headers().firstValue("access-control-allow-headers").orElse(""))
        .contains("authorization", "content-type", "last-event-id", "if-match");
    assertThat(response.headers().firstValue("access-control-max-age")).isPresent();
  }

  @Test
  void letsAPageReadThatItsUrlIsTooLong() throws Exception {
    String answer =
        raw("GET /realtime/v1/runs?tags=" + "x".repeat(20_000) + " HTTP/1.1\r\nhost: x\r\n\r\n");

    assertThat(answer).contains(" 400 ", "access-control-allow-origin: *");
  }

  @Test
  void wantsACredential() throws Exception {
    HttpResponse<String> response = post("/api/v1/auth/jwt/claims", "", null);

    assertThat(response.statusCode()).isEqualTo(401);
    assertThat(json(response).getString("error")).contains("Authorization: Bearer");
  }

  @Test
  void refusesAnUnknownSecretKey() throws Exception {
    HttpResponse<String> response = post("/api/v1/auth/jwt/claims", "", "tr_dev_other");

    assertThat(response.statusCode()).isEqualTo(401);
    assertThat(response.body()).doesNotContain("tr_dev_other");
  }

  @Test
  void doesNotTakeATokenFromTheUrlOutsideOfRealtime() throws Exception {
    HttpResponse<String> response =
        post("/api/v1/auth/jwt/claims?access_token=" + SECRET, "", null);

    assertThat(response.statusCode()).isEqualTo(401);
  }

  @Test
  void saysWhyATokenIsRefused() throws Exception {
    String foreign =
        new TokenIssuer("env_dev", SigningKey.of("another key"))
            .issue(Grants.everything(), Expiry.parse("1h"));
    String unknown =
        new TokenIssuer("env_none", KEY).issue(Grants.everything(), Expiry.parse("1h"));

    assertThat(refusal("a.b.c")).isEqualTo(Rejection.MALFORMED.message());
    assertThat(refusal(foreign)).isEqualTo(Rejection.BAD_SIGNATURE.message());
    assertThat(refusal(unknown)).isEqualTo(Rejection.UNKNOWN_ENVIRONMENT.message());
  }

  @Test
  void doesNotLetAPublicTokenMintAnother() throws Exception {
    String token = new TokenIssuer("env_dev", KEY).issue(Grants.everything(), Expiry.parse("1h"));

    HttpResponse<String> response = post("/api/v1/auth/public-tokens", "{}", token);

    assertThat(response.statusCode()).isEqualTo(403);
    assertThat(json(response).getMap())
        .containsExactlyInAnyOrderEntriesOf(
            new JsonObject()
                .put("error", json(response).getString("error"))
                .put("code", "unauthorized")
                .put("param", "access_token")
                .put("type", "authorization")
                .getMap());
  }

  @Test
  void givesClaimsThatAreNeverTheSame() throws Exception {
    JsonObject first = json(post("/api/v1/auth/jwt/claims", "", SECRET));
    JsonObject second = json(post("/api/v1/auth/jwt/claims", "", SECRET));

    assertThat(first.getString("sub")).isEqualTo("env_dev");
    assertThat(first.getBoolean("pub")).isTrue();
    assertThat(first.getString("jti")).isNotEqualTo(second.getString("jti"));
  }

  @Test
  void mintsAPublicToken() throws Exception {
    String body =
        """
        {"scopes": ["read:runs:run_1"], "expirationTime": "2h", "oneTimeUse": true,
         "realtime": {"skipColumns": ["payload"]}}
        """;

    String token = json(post("/api/v1/auth/public-tokens", body, SECRET)).getString("token");

    Verification verified =
        new TokenVerifier(CLOCK).verify(token, KeyRing.of("env_dev", KeyRing.Keys.of(KEY)));
    assertThat(verified)
        .isInstanceOfSatisfying(
            Verification.Valid.class,
            valid -> {
              assertThat(valid.token().grants().texts()).containsExactly("read:runs:run_1");
              assertThat(valid.token().oneTimeUse()).isTrue();
              assertThat(valid.token().skipColumns()).containsExactly("payload");
              assertThat(Duration.between(valid.token().issuedAt(), valid.token().expiresAt()))
                  .isEqualTo(Duration.ofHours(2));
            });
  }

  @Test
  void mintsInTheOlderFormToo() throws Exception {
    String body = "{\"claims\": {\"scopes\": [\"read:runs\"]}, \"expirationTime\": 4102444800}";

    String token = json(post("/api/v1/auth/jwt", body, SECRET)).getString("token");

    Verification verified =
        new TokenVerifier(CLOCK).verify(token, KeyRing.of("env_dev", KeyRing.Keys.of(KEY)));
    assertThat(verified).isInstanceOf(Verification.Valid.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}|scopes",
        "{\"scopes\": []}|scopes",
        "{\"scopes\": \"read:runs\"}|scopes",
        "{\"scopes\": [\"read::x\"]}|scopes",
        "{\"scopes\": [\"read:runs\"], \"expirationTime\": \"soon\"}|expirationTime",
        "{\"scopes\": [\"read:runs\"], \"expirationTime\": true}|expirationTime",
        "{\"scopes\": [\"read:runs\"], \"expirationTime\": 1}|expirationTime",
        "{\"scopes\": [\"read:runs\"], \"oneTimeUse\": 1}|oneTimeUse",
        "{\"scopes\": [\"read:runs\"], \"realtime\": []}|realtime",
        "[1]|body",
        "{|body",
      })
  void namesTheFieldThatIsWrong(String row) throws Exception {
    String body = row.substring(0, row.lastIndexOf('|'));
    String field = row.substring(row.lastIndexOf('|') + 1);

    HttpResponse<String> response = post("/api/v1/auth/public-tokens", body, SECRET);

    assertThat(response.statusCode()).isEqualTo(400);
    assertThat(json(response).getString("param")).isEqualTo(field);
    assertThat(json(response).getString("error")).contains(field.equals("body") ? "body" : field);
  }

  @ParameterizedTest
  @ValueSource(strings = {"/health", "/ready", "/metrics"})
  void tellsAProbeOfTheWrongPortWhichOneIsRight(String path) throws Exception {
    HttpResponse<String> response = send(request(path).GET());

    assertThat(response.statusCode()).isEqualTo(404);
    assertThat(json(response).getString("error")).contains("--management-port");
  }

  @Test
  void refusesABodyThatIsTooLarge() throws Exception {
    HttpResponse<String> response = post("/api/v1/auth/public-tokens", "x".repeat(70_000), SECRET);

    assertThat(response.statusCode()).isEqualTo(413);
    assertThat(json(response).getString("code")).isEqualTo("too_large");
    assertThat(json(response).getString("error")).contains("65536 bytes");
  }

  private static String refusal(String token) throws Exception {
    HttpResponse<String> response = post("/api/v1/auth/jwt/claims", "", token);
    assertThat(response.statusCode()).isEqualTo(401);
    return json(response).getString("error");
  }

  private static HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path));
  }

  private static HttpResponse<String> post(String path, String body, String credential)
      throws Exception {
    HttpRequest.Builder request =
        request(path)
            .header("content-type", "application/json")
            .POST(BodyPublishers.ofString(body));
    return send(
        credential == null ? request : request.header("authorization", "Bearer " + credential));
  }

  private static HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
    return client.send(request.build(), BodyHandlers.ofString());
  }

  private static JsonObject json(HttpResponse<String> response) {
    return new JsonObject(response.body());
  }

  /** Sends bytes as they are and reads to the end of the connection. */
  private static String raw(String text) throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket.setSoTimeout(10_000);
      socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
