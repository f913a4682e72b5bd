package dev.runcast.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runcast.http.Caller.Reply;
import dev.runcast.http.Sample.Access;
import dev.runcast.http.Sample.Trait;
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
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every route for who has no business there, or business of their own. */
class BadCredentialsIT {
  private static final Grants EVERYTHING = Grants.of("admin");

  @RegisterExtension static final TableServer SERVER = new TableServer();

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

  @ParameterizedTest
  @MethodSource("guarded")
  void nobodyIsLetInWithoutACredentialThatIsInForce(Sample sample) {
    String before = SERVER.state();

    if (!sample.is(Trait.LOCAL)) {
      Refusals.refused(sample + " without a credential", SERVER.call(sample, null), 401);
    }
    Refusals.refused(
        sample + " with another scheme",
        SERVER.call(sample, null, "authorization", "Basic YTpi"),
        401);
    forged()
        .forEach(
            (what, credential) ->
                Refusals.refused(sample + ": " + what, SERVER.call(sample, credential), 401));

    assertThat(SERVER.state()).isEqualTo(before);
  }

  /** By its key and by a token for everything in it. */
  @ParameterizedTest
  @MethodSource("guarded")
  void anotherEnvironmentSeesAndChangesNothing(Sample sample) {
    String before = SERVER.state();
    TokenIssuer issuer = new TokenIssuer("env_other", SigningKey.of(WholeServer.OTHER_SECRET));

    for (String credential :
        new String[] {WholeServer.OTHER_SECRET, issuer.issue(EVERYTHING, Expiry.parse("1h"))}) {
      Reply reply = SERVER.call(sample, credential);
      Refusals.answered(sample.toString(), reply);
      assertThat(reply.body()).doesNotContain("hidden");
    }

    assertThat(SERVER.state()).isEqualTo(before);
  }

  @ParameterizedTest
  @MethodSource("guarded")
  void aTokenWithoutScopesIsRefusedAndChangesNothing(Sample sample) {
    String before = SERVER.state();

    Refusals.refused(sample.toString(), SERVER.call(sample, WholeServer.token()), 403);

    assertThat(SERVER.state()).isEqualTo(before);
  }
}
