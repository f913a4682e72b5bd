package dev.runcast.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runcast.http.Caller.Reply;
import dev.runcast.http.RouteTable.Access;
import dev.runcast.http.RouteTable.Sample;
import dev.runcast.tokens.Expiry;
import dev.runcast.tokens.Grants;
import dev.runcast.tokens.SigningKey;
import dev.runcast.tokens.TokenIssuer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every route for who has no business there, or business of their own. */
class BadCredentialsIT {
  private static final Grants EVERYTHING = Grants.of("admin");

  private static WholeServer server;
  private static Caller caller;

  @BeforeAll
  static void start() {
    server = new WholeServer();
    server.postgres.execute(RouteTable.SUBJECTS);
    caller = new Caller(server.port());
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  static Stream<Sample> guarded() {
    return RouteTable.calls().filter(sample -> sample.gate().access() != Access.OPEN);
  }

  /** Credentials that nobody should be let in by, each under what is wrong with it. */
  private static Map<String, String> forged() {
    TokenIssuer issuer = WholeServer.issuer(WholeServer.SECRET);
    String valid = issuer.issue(EVERYTHING, Expiry.parse("1h"));
    String[] parts = valid.split("\\.", 3);
    Map<String, String> forged = new LinkedHashMap<>();
    forged.put("an unknown key", "tr_dev_" + "x".repeat(40));
    forged.put("no key at all", "secret");
    forged.put("a hash", "'; drop table run; --");
    forged.put("expired", expired());
    forged.put(
        "signed by another environment",
        WholeServer.issuer(WholeServer.OTHER_SECRET).issue(EVERYTHING, Expiry.parse("1h")));
    forged.put("another signature", parts[0] + "." + parts[1] + "." + "A".repeat(43));
    forged.put("no signature", parts[0] + "." + parts[1] + ".");
    forged.put("unsigned", base64("{\"alg\":\"none\"}") + "." + parts[1] + ".");
    forged.put(
        "another algorithm", base64("{\"alg\":\"HS512\"}") + "." + parts[1] + "." + parts[2]);
    forged.put(
        "more than was signed",
        parts[0]
            + "."
            + base64("{\"sub\":\"env_dev\",\"pub\":true,\"scopes\":[\"admin\"]}")
            + "."
            + parts[2]);
    forged.put("dots", "..");
    forged.put("very long", "a.b." + "c".repeat(8_000));
    return forged;
  }

  private static String expired() {
    InstantSource then = InstantSource.fixed(Instant.now().minusSeconds(60));
    return new TokenIssuer("env_dev", SigningKey.of(WholeServer.SECRET), then)
        .issue(EVERYTHING, Expiry.parse("59s"));
  }

  private static String base64(String text) {
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }

  private static Reply call(Sample sample, String credential, String... headers) {
    if (sample.is(RouteTable.Trait.FEED) && headers.length == 0) {
      return caller.call(sample, credential, "accept", "text/event-stream");
    }
    return caller.call(sample, credential, headers);
  }

  @Test
  void everyRouteIsTried() {
    assertThat(RouteTable.routes()).isEqualTo(server.routes());
  }

  @ParameterizedTest
  @MethodSource("guarded")
  void nobodyIsLetInWithoutACredentialThatIsInForce(Sample sample) {
    String before = server.state("env_dev");

    Refusals.refused(sample + " without a credential", call(sample, null), 401);
    Refusals.refused(
        sample + " with another scheme", call(sample, null, "authorization", "Basic YTpi"), 401);
    forged()
        .forEach(
            (what, credential) ->
                Refusals.refused(sample + ": " + what, call(sample, credential), 401));

    assertThat(server.state("env_dev")).isEqualTo(before);
  }

  /** By its key and by a token for everything in it. */
  @ParameterizedTest
  @MethodSource("guarded")
  void anotherEnvironmentSeesAndChangesNothing(Sample sample) {
    String before = server.state("env_dev");
    TokenIssuer issuer = new TokenIssuer("env_other", SigningKey.of(WholeServer.OTHER_SECRET));

    for (String credential :
        new String[] {WholeServer.OTHER_SECRET, issuer.issue(EVERYTHING, Expiry.parse("1h"))}) {
      Reply reply = call(sample, credential);
      Refusals.answered(sample.toString(), reply);
      assertThat(reply.body()).doesNotContain("hidden");
    }

    assertThat(server.state("env_dev")).isEqualTo(before);
  }

  @ParameterizedTest
  @MethodSource("guarded")
  void aTokenWithoutScopesIsRefusedAndChangesNothing(Sample sample) {
    String before = server.state("env_dev");

    Refusals.refused(sample.toString(), call(sample, WholeServer.token()), 403);

    assertThat(server.state("env_dev")).isEqualTo(before);
  }
}
