package dev.runcast.tokens;

import com.nimbusds.jose.proc.SecurityContext;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.proc.JWTClaimsSetVerifier;
import java.security.Key;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Date;
import java.util.List;

/**
 * What the claims of a token must say once its signature is known to be good. Nimbus ships such a
 * verifier too, but tells its reasons apart only by their wording.
 */
record TokenRules(Duration leeway, InstantSource clock)
    implements JWTClaimsSetVerifier<TokenRules.AcceptedKeys> {

  /** The keys of the environment that the token claims, each of which may have signed it. */
  record AcceptedKeys(List<? extends Key> keys) implements SecurityContext {}

  @Override
  public void verify(JWTClaimsSet claims, AcceptedKeys keys) throws RejectedTokenException {
    require(Boolean.TRUE.equals(claims.getClaim(TokenClaims.PUBLIC)), Rejection.NOT_PUBLIC);
    require(TokenClaims.ISSUER.equals(claims.getIssuer()), Rejection.WRONG_ISSUER);
    require(claims.getAudience().contains(TokenClaims.AUDIENCE), Rejection.WRONG_AUDIENCE);
    verifyTimes(claims, clock.instant());
  }

  /** RFC 7519 §4.1.4 and §4.1.5: refused before {@code nbf}, and from {@code exp} on. */
  private void verifyTimes(JWTClaimsSet claims, Instant now) throws RejectedTokenException {
    Date expiry = claims.getExpirationTime();
    Date notBefore = claims.getNotBeforeTime();
    if (expiry == null || claims.getIssueTime() == null) {
      throw new RejectedTokenException(Rejection.INCOMPLETE);
    }
    require(
        notBefore == null || !now.plus(leeway).isBefore(notBefore.toInstant()),
        Rejection.NOT_YET_VALID);
    require(now.minus(leeway).isBefore(expiry.toInstant()), Rejection.EXPIRED);
  }

  private static void require(boolean holds, Rejection otherwise) throws RejectedTokenException {
    if (!holds) {
      throw new RejectedTokenException(otherwise);
    }
  }
}
