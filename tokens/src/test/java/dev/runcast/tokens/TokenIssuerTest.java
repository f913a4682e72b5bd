package dev.runcast.tokens;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.nimbusds.jose.util.Base64URL;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class TokenIssuerTest {
  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00.999Z");
  private static final SigningKey KEY = SigningKey.of("tr_dev_fakeKey");
  private static final Grants GRANTS = Grants.of("read:runs:run_1");
  private static final Expiry HOUR = Expiry.parse("1h");

  private final TokenIssuer issuer = new TokenIssuer("env_1", KEY, InstantSource.fixed(NOW));

  @Test
  void whatWasDraftedAndSignedIsWhatIsVerified() {
    PublicToken token =
        issuer.draft(GRANTS, HOUR).withOneTimeUse().withSkipColumns(List.of("payload"));

    Verification verification =
        new TokenVerifier(InstantSource.fixed(NOW))
            .verify(issuer.sign(token), KeyRing.of("env_1", KeyRing.Keys.of(KEY)));

    assertThat(((Verification.Valid) verification).token()).isEqualTo(token);
    assertThat(token.issuedAt()).isEqualTo(Instant.parse("2026-01-01T00:00:00Z"));
    assertThat(token.expiresAt()).isEqualTo(Instant.parse("2026-01-01T01:00:00Z"));
  }

  @Test
  void theHeaderHoldsTheAlgorithmAndNothingElse() {
    String token = issuer.issue(GRANTS, HOUR);
    String header = token.substring(0, token.indexOf('.'));

    assertThat(new Base64URL(header).decodeToString()).isEqualTo("{\"alg\":\"HS256\"}");
  }

  @Test
  void twoTokensOfTheSameInstantDiffer() {
    assertThat(issuer.issue(GRANTS, HOUR)).isNotEqualTo(issuer.issue(GRANTS, HOUR));
  }

  @Test
  void refusesAnExpiryThatIsNotASecondAway() {
    Expiry now = Expiry.at(NOW);
    Expiry shortLife = Expiry.after(Duration.ofMillis(999));

    assertThatIllegalArgumentException().isThrownBy(() -> issuer.draft(GRANTS, now));
    assertThatIllegalArgumentException().isThrownBy(() -> issuer.draft(GRANTS, shortLife));
  }

  @Test
  void refusesToSignForAnotherEnvironment() {
    PublicToken foreign = new TokenIssuer("env_2", KEY).draft(GRANTS, HOUR);

    assertThatIllegalArgumentException().isThrownBy(() -> issuer.sign(foreign));
  }

  @Test
  void refusesToIssueWhatNoVerifierWouldRead() {
    Grants many =
        Grants.parse(IntStream.range(0, 500).mapToObj(i -> "read:runs:run_" + i).toList());

    assertThatIllegalArgumentException()
        .isThrownBy(() -> issuer.issue(many, HOUR))
        .withMessageContaining("8192");
  }

  @Test
  void refusesABlankKeyAndABlankEnvironment() {
    TokenIssuer nameless = new TokenIssuer(" ", KEY);

    assertThatIllegalArgumentException().isThrownBy(() -> SigningKey.of(" "));
    assertThatIllegalArgumentException().isThrownBy(() -> nameless.issue(GRANTS, HOUR));
  }
}
