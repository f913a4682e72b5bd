package dev.runcast.tokens;

import com.nimbusds.jwt.JWTClaimsSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The names in a token's payload, and the way between them and {@link PublicToken}. */
final class TokenClaims {
  /** Constant of the format, not the name of any host of ours. */
  static final String ISSUER = "https://id.trigger.dev";

  /** Constant of the format, not the name of any host of ours. */
  static final String AUDIENCE = "https://api.trigger.dev";

  static final String PUBLIC = "pub";
  private static final String SCOPES = "scopes";
  private static final String ONE_TIME_USE = "otu";
  private static final String REALTIME = "realtime";
  private static final String SKIP_COLUMNS = "skipColumns";

  private TokenClaims() {}

  /** The payload of a token, its members in the order in which the official SDK writes them. */
  static Map<String, Object> write(PublicToken token) {
    Map<String, Object> claims = new LinkedHashMap<>();
    claims.put("sub", token.environment());
    claims.put(PUBLIC, true);
    token.jti().ifPresent(jti -> claims.put("jti", jti));
    if (token.oneTimeUse()) {
      claims.put(ONE_TIME_USE, true);
    }
    if (!token.grants().scopes().isEmpty()) {
      claims.put(SCOPES, token.grants().texts());
    }
    if (!token.skipColumns().isEmpty()) {
      claims.put(REALTIME, Map.of(SKIP_COLUMNS, token.skipColumns()));
    }
    claims.put("iss", ISSUER);
    claims.put("aud", AUDIENCE);
    claims.put("exp", token.expiresAt().getEpochSecond());
    claims.put("iat", token.issuedAt().getEpochSecond());
    return claims;
  }

  /** The token of claims that {@link TokenRules} let pass. */
  static PublicToken read(JWTClaimsSet claims) throws RejectedTokenException {
    return new PublicToken(
        claims.getSubject(),
        Grants.readable(strings(claims.getClaim(SCOPES))),
        claims.getIssueTime().toInstant(),
        claims.getExpirationTime().toInstant(),
        Optional.ofNullable(claims.getJWTID()),
        flag(claims.getClaim(ONE_TIME_USE)),
        skipColumns(claims.getClaim(REALTIME)));
  }

  private static List<String> skipColumns(@Nullable Object realtime) throws RejectedTokenException {
    if (realtime == null) {
      return List.of();
    }
    if (realtime instanceof Map<?, ?> members) {
      return strings(members.get(SKIP_COLUMNS));
    }
    throw new RejectedTokenException(Rejection.MALFORMED);
  }

  private static List<String> strings(@Nullable Object claim) throws RejectedTokenException {
    if (claim == null) {
      return List.of();
    }
    if (claim instanceof List<?> list && list.stream().allMatch(String.class::isInstance)) {
      return list.stream().map(String.class::cast).toList();
    }
    throw new RejectedTokenException(Rejection.MALFORMED);
  }

  /** Refuses what is no boolean: a restriction that cannot be read must not be dropped. */
  private static boolean flag(@Nullable Object claim) throws RejectedTokenException {
    if (claim != null && !(claim instanceof Boolean)) {
      throw new RejectedTokenException(Rejection.MALFORMED);
    }
    return Boolean.TRUE.equals(claim);
  }
}
