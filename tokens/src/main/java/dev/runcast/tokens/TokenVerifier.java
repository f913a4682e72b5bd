package dev.runcast.tokens;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.proc.BadJOSEException;
import com.nimbusds.jwt.proc.DefaultJWTProcessor;
import com.nimbusds.jwt.proc.JWTProcessor;
import dev.runcast.tokens.TokenRules.AcceptedKeys;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/**
 * Verifies public tokens. It never blocks, never throws for what a token says, and may be shared by
 * threads.
 *
 * <p>The key is chosen by the environment that the token claims. Where keys have to be loaded
 * first, ask {@link #claimedEnvironment}, load that environment's keys, and verify with a ring of
 * only those.
 */
public final class TokenVerifier {
  /** In characters. Some hundred scopes fit; a server's limit on headers must be higher. */
  public static final int DEFAULT_MAX_LENGTH = 8 * 1024;

  private final int maxLength;
  private final InstantSource clock;
  private final JWTProcessor<AcceptedKeys> processor;

  /** Verifies by this clock, without leeway, tokens of up to the default length. */
  public TokenVerifier(InstantSource clock) {
    this(DEFAULT_MAX_LENGTH, Duration.ZERO, clock);
  }

  /**
   * Verifies by this clock.
   *
   * @param maxLength in characters; longer tokens are not even looked at
   * @param leeway by how much the clocks of issuer and verifier may differ
   */
  public TokenVerifier(int maxLength, Duration leeway, InstantSource clock) {
    if (maxLength < 1 || leeway.isNegative()) {
      throw new IllegalArgumentException("Neither the length nor the leeway may be negative");
    }
    this.maxLength = maxLength;
    this.clock = clock;
    this.processor = processor(new TokenRules(leeway, clock));
  }

  /** Whether a credential is meant to be a token: three parts between dots. Keys hold no dot. */
  public static boolean hasTokenShape(String credential) {
    return credential.chars().filter(c -> c == '.').count() == 2;
  }

  /**
   * The environment that a token claims to be of. Nothing vouches for it yet: use it to find keys,
   * and for nothing else. Empty if {@link #verify} will reject the token whatever the keys.
   */
  public Optional<String> claimedEnvironment(String compact) {
    try {
      return Optional.of(UntrustedToken.parse(compact, maxLength).environment());
    } catch (RejectedTokenException rejected) {
      return Optional.empty();
    }
  }

  /** Verifies a token in compact form; each reason to refuse it has its own {@link Rejection}. */
  public Verification verify(String compact, KeyRing ring) {
    try {
      UntrustedToken token = UntrustedToken.parse(compact, maxLength);
      for (SigningKey key : acceptedKeys(token.environment(), ring)) {
        Optional<PublicToken> trusted = trusted(token, key);
        if (trusted.isPresent()) {
          return new Verification.Valid(trusted.get(), sha256(compact), key);
        }
      }
      return new Verification.Rejected(Rejection.BAD_SIGNATURE);
    } catch (RejectedTokenException rejected) {
      return new Verification.Rejected(rejected.rejection());
    }
  }

  /** What the token says, if it was signed with this key. */
  private Optional<PublicToken> trusted(UntrustedToken token, SigningKey key)
      throws RejectedTokenException {
    try {
      return Optional.of(
          TokenClaims.read(
              processor.process(token.jwt(), new AcceptedKeys(List.of(key.hmacKey())))));
    } catch (RejectedTokenException rejected) {
      throw rejected;
    } catch (BadJOSEException badSignature) {
      return Optional.empty();
    } catch (JOSEException e) {
      throw new IllegalStateException("This JVM cannot compute HMAC-SHA-256", e);
    }
  }

  private List<SigningKey> acceptedKeys(String environment, KeyRing ring)
      throws RejectedTokenException {
    return ring.keysOf(environment)
        .orElseThrow(() -> new RejectedTokenException(Rejection.UNKNOWN_ENVIRONMENT))
        .acceptedAt(clock.instant());
  }

  private static JWTProcessor<AcceptedKeys> processor(TokenRules rules) {
    DefaultJWTProcessor<AcceptedKeys> processor = new DefaultJWTProcessor<>();
    processor.setJWSKeySelector((header, accepted) -> accepted.keys());
    processor.setJWTClaimsSetVerifier(rules);
    return processor;
  }

  private static String sha256(String compact) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      return HexFormat.of().formatHex(digest.digest(compact.getBytes(StandardCharsets.US_ASCII)));
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java platform has SHA-256", e);
    }
  }
}
