package dev.runcast.tokens;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSObject;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.KeyLengthException;
import com.nimbusds.jose.Payload;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.util.JSONObjectUtils;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * Mints the public tokens of one environment. Cheap to make, and it may be shared by threads.
 *
 * <p>Whoever holds an environment's secret key can mint by itself, without asking the server.
 */
public final class TokenIssuer {
  private static final JWSHeader HEADER = new JWSHeader(JWSAlgorithm.HS256);

  private final String environment;
  private final JWSSigner signer;
  private final InstantSource clock;

  /** Mints by the system's clock. */
  public TokenIssuer(String environment, SigningKey key) {
    this(environment, key, InstantSource.system());
  }

  /** Mints by the given clock. */
  public TokenIssuer(String environment, SigningKey key, InstantSource clock) {
    this.environment = environment;
    this.signer = signer(key);
    this.clock = clock;
  }

  /**
   * A signed token with these grants.
   *
   * @throws IllegalArgumentException as {@link #draft} and {@link #sign}
   */
  public String issue(Grants grants, Expiry expiry) {
    return sign(draft(grants, expiry));
  }

  /**
   * A token of this environment, issued now under an id of its own, to be adjusted and then signed.
   *
   * @throws IllegalArgumentException if the expiry is not at least a second from now
   */
  public PublicToken draft(Grants grants, Expiry expiry) {
    Instant now = clock.instant().truncatedTo(ChronoUnit.SECONDS);
    Instant end = expiry.from(now).truncatedTo(ChronoUnit.SECONDS);
    if (!end.isAfter(now)) {
      throw new IllegalArgumentException("A token's expiry must lie in the future");
    }
    String jti = UUID.randomUUID().toString();
    return new PublicToken(environment, grants, now, end, Optional.of(jti), false, List.of());
  }

  /**
   * The compact text of a token.
   *
   * @throws IllegalArgumentException if it is of another environment, or its text would be longer
   *     than {@link TokenVerifier#DEFAULT_MAX_LENGTH}
   */
  public String sign(PublicToken token) {
    if (!token.environment().equals(environment)) {
      throw new IllegalArgumentException("This issuer signs for another environment");
    }
    String compact = serialize(new JWSObject(HEADER, new Payload(payload(token))));
    if (compact.length() > TokenVerifier.DEFAULT_MAX_LENGTH) {
      throw new IllegalArgumentException(
          "The token would be %d characters long, over the limit of %d: grant fewer scopes"
              .formatted(compact.length(), TokenVerifier.DEFAULT_MAX_LENGTH));
    }
    return compact;
  }

  /** As text, since Nimbus would put a map's members into an order of its own. */
  private static String payload(PublicToken token) {
    return JSONObjectUtils.toJSONString(TokenClaims.write(token));
  }

  private String serialize(JWSObject jws) {
    try {
      jws.sign(signer);
      return jws.serialize();
    } catch (JOSEException e) {
      throw new IllegalStateException("This JVM cannot compute HMAC-SHA-256", e);
    }
  }

  private static JWSSigner signer(SigningKey key) {
    try {
      return new MACSigner(key.hmacKey());
    } catch (KeyLengthException e) {
      throw new AssertionError("SigningKey pads every key to 256 bits", e);
    }
  }
}
