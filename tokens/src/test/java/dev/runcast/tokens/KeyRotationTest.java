package dev.runcast.tokens;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class KeyRotationTest {
  private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
  private static final SigningKey FIRST = SigningKey.of("tr_dev_fakeFirst");
  private static final SigningKey SECOND = SigningKey.of("tr_dev_fakeSecond");
  private static final SigningKey THIRD = SigningKey.of("tr_dev_fakeThird");

  private Instant now = START;
  private final TokenVerifier verifier = new TokenVerifier(() -> now);

  @Test
  void thePreviousKeyIsAcceptedUntilItsInstantAndThenRefused() {
    String old = issue(FIRST);
    KeyRing ring = ring(KeyRing.Keys.of(FIRST).rotatedTo(SECOND, START.plusSeconds(60)));

    assertThat(verifier.verify(old, ring)).isInstanceOf(Verification.Valid.class);
    now = START.plusSeconds(60).minusMillis(1);
    assertThat(verifier.verify(old, ring)).isInstanceOf(Verification.Valid.class);
    now = START.plusSeconds(60);
    assertThat(verifier.verify(old, ring))
        .isEqualTo(new Verification.Rejected(Rejection.BAD_SIGNATURE));
    assertThat(verifier.verify(issue(SECOND), ring)).isInstanceOf(Verification.Valid.class);
  }

  @Test
  void eachPreviousKeyEndsAtItsOwnInstant() {
    KeyRing.Keys keys =
        KeyRing.Keys.of(FIRST)
            .rotatedTo(SECOND, START.plusSeconds(60))
            .rotatedTo(THIRD, START.plusSeconds(30));

    assertThat(keys.acceptedAt(START)).containsExactly(THIRD, SECOND, FIRST);
    assertThat(keys.acceptedAt(START.plusSeconds(30))).containsExactly(THIRD, FIRST);
    assertThat(keys.acceptedAt(START.plusSeconds(60))).containsExactly(THIRD);
  }

  @Test
  void saysWhichOfTheKeysHasSigned() {
    String old = issue(FIRST);
    KeyRing ring = ring(KeyRing.Keys.of(FIRST).rotatedTo(SECOND, START.plusSeconds(60)));

    assertThat(((Verification.Valid) verifier.verify(old, ring)).signedBy()).isEqualTo(FIRST);
    assertThat(((Verification.Valid) verifier.verify(issue(SECOND), ring)).signedBy())
        .isEqualTo(SECOND);
  }

  @Test
  void anUnknownKeyIsRefusedDuringARotationToo() {
    KeyRing ring = ring(KeyRing.Keys.of(FIRST).rotatedTo(SECOND, START.plusSeconds(60)));

    assertThat(verifier.verify(issue(THIRD), ring))
        .isEqualTo(new Verification.Rejected(Rejection.BAD_SIGNATURE));
  }

  @Test
  void aRingLooksUpOnlyTheEnvironmentThatTheTokenClaims() {
    List<String> asked = new ArrayList<>();
    KeyRing ring =
        KeyRing.lookingUp(
            environment -> {
              asked.add(environment);
              return Optional.of(KeyRing.Keys.of(FIRST));
            });

    assertThat(verifier.verify(issue(FIRST), ring)).isInstanceOf(Verification.Valid.class);
    assertThat(verifier.verify("no.token.atAll", ring)).isInstanceOf(Verification.Rejected.class);
    assertThat(asked).containsExactly("env_1");
  }

  @Test
  void keysAreNeverPrinted() {
    KeyRing.Keys keys = KeyRing.Keys.of(FIRST).rotatedTo(SECOND, START);

    assertThat(keys.toString()).doesNotContain("fakeFirst").doesNotContain("fakeSecond");
  }

  private String issue(SigningKey key) {
    return new TokenIssuer("env_1", key, () -> now)
        .issue(Grants.of("read:runs"), Expiry.after(Duration.ofDays(1)));
  }

  private static KeyRing ring(KeyRing.Keys keys) {
    return KeyRing.of("env_1", keys);
  }
}
