package dev.runcast.tokens;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.nimbusds.jose.util.Base64URL;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TokenVerifierTest {
  private static final String ENVIRONMENT = "env_1";
  private static final String KEY = "tr_dev_fakeKeyOfThisTestAndOfNothingElse01";
  private static final String OTHER_KEY = "tr_dev_fakeKeyOfAnotherEnvironment00000002";
  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
  private static final KeyRing RING =
      KeyRing.of(
          Map.of(
              ENVIRONMENT,
              KeyRing.Keys.of(SigningKey.of(KEY)),
              "env_2",
              KeyRing.Keys.of(SigningKey.of(OTHER_KEY))));
  private static final Forge GENUINE = Forge.genuine(ENVIRONMENT, NOW.getEpochSecond());

  private final TokenVerifier verifier = new TokenVerifier(InstantSource.fixed(NOW));

  @Test
  void acceptsTheGenuineTokenThatTheOthersAreSpoiltFrom() {
    assertThat(verifier.verify(GENUINE.sign(KEY), RING))
        .isInstanceOfSatisfying(
            Verification.Valid.class,
            valid -> {
              assertThat(valid.token().environment()).isEqualTo(ENVIRONMENT);
              assertThat(valid.token().grants()).isEqualTo(Grants.of("read:runs:run_1"));
              assertThat(valid.token().issuedAt()).isEqualTo(NOW);
              assertThat(valid.token().expiresAt()).isEqualTo(NOW.plusSeconds(3600));
            });
  }

  @Test
  void rejectsAnyOtherAlgorithmEvenUnderTheRightKey() {
    String hs512 = Forge.sign("{\"alg\":\"HS512\"}", GENUINE.json(), "HmacSHA512", KEY);
    String rs256 = Forge.sign("{\"alg\":\"RS256\"}", GENUINE.json(), "HmacSHA256", KEY);
    String lowerCase = Forge.sign("{\"alg\":\"hs256\"}", GENUINE.json(), "HmacSHA256", KEY);
    String encrypted = Base64URL.encode("{\"alg\":\"dir\",\"enc\":\"A128GCM\"}") + ".a.b.c.d";

    for (String token : List.of(hs512, rs256, lowerCase, encrypted)) {
      assertRejected(token, Rejection.WRONG_ALGORITHM);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"none", "None", "NONE", "nOnE"})
  void rejectsAnUnsignedToken(String none) {
    String header = "{\"alg\":\"" + none + "\"}";
    String signed = Forge.sign(header, GENUINE.json(), "HmacSHA256", KEY);
    String unsigned = signed.substring(0, signed.lastIndexOf('.') + 1);

    assertRejected(unsigned, Rejection.UNSIGNED);
    assertRejected(signed, Rejection.UNSIGNED);
  }

  @Test
  void rejectsATamperedPayload() {
    String[] genuine = GENUINE.sign(KEY).split("\\.", -1);
    Forge more = GENUINE.with("scopes", List.of("admin"));
    String tampered = genuine[0] + "." + Base64URL.encode(more.json()) + "." + genuine[2];

    assertRejected(tampered, Rejection.BAD_SIGNATURE);
  }

  @Test
  void rejectsATokenThatAnotherEnvironmentsKeySigned() {
    assertRejected(GENUINE.sign(OTHER_KEY), Rejection.BAD_SIGNATURE);
    assertRejected(GENUINE.with("sub", "env_2").sign(KEY), Rejection.BAD_SIGNATURE);
  }

  @Test
  void rejectsATruncatedSignature() {
    String token = GENUINE.sign(KEY);

    assertRejected(token.substring(0, token.length() - 3), Rejection.BAD_SIGNATURE);
  }

  @Test
  void rejectsAnUnknownEnvironment() {
    assertRejected(GENUINE.with("sub", "env_3").sign(KEY), Rejection.UNKNOWN_ENVIRONMENT);
  }

  @Test
  void rejectsATokenThatIsNotPublic() {
    assertRejected(GENUINE.without("pub").sign(KEY), Rejection.NOT_PUBLIC);
    assertRejected(GENUINE.with("pub", false).sign(KEY), Rejection.NOT_PUBLIC);
    assertRejected(GENUINE.with("pub", "true").sign(KEY), Rejection.NOT_PUBLIC);
    assertRejected(GENUINE.with("pub", 1).sign(KEY), Rejection.NOT_PUBLIC);
  }

  @Test
  void rejectsATokenOfAnotherTypeEvenUnderTheRightKey() {
    String header = "{\"alg\":\"HS256\",\"typ\":\"run+jwt\"}";

    assertRejected(Forge.sign(header, GENUINE.json(), "HmacSHA256", KEY), Rejection.NOT_PUBLIC);
  }

  @Test
  void acceptsTheOrdinaryTypeInTheHeader() {
    String header = "{\"alg\":\"HS256\",\"typ\":\"JWT\"}";

    assertThat(verifier.verify(Forge.sign(header, GENUINE.json(), "HmacSHA256", KEY), RING))
        .isInstanceOf(Verification.Valid.class);
  }

  @Test
  void rejectsAHeaderThatDemandsWhatIsNotUnderstood() {
    String header = "{\"alg\":\"HS256\",\"crit\":[\"ext\"],\"ext\":1}";

    assertRejected(Forge.sign(header, GENUINE.json(), "HmacSHA256", KEY), Rejection.BAD_SIGNATURE);
  }

  @Test
  void rejectsAnotherIssuer() {
    assertRejected(GENUINE.without("iss").sign(KEY), Rejection.WRONG_ISSUER);
    assertRejected(GENUINE.with("iss", "https://id.example").sign(KEY), Rejection.WRONG_ISSUER);
  }

  @Test
  void rejectsAnotherAudience() {
    assertRejected(GENUINE.without("aud").sign(KEY), Rejection.WRONG_AUDIENCE);
    assertRejected(GENUINE.with("aud", "https://api.example").sign(KEY), Rejection.WRONG_AUDIENCE);
    assertRejected(GENUINE.with("aud", List.of("a", "b")).sign(KEY), Rejection.WRONG_AUDIENCE);
  }

  @Test
  void rejectsATokenFromTheInstantOfItsExpiryOn() {
    long now = NOW.getEpochSecond();

    assertRejected(GENUINE.with("exp", now).sign(KEY), Rejection.EXPIRED);
    assertRejected(GENUINE.with("exp", now - 1).sign(KEY), Rejection.EXPIRED);
    assertThat(verifier.verify(GENUINE.with("exp", now + 1).sign(KEY), RING))
        .isInstanceOf(Verification.Valid.class);
  }

  @Test
  void rejectsATokenBeforeItsTime() {
    long now = NOW.getEpochSecond();

    assertRejected(GENUINE.with("nbf", now + 1).sign(KEY), Rejection.NOT_YET_VALID);
    assertThat(verifier.verify(GENUINE.with("nbf", now).sign(KEY), RING))
        .isInstanceOf(Verification.Valid.class);
  }

  @Test
  void leewayStretchesBothEnds() {
    long now = NOW.getEpochSecond();
    TokenVerifier lenient =
        new TokenVerifier(8192, Duration.ofSeconds(5), InstantSource.fixed(NOW));

    for (Forge kept : List.of(GENUINE.with("exp", now - 4), GENUINE.with("nbf", now + 5))) {
      assertThat(lenient.verify(kept.sign(KEY), RING)).isInstanceOf(Verification.Valid.class);
    }
    assertThat(lenient.verify(GENUINE.with("exp", now - 5).sign(KEY), RING))
        .isEqualTo(new Verification.Rejected(Rejection.EXPIRED));
    assertThat(lenient.verify(GENUINE.with("nbf", now + 6).sign(KEY), RING))
        .isEqualTo(new Verification.Rejected(Rejection.NOT_YET_VALID));
  }

  @ParameterizedTest
  @ValueSource(strings = {"sub", "exp", "iat"})
  void rejectsATokenThatLacksARequiredClaim(String claim) {
    assertRejected(GENUINE.without(claim).sign(KEY), Rejection.INCOMPLETE);
    assertRejected(GENUINE.with(claim, null).sign(KEY), Rejection.INCOMPLETE);
  }

  @Test
  void rejectsATokenOverTheLengthThatIsAllowed() {
    String token = GENUINE.sign(KEY);
    TokenVerifier exact =
        new TokenVerifier(token.length(), Duration.ZERO, InstantSource.fixed(NOW));
    TokenVerifier tight =
        new TokenVerifier(token.length() - 1, Duration.ZERO, InstantSource.fixed(NOW));

    assertThat(exact.verify(token, RING)).isInstanceOf(Verification.Valid.class);
    assertThat(tight.verify(token, RING)).isEqualTo(new Verification.Rejected(Rejection.TOO_LARGE));
    assertThat(tight.claimedEnvironment(token)).isEmpty();
    assertRejected("a".repeat(10_000_000), Rejection.TOO_LARGE);
  }

  @Test
  void rejectsWhatIsNoToken() {
    String[] parts = GENUINE.sign(KEY).split("\\.", -1);
    List<String> malformed =
        List.of(
            "",
            ".",
            "..",
            "...",
            "tr_dev_key",
            parts[0] + "." + parts[1],
            parts[0] + "." + parts[1] + ".",
            parts[0] + ".." + parts[2],
            "." + parts[1] + "." + parts[2],
            String.join(".", parts) + ".",
            String.join(".", parts) + "=",
            String.join(".", parts) + " ",
            String.join(".", parts) + "\u00e9",
            Forge.sign("[]", GENUINE.json(), "HmacSHA256", KEY),
            Forge.sign("{}", GENUINE.json(), "HmacSHA256", KEY),
            Forge.sign("{\"alg\":5}", GENUINE.json(), "HmacSHA256", KEY),
            Forge.sign(Forge.HS256, "5", "HmacSHA256", KEY),
            Forge.sign(Forge.HS256, "no json", "HmacSHA256", KEY),
            Forge.sign(
                Forge.HS256, "{\"a\":".repeat(900) + "1" + "}".repeat(900), "HmacSHA256", KEY));

    malformed.forEach(token -> assertRejected(token, Rejection.MALFORMED));
    malformed.forEach(token -> assertThat(verifier.claimedEnvironment(token)).isEmpty());
  }

  @Test
  void rejectsClaimsOfTheWrongKind() {
    List<Forge> malformed =
        List.of(
            GENUINE.with("exp", "tomorrow"),
            GENUINE.with("scopes", "admin"),
            GENUINE.with("scopes", List.of("admin", 5)),
            GENUINE.with("scopes", Collections.singletonList(null)),
            GENUINE.with("otu", "true"),
            GENUINE.with("jti", 5),
            GENUINE.with("realtime", List.of()),
            GENUINE.with("realtime", Map.of("skipColumns", "payload")));

    malformed.forEach(forge -> assertRejected(forge.sign(KEY), Rejection.MALFORMED));
  }

  @Test
  void aScopeThatCannotBeReadGrantsNothingAndSpoilsNothing() {
    String token = GENUINE.with("scopes", List.of("read:runs:", "", "read:tags:a")).sign(KEY);

    assertThat(((Verification.Valid) verifier.verify(token, RING)).token().grants())
        .isEqualTo(Grants.of("read:tags:a"));
  }

  @Test
  void rejectsASecondSpellingOfTheSameSignature() {
    String token = GENUINE.sign(KEY);
    byte[] signature = new Base64URL(token.substring(token.lastIndexOf('.') + 1)).decode();
    String alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    char last = token.charAt(token.length() - 1);
    char sameBits = alphabet.charAt(alphabet.indexOf(last) ^ 1);
    String respelt = token.substring(0, token.length() - 1) + sameBits;

    assertThat(new Base64URL(respelt.substring(respelt.lastIndexOf('.') + 1)).decode())
        .isEqualTo(signature);
    assertRejected(respelt, Rejection.MALFORMED);
  }

  @Test
  void givesTheDigestOfTheTextInsteadOfTheText() {
    // echo -n "$token" | sha256sum
    KeyRing ring =
        KeyRing.of(SdkVectors.ENVIRONMENT, KeyRing.Keys.of(SigningKey.of(SdkVectors.KEY)));

    Verification verification = verifier.verify(SdkVectors.READ, ring);

    assertThat(((Verification.Valid) verification).sha256())
        .isEqualTo("42ec20a84737c66f7fe16cf9ae1feefa8a5c7df948c49a053a5f23a841e4de03");
    assertThat(verification.toString()).doesNotContain(SdkVectors.READ);
  }

  @Test
  void noTwoRejectionsShareAMessage() {
    assertThat(Arrays.stream(Rejection.values()).map(Rejection::message))
        .doesNotHaveDuplicates()
        .allMatch(message -> message.startsWith("The access token") && message.endsWith("."));
  }

  @Test
  void theClaimedEnvironmentIsReadWithoutAnyKey() {
    assertThat(verifier.claimedEnvironment(GENUINE.sign("somebody else's key")))
        .contains(ENVIRONMENT);
    assertThat(verifier.claimedEnvironment("tr_dev_key")).isEmpty();
  }

  @Test
  void keysOfAnotherEnvironmentDoNotHelp() {
    KeyRing onlyOther = KeyRing.of("env_2", KeyRing.Keys.of(SigningKey.of(KEY)));

    assertThat(verifier.verify(GENUINE.sign(KEY), onlyOther))
        .isEqualTo(new Verification.Rejected(Rejection.UNKNOWN_ENVIRONMENT));
  }

  @Test
  void tellsTokensFromKeysByTheirShape() {
    assertThat(TokenVerifier.hasTokenShape(GENUINE.sign(KEY))).isTrue();
    assertThat(TokenVerifier.hasTokenShape("..")).isTrue();
    assertThat(TokenVerifier.hasTokenShape(KEY)).isFalse();
  }

  @Test
  void refusesSettingsThatMakeNoSense() {
    InstantSource clock = InstantSource.fixed(NOW);

    assertThatIllegalArgumentException()
        .isThrownBy(() -> new TokenVerifier(0, Duration.ZERO, clock));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new TokenVerifier(1, Duration.ofSeconds(-1), clock));
  }

  @Test
  void noChangeOfACharacterPassesAndNoneThrows() {
    String token = GENUINE.sign(KEY);

    Seeds.each(
        3_000,
        random -> {
          String mutated = mutate(token, random);

          assertThat(verifier.verify(mutated, RING)).isInstanceOf(Verification.Rejected.class);
        });
  }

  @Test
  void noHeaderOrClaimsThatAKeyHolderSignsMakeItThrow() {
    Seeds.each(
        3_000,
        random -> {
          String header =
              mutate("{\"alg\":\"HS256\",\"kid\":\"1\",\"jwk\":{\"kty\":\"oct\"}}", random);
          String payload = mutate(GENUINE.json(), random);

          assertThat(verifier.verify(Forge.sign(header, GENUINE.json(), "HmacSHA256", KEY), RING))
              .isNotNull();
          assertThat(verifier.verify(Forge.sign(Forge.HS256, payload, "HmacSHA256", KEY), RING))
              .isNotNull();
        });
  }

  /** Replaces, drops or doubles one character, so that the result always differs. */
  private static String mutate(String text, Random random) {
    int at = random.nextInt(text.length());
    char old = text.charAt(at);
    char other = (char) (32 + (old - 32 + 1 + random.nextInt(94)) % 95);
    String put =
        switch (random.nextInt(3)) {
          case 0 -> "";
          case 1 -> "" + other + old;
          default -> "" + other;
        };
    return text.substring(0, at) + put + text.substring(at + 1);
  }

  private void assertRejected(String token, Rejection rejection) {
    assertThat(verifier.verify(token, RING))
        .as("%.200s", token)
        .isEqualTo(new Verification.Rejected(rejection));
  }
}
