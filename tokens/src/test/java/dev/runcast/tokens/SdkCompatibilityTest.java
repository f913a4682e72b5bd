package dev.runcast.tokens;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Both directions against {@link SdkVectors}. */
class SdkCompatibilityTest {
  private static final Instant NOW = Instant.ofEpochSecond(SdkVectors.SIGNED_AT);

  @Test
  void readsATokenThatTheSdkSigned() {
    PublicToken token = verified(SdkVectors.READ, SdkVectors.KEY);

    assertThat(token)
        .isEqualTo(
            token(
                Grants.of("read:runs:run_1", "read:runs:run_2", "read:tags:user:1", "read:batch"),
                NOW.plusSeconds(3600),
                Optional.empty()));
  }

  @Test
  void aTokenWithoutScopesGrantsNothing() {
    PublicToken token = verified(SdkVectors.WITHOUT_SCOPES, SdkVectors.KEY);

    assertThat(token.grants()).isEqualTo(Grants.none());
    assertThat(token.expiresAt()).isEqualTo(NOW.plusSeconds(900));
  }

  @Test
  void readsTheColumnsToSkip() {
    PublicToken token = verified(SdkVectors.SKIPPING_COLUMNS, SdkVectors.KEY);

    assertThat(token.skipColumns()).containsExactly("payload", "output");
    assertThat(token.jti()).contains("tok_fakejti0001");
    assertThat(token.expiresAt()).isEqualTo(Instant.ofEpochSecond(1767300000));
  }

  @Test
  void readsATokenForOneTriggerWhateverTheCharactersOfTheTask() {
    PublicToken token = verified(SdkVectors.TRIGGER_ONCE, SdkVectors.KEY);

    assertThat(token.oneTimeUse()).isTrue();
    assertThat(token.grants().scopes())
        .containsExactly(
            Scope.of("trigger", "tasks", "send-email"),
            Scope.of("trigger", "tasks", SdkVectors.ODD_TASK));
  }

  @Test
  void acceptsKeysShorterThanTheHashAndLongerThanItsBlock() {
    PublicToken batch = verified(SdkVectors.BATCH_TRIGGER_SHORT_KEY, SdkVectors.SHORT_KEY);
    PublicToken admin = verified(SdkVectors.ADMIN_LONG_KEY, SdkVectors.LONG_KEY);

    assertThat(batch.oneTimeUse()).isFalse();
    assertThat(batch.grants()).isEqualTo(Grants.of("batchTrigger:tasks:send-email"));
    assertThat(admin.grants()).isEqualTo(Grants.everything());
  }

  @Test
  void signsTheSameClaimsToTheSameBytesAsTheSdk() {
    assertResigned(SdkVectors.READ, SdkVectors.KEY);
    assertResigned(SdkVectors.WITHOUT_SCOPES, SdkVectors.KEY);
    assertResigned(SdkVectors.SKIPPING_COLUMNS, SdkVectors.KEY);
    assertResigned(SdkVectors.ADMIN_LONG_KEY, SdkVectors.LONG_KEY);
  }

  private static void assertResigned(String compact, String key) {
    TokenIssuer issuer = new TokenIssuer(SdkVectors.ENVIRONMENT, SigningKey.of(key));

    assertThat(issuer.sign(verified(compact, key))).isEqualTo(compact);
  }

  private static PublicToken verified(String compact, String key) {
    KeyRing ring = KeyRing.of(SdkVectors.ENVIRONMENT, KeyRing.Keys.of(SigningKey.of(key)));
    Verification verification =
        new TokenVerifier(InstantSource.fixed(NOW.plusSeconds(1))).verify(compact, ring);
    assertThat(verification).isInstanceOf(Verification.Valid.class);
    return ((Verification.Valid) verification).token();
  }

  private static PublicToken token(Grants grants, Instant expiresAt, Optional<String> jti) {
    return new PublicToken(SdkVectors.ENVIRONMENT, grants, NOW, expiresAt, jti, false, List.of());
  }
}
