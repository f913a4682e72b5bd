package dev.runcast.http.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runcast.http.api.ApiServer.Reply;
import dev.runcast.tokens.Expiry;
import dev.runcast.tokens.Grants;
import dev.runcast.tokens.PublicToken;
import dev.runcast.tokens.SigningKey;
import dev.runcast.tokens.TokenIssuer;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tokens that are taken back, as far as one node and its requests are concerned. */
class RevokeIT {
  private static ApiServer server;
  private static String run;

  @BeforeAll
  static void start() {
    server = new ApiServer();
    run = server.trigger("task", "{}");
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  private static Reply revoke(String body, String... headers) {
    return server.call("POST", "/api/v1/auth/revoke").headers(headers).json(body).send();
  }

  private static String token(Instant issuedAt, String jti, String... scopes) {
    TokenIssuer issuer =
        new TokenIssuer("env_dev", SigningKey.of(ApiServer.SECRET), InstantSource.fixed(issuedAt));
    PublicToken drafted = issuer.draft(Grants.of(scopes), Expiry.after(Duration.ofHours(3)));
    return issuer.sign(
        new PublicToken(
            drafted.environment(),
            drafted.grants(),
            drafted.issuedAt(),
            drafted.expiresAt(),
            Optional.of(jti),
            false,
            List.of()));
  }

  private static int read(String token) {
    return server.call("GET", "/api/v3/runs/" + run).as(token).send().status();
  }

  @Test
  void aTokenIsRefusedOnceItIsRevoked() {
    String jti = UUID.randomUUID().toString();
    String token = token(Instant.now(), jti, "read:runs");
    String other = token(Instant.now(), UUID.randomUUID().toString(), "read:runs");
    assertThat(read(token)).isEqualTo(200);

    Reply reply = revoke("{\"jti\":\"%s\"}".formatted(jti));

    assertThat(reply.status()).isEqualTo(200);
    assertThat(reply.json().getString("jti")).isEqualTo(jti);
    assertThat(reply.header("x-runcast-position")).matches("[0-9]+");
    Reply refused = server.call("GET", "/api/v3/runs/" + run).as(token).send();
    assertThat(refused.status()).isEqualTo(401);
    assertThat(refused.error()).containsIgnoringCase("revoked");
    assertThat(refused.json().getString("param")).isEqualTo("access_token");
    assertThat(read(other)).isEqualTo(200);
    assertThat(read(ApiServer.SECRET)).isEqualTo(200);
  }

  @Test
  void allTokensOfAScopeThatWereIssuedBeforeAreRefused() {
    Instant now = Instant.now();
    String scope = "read:runs:" + run;
    String old = token(now.minusSeconds(3600), "old", scope, "read:tags:a");
    String young = token(now.minusSeconds(60), "young", scope);
    String wider = token(now.minusSeconds(3600), "wider", "read:runs");

    Reply reply =
        revoke(
            "{\"scope\":\"%s\",\"issuedBefore\":\"%s\"}".formatted(scope, now.minusSeconds(600)));

    assertThat(reply.status()).isEqualTo(200);
    assertThat(reply.json().getString("scope")).isEqualTo(scope);
    assertThat(Instant.parse(reply.json().getString("issuedBefore")))
        .isBetween(now.minusSeconds(601), now.minusSeconds(599));
    assertThat(read(old)).isEqualTo(401);
    assertThat(read(young)).isEqualTo(200);
    assertThat(read(wider)).as("it does not carry this very scope").isEqualTo(200);
    // Said again it reaches further, and never back.
    revoke("{\"scope\":\"%s\"}".formatted(scope));
    revoke("{\"scope\":\"%s\",\"issuedBefore\":1}".formatted(scope));
    assertThat(read(young)).isEqualTo(401);
  }

  @Test
  void allTokensOfAnEnvironmentCanBeRefusedAtOnce() {
    try (ApiServer own = new ApiServer()) {
      String id = own.trigger("task", "{}");
      String token = token(Instant.now().minusSeconds(5), "one", "read:runs");
      assertThat(own.call("GET", "/api/v3/runs/" + id).as(token).send().status()).isEqualTo(200);

      Reply reply =
          own.call("POST", "/api/v1/auth/revoke")
              .json("{\"issuedBefore\":\"%s\"}".formatted(Instant.now()))
              .send();

      assertThat(reply.status()).isEqualTo(200);
      assertThat(own.call("GET", "/api/v3/runs/" + id).as(token).send().status()).isEqualTo(401);
      assertThat(own.retrieve(id)).isNotEmpty();
    }
  }

  @Test
  void whatIsRevokedElsewhereIsRefusedHereWhileNoLogIsHeard() {
    String token = token(Instant.now(), "elsewhere", "read:runs");
    assertThat(read(token)).isEqualTo(200);

    server.postgres.execute(
        "insert into revocation (environment_id, kind, subject) values ('env_dev', 'TOKEN', 'elsewhere')");

    assertThat(read(token)).isEqualTo(401);
  }

  @Test
  void aRepeatedRequestIsGivenTheFirstAnswer() {
    String[] key = {"x-trigger-request-idempotency-key", UUID.randomUUID().toString()};
    String body = "{\"scope\":\"read:runs:none\"}";
    Reply first = revoke(body, key);
    Reply again = revoke(body, key);

    assertThat(again.json()).isEqualTo(first.json());
    assertThat(again.header("x-runcast-position")).isEqualTo(first.header("x-runcast-position"));
  }

  @Test
  void whatEndsByItselfIsSweptThen() {
    Reply reply = revoke("{\"jti\":\"brief\",\"expiresAt\":4102444800}");

    assertThat(reply.json().getString("expiresAt")).isEqualTo("2100-01-01T00:00:00Z");
    assertThat(revoke("{\"jti\":\"brief\"}").json().containsKey("expiresAt"))
        .as("said again without an end, it is kept for good")
        .isFalse();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{} | jti | 400",
        "{\"jti\":7} | jti | 400",
        "{\"jti\":\"\"} | jti | 422",
        "{\"jti\":\"a\",\"scope\":\"read:runs\"} | scope | 400",
        "{\"jti\":\"a\",\"issuedBefore\":1} | issuedBefore | 400",
        "{\"jti\":\"a\",\"expiresAt\":\"soon\"} | expiresAt | 400",
        "{\"jti\":\"a\",\"expiresAt\":1.5} | expiresAt | 400",
        "{\"jti\":\"a\",\"expiresAt\":99999999999999999999} | expiresAt | 400",
        "{\"scope\":\"read::a\"} | scope | 400",
        "{\"scope\":[\"read:runs\"]} | scope | 400",
        "{\"scope\":\"read:runs\",\"issuedBefore\":\"yesterday\"} | issuedBefore | 400",
        "{\"scope\":\"read:runs\",\"issuedBefore\":-1} | issuedBefore | 400",
        "{\"scope\":\"read:runs\",\"issuedBefore\":\"2999-01-01T00:00:00Z\"} | issuedBefore | 400",
        "{\"issuedBefore\":\"+1000000000-01-01T00:00:00Z\"} | issuedBefore | 400",
        "[] | body | 400",
      })
  void saysWhatIsWrongWithABody(String body, String param, int status) {
    Reply reply = revoke(body);

    assertThat(reply.status()).as(reply.response().body()).isEqualTo(status);
    assertThat(reply.json().getString("param")).isEqualTo(param);
    assertThat(reply.error()).contains(param.equals("body") ? "body" : param);
  }

  @Test
  void aTokenCanTakeNothingBack() {
    Reply reply =
        server
            .call("POST", "/api/v1/auth/revoke")
            .as(ApiServer.token("admin"))
            .json("{\"jti\":\"x\"}")
            .send();

    assertThat(reply.status()).isEqualTo(403);
  }
}
