package dev.runcast.http.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runcast.http.api.ApiServer.Reply;
import dev.runcast.tokens.KeyRing;
import dev.runcast.tokens.PublicToken;
import dev.runcast.tokens.SigningKey;
import dev.runcast.tokens.TokenVerifier;
import dev.runcast.tokens.Verification;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WaitpointsIT {
  private static final String TOKENS = "/api/v1/waitpoints/tokens";

  @RegisterExtension static final ApiServer server = new ApiServer();

  private static Reply create(String body, String... headers) {
    return server.call("POST", TOKENS).headers(headers).json(body).send();
  }

  private static String created(String body) {
    return create(body).json().getString("id");
  }

  private static JsonObject retrieve(String id) {
    Reply reply = server.call("GET", TOKENS + "/" + id).send();
    assertThat(reply.status()).as(reply.response().body()).isEqualTo(200);
    return reply.json();
  }

  private static ApiServer.Call complete(String id, String body) {
    return server.call("POST", TOKENS + "/" + id + "/complete").json(body);
  }

  /** Path and query of a callback URL. */
  private static String pathOf(Reply made) {
    URI url = URI.create(made.json().getString("url"));
    return url.getRawPath() + "?" + url.getRawQuery();
  }

  @Test
  void aNewTokenWaits() {
    Reply made = create("{\"tags\":[\"a\",\"b:1\"]}");

    assertThat(made.status()).isEqualTo(200);
    assertThat(made.json().getString("id")).startsWith("waitpoint_");
    assertThat(made.json().fieldNames()).containsExactlyInAnyOrder("id", "isCached", "url");
    assertThat(made.json().getBoolean("isCached")).isFalse();
    JsonObject token = retrieve(made.json().getString("id"));
    assertThat(token.getString("status")).isEqualTo("WAITING");
    assertThat(token.getString("url")).isEqualTo(made.json().getString("url"));
    assertThat(token.getJsonArray("tags")).containsExactly("a", "b:1");
    assertThat(token.fieldNames())
        .containsExactlyInAnyOrder("id", "url", "status", "tags", "createdAt");
  }

  @Test
  void theAnswerHoldsATokenThatCompletesForADay() {
    Reply made = create("{}");
    String id = made.json().getString("id");

    Verification verified =
        new TokenVerifier(InstantSource.system())
            .verify(
                made.header("x-trigger-jwt"),
                KeyRing.lookingUp(
                    any ->
                        Optional.of(new KeyRing.Keys(SigningKey.of(ApiServer.SECRET), List.of()))));
    PublicToken token = ((Verification.Valid) verified).token();
    assertThat(token.grants().texts()).containsExactly("write:waitpoints:" + id);
    assertThat(Duration.between(Instant.now(), token.expiresAt()))
        .isBetween(Duration.ofHours(23), Duration.ofHours(24));
    assertThat(new JsonObject(made.header("x-trigger-jwt-claims")).getString("sub"))
        .isEqualTo("env_dev");
    assertThat(complete(id, "{\"data\":1}").as(made.header("x-trigger-jwt")).send().json().getMap())
        .containsOnly(Map.entry("success", true));
  }

  @Test
  void aTimeoutIsALengthOrADate() {
    Instant before = Instant.now();
    JsonObject inAnHour = retrieve(created("{\"timeout\":\"1h30m\"}"));
    JsonObject then = retrieve(created("{\"timeout\":\"2040-01-02T03:04:05.678Z\"}"));

    assertThat(Instant.parse(inAnHour.getString("timeoutAt")))
        .isBetween(before.plusSeconds(5_390), Instant.now().plusSeconds(5_400));
    assertThat(then.getString("timeoutAt")).isEqualTo("2040-01-02T03:04:05.678Z");
    assertThat(server.dues).contains(Instant.parse("2040-01-02T03:04:05.678Z"));
    assertThat(
            server.query(
                "select at from due where kind = 'WAITPOINT' and ref = '%s'"
                    .formatted(then.getString("id"))))
        .hasSize(1);
  }

  @Test
  void anIdempotencyKeyStandsForTheFirstTokenEvenWhenItHasEnded() {
    Reply first = create("{\"idempotencyKey\":\"approve-1\"}");
    String id = first.json().getString("id");
    complete(id, "{}").send();

    Reply second = create("{\"idempotencyKey\":\"approve-1\",\"timeout\":\"1m\"}");

    assertThat(second.json().getString("id")).isEqualTo(id);
    assertThat(second.json().getBoolean("isCached")).isTrue();
    assertThat(second.json().getString("url")).isEqualTo(first.json().getString("url"));
    assertThat(retrieve(id).getString("idempotencyKey")).isEqualTo("approve-1");
    assertThat(retrieve(id).getString("idempotencyKeyExpiresAt")).isNull();
    assertThat(server.query("select count(*) from due where ref = '%s'".formatted(id)))
        .containsExactly("0");
  }

  @Test
  void anExpiredKeyStandsForANewToken() {
    String body = "{\"idempotencyKey\":\"expires\",\"idempotencyKeyTTL\":\"1h\"}";
    String first = created(body);
    assertThat(created(body)).isEqualTo(first);
    assertThat(retrieve(first).getString("idempotencyKeyExpiresAt")).isNotNull();
    server.postgres.execute(
        "update waitpoint set key_expires_at = now() - interval '1 s' where id = '%s'"
            .formatted(first));

    String second = created(body);

    assertThat(second).isNotEqualTo(first);
    assertThat(created(body)).isEqualTo(second);
    assertThat(retrieve(first).getString("idempotencyKey")).isEqualTo("expires");
  }

  @Test
  void parallelTwinsOfOneKeyMakeOneToken() {
    List<CompletableFuture<Reply>> twins =
        IntStream.range(0, 8)
            .mapToObj(
                i ->
                    server
                        .call("POST", TOKENS)
                        .json("{\"idempotencyKey\":\"twins\",\"timeout\":\"1h\"}")
                        .start())
            .toList();

    List<JsonObject> made = twins.stream().map(CompletableFuture::join).map(Reply::json).toList();

    assertThat(made.stream().map(each -> each.getString("id")).distinct()).hasSize(1);
    assertThat(made.stream().filter(each -> !each.getBoolean("isCached"))).hasSize(1);
  }

  @Test
  void aKeyOfTheGreatestLengthIsKept() {
    String key = "\uD83C\uDF00".repeat(1024);
    String id = created("{\"idempotencyKey\":\"" + key + "\"}");

    assertThat(created("{\"idempotencyKey\":\"" + key + "\"}")).isEqualTo(id);
    assertThat(retrieve(id).getString("idempotencyKey")).isEqualTo(key);
  }

  @Test
  void aRepeatedRequestIsGivenTheFirstAnswer() {
    String[] repeat = {"x-trigger-request-idempotency-key", "create-1"};
    Reply first = create("{\"tags\":\"once\"}", repeat);
    Reply second = create("{\"tags\":\"once\"}", repeat);
    Reply other = create("{\"tags\":\"other\"}", repeat);

    assertThat(second.json()).isEqualTo(first.json());
    assertThat(second.header("x-trigger-jwt")).isNotNull();
    assertThat(other.status()).isEqualTo(422);
    assertThat(server.query("select count(*) from waitpoint where tags = '{once}'"))
        .containsExactly("1");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"n\":[1,null]}",
        "\"text\"",
        "\"\"",
        "0",
        "false",
        "null",
        "\"\\u0000\\ud800\""
      })
  void whatItIsCompletedWithIsKeptAsItWas(String data) {
    String id = created("{\"timeout\":\"1h\"}");

    assertThat(complete(id, "{\"data\":" + data + "}").send().status()).isEqualTo(200);

    JsonObject token = retrieve(id);
    assertThat(token.getString("status")).isEqualTo("COMPLETED");
    assertThat(token.getString("output")).isEqualTo(data);
    assertThat(token.getString("outputType")).isEqualTo("application/json");
    assertThat(token.getBoolean("outputIsError")).isFalse();
    assertThat(token.getString("completedAt")).isNotNull();
    assertThat(server.query("select count(*) from due where ref = '%s'".formatted(id)))
        .containsExactly("0");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "{}"})
  void withoutDataItHasNoOutput(String body) {
    String id = created("{}");

    assertThat(complete(id, body).send().status()).isEqualTo(200);

    assertThat(retrieve(id).getString("status")).isEqualTo("COMPLETED");
    assertThat(retrieve(id).containsKey("output")).isFalse();
  }

  @Test
  void whoeverCompletesItFirstSaysWithWhat() {
    String id = created("{}");
    List<CompletableFuture<Reply>> rivals =
        IntStream.range(0, 6).mapToObj(i -> complete(id, "{\"data\":" + i + "}").start()).toList();

    assertThat(rivals.stream().map(CompletableFuture::join).map(Reply::status)).containsOnly(200);
    String output = retrieve(id).getString("output");
    complete(id, "{\"data\":\"late\"}").send();

    assertThat(output).matches("[0-5]");
    assertThat(retrieve(id).getString("output")).isEqualTo(output);
  }

  @Test
  void whoHasItsUrlCompletesItWithAllThatIsPosted() {
    Reply made = create("{}");

    Reply called = anonymously(pathOf(made), "[1,{\"a\":\"b\"}]");

    assertThat(called.json()).isEqualTo(new JsonObject().put("success", true));
    assertThat(retrieve(made.json().getString("id")).getString("output"))
        .isEqualTo("[1,{\"a\":\"b\"}]");
    assertThat(anonymously(pathOf(made), "2").status()).isEqualTo(200);
    assertThat(retrieve(made.json().getString("id")).getString("output")).startsWith("[1");
  }

  private static Reply anonymously(String path, String body, String... headers) {
    return server.call("POST", path).as("nobody").headers(headers).json(body).send();
  }

  @Test
  void aUrlIsGoodForItsOwnTokenAndOnlyWithItsSecret() {
    Reply made = create("{}");
    Reply other = create("{}");
    String path = pathOf(made);

    assertThat(anonymously(path.replaceFirst("secret=.", "secret=_"), "1").status()).isEqualTo(404);
    assertThat(anonymously(path.substring(0, path.indexOf('?')), "1").status()).isEqualTo(404);
    assertThat(
            anonymously(
                    path.replace(made.json().getString("id"), other.json().getString("id")), "1")
                .status())
        .isEqualTo(404);
    assertThat(anonymously(path + "%00", "1").status()).isEqualTo(404);
    assertThat(retrieve(made.json().getString("id")).getString("status")).isEqualTo("WAITING");
    assertThat(retrieve(other.json().getString("id")).getString("status")).isEqualTo("WAITING");
  }

  @Test
  void aUrlTakesOnlyJson() {
    Reply made = create("{}");
    String path = pathOf(made);

    assertThat(anonymously(path, "not json").status()).isEqualTo(400);
    assertThat(anonymously(path, "[".repeat(100) + "]".repeat(100)).status()).isEqualTo(422);
    assertThat(retrieve(made.json().getString("id")).getString("status")).isEqualTo("WAITING");
    assertThat(anonymously(path, "").status()).isEqualTo(200);
    assertThat(retrieve(made.json().getString("id")).containsKey("output")).isFalse();
  }

  @Test
  void urlsBeginWhereTheClientHasReachedTheService() {
    Reply direct = create("{}");
    Reply proxied =
        create("{}", "x-forwarded-proto", "https", "x-forwarded-host", "runs.example.com:8443");
    Reply tricked = create("{}", "x-forwarded-host", "evil.example/path?x=");

    assertThat(direct.json().getString("url")).startsWith("http://127.0.0.1:" + server.port());
    assertThat(proxied.json().getString("url"))
        .startsWith("https://runs.example.com:8443/api/v1/waitpoints/tokens/");
    assertThat(tricked.json().getString("url")).startsWith("http://127.0.0.1:" + server.port());
  }

  @Test
  void aRepeatedRequestIsToldTheUrlByWhichItCame() {
    String repeat = "x-trigger-request-idempotency-key";
    Reply first = create("{}", repeat, "by-ways");
    Reply second = create("{}", repeat, "by-ways", "x-forwarded-proto", "https");

    assertThat(second.json().getString("url"))
        .isEqualTo(first.json().getString("url").replace("http:", "https:"));
  }

  @Test
  void whoMayOnlyReadIsNotToldTheSecret() {
    Reply made = create("{\"tags\":\"readers\"}");
    String id = made.json().getString("id");
    String secret = pathOf(made).replaceFirst(".*secret=", "");

    Reply read =
        server.call("GET", TOKENS + "/" + id).as(ApiServer.token("read:waitpoints:" + id)).send();
    Reply listed =
        server
            .call("GET", TOKENS + "?filter%5Btags%5D=readers")
            .as(ApiServer.token("read:waitpoints"))
            .send();

    assertThat(read.json().getString("url")).endsWith(id + "/complete");
    assertThat(read.response().body()).doesNotContain(secret);
    assertThat(listed.json().getJsonArray("data")).hasSize(1);
    assertThat(listed.response().body()).doesNotContain(secret);
  }

  @Test
  void anotherEnvironmentsTokensAreNotThere() {
    String id = created("{\"idempotencyKey\":\"shared\"}");

    assertThat(server.call("GET", TOKENS + "/" + id).as(ApiServer.OTHER_SECRET).send().status())
        .isEqualTo(404);
    assertThat(complete(id, "{\"data\":1}").as(ApiServer.OTHER_SECRET).send().status())
        .isEqualTo(404);
    Reply others =
        server
            .call("POST", TOKENS)
            .as(ApiServer.OTHER_SECRET)
            .json("{\"idempotencyKey\":\"shared\"}")
            .send();
    assertThat(others.json().getBoolean("isCached")).isFalse();
    assertThat(retrieve(id).getString("status")).isEqualTo("WAITING");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"timeout\":\"soon\"}",
        "{\"timeout\":5}",
        "{\"timeout\":\"99999d\"}",
        "{\"tags\":[1]}",
        "{\"tags\":[\"1\",\"2\",\"3\",\"4\",\"5\",\"6\",\"7\",\"8\",\"9\",\"10\",\"11\"]}",
        "{\"tags\":\"a\\u0000\"}",
        "{\"idempotencyKey\":\"\\ud800\"}",
        "{\"idempotencyKey\":\"k\",\"idempotencyKeyTTL\":\"never\"}",
        "[]"
      })
  void refusesWhatItCannotKeep(String body) {
    Reply refused = create(body);

    assertThat(refused.status()).isIn(400, 422);
    assertThat(refused.error()).isNotBlank();
  }

  @Test
  void refusesAnOutputThatIsTooLarge() {
    String id = created("{}");

    Reply refused = complete(id, "{\"data\":\"" + "x".repeat(200_000) + "\"}").send();

    assertThat(refused.status()).isEqualTo(413);
    assertThat(refused.error()).contains("200000");
    assertThat(retrieve(id).getString("status")).isEqualTo("WAITING");
  }
}
