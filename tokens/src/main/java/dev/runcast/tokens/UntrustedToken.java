package dev.runcast.tokens;

import com.nimbusds.jose.JOSEObject;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.util.Base64URL;
import com.nimbusds.jose.util.JSONObjectUtils;
import com.nimbusds.jwt.SignedJWT;
import java.text.ParseException;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * A token that has been taken apart, and of which nothing is known to be true yet.
 *
 * @param environment the environment that it claims; good only for finding the keys to verify with
 */
record UntrustedToken(SignedJWT jwt, String environment) {
  private static final Pattern COMPACT_ALPHABET = Pattern.compile("[A-Za-z0-9_.-]*");

  /** Takes a token apart. What it costs is bounded by the length that is allowed. */
  static UntrustedToken parse(String compact, int maxLength) throws RejectedTokenException {
    if (compact.length() > maxLength) {
      throw new RejectedTokenException(Rejection.TOO_LARGE);
    }
    try {
      requireSignedPublicHeader(compact);
      SignedJWT jwt = SignedJWT.parse(compact);
      requireOneSpelling(jwt.getSignature());
      String environment = jwt.getJWTClaimsSet().getSubject();
      if (environment == null || environment.isBlank()) {
        throw new RejectedTokenException(Rejection.INCOMPLETE);
      }
      return new UntrustedToken(jwt, environment);
    } catch (ParseException | IllegalArgumentException malformed) {
      throw new RejectedTokenException(Rejection.MALFORMED);
    }
  }

  /** Looks at the header before Nimbus picks a parser by it, so that each misuse has its name. */
  private static void requireSignedPublicHeader(String compact)
      throws ParseException, RejectedTokenException {
    if (!COMPACT_ALPHABET.matcher(compact).matches()) {
      throw new RejectedTokenException(Rejection.MALFORMED);
    }
    Base64URL encoded = JOSEObject.split(compact)[0];
    Map<String, Object> header = JSONObjectUtils.parse(encoded.decodeToString());
    String algorithm = JSONObjectUtils.getString(header, "alg");
    if (algorithm == null) {
      throw new RejectedTokenException(Rejection.MALFORMED);
    }
    if ("none".equalsIgnoreCase(algorithm)) {
      throw new RejectedTokenException(Rejection.UNSIGNED);
    }
    if (!JWSAlgorithm.HS256.getName().equals(algorithm)) {
      throw new RejectedTokenException(Rejection.WRONG_ALGORITHM);
    }
    String type = JSONObjectUtils.getString(header, "typ");
    if (type != null && !type.equalsIgnoreCase("JWT")) {
      throw new RejectedTokenException(Rejection.NOT_PUBLIC);
    }
  }

  /**
   * The signature covers the rest of the text but not its own spelling: unused low bits of its last
   * character could be changed, and the token would pass as another one. Whoever counts uses of a
   * token by its digest would be fooled, so only the canonical spelling is accepted.
   */
  private static void requireOneSpelling(Base64URL signature) throws RejectedTokenException {
    if (!Base64URL.encode(signature.decode()).equals(signature)) {
      throw new RejectedTokenException(Rejection.MALFORMED);
    }
  }
}
