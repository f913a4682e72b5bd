package dev.runcast.http.auth;

import dev.runcast.run.EnvironmentId;
import dev.runcast.run.revocation.Bearer;
import dev.runcast.tokens.Grants;
import dev.runcast.tokens.PublicToken;
import io.vertx.ext.web.RoutingContext;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Who is asking: an environment's secret key, who has signed in with it, or the bearer of a public
 * token.
 *
 * @param environment all that a request may see or touch
 * @param digest SHA-256 of the credential in lower-case hexadecimal: tells callers apart without
 *     being a credential
 * @param token the verified token; null for a secret key
 * @param bearer the same for those who hold revocations against it
 */
public record Principal(
    EnvironmentId environment,
    Grants grants,
    String digest,
    @Nullable PublicToken token,
    Bearer bearer) {

  private static final String KEY = "principal";

  /**
   * @param until when the key ends, if it was rotated away; null for a current one
   */
  static Principal ofSecretKey(EnvironmentId environment, String digest, @Nullable Instant until) {
    Bearer bearer = new Bearer(environment, digest, until, null);
    return new Principal(environment, Grants.everything(), digest, null, bearer);
  }

  /**
   * Who has signed in with a secret key, and may do what it may.
   *
   * @param digest of the session's token, as of a credential
   */
  public static Principal ofSession(EnvironmentId environment, String digest) {
    return new Principal(
        environment,
        Grants.everything(),
        digest,
        null,
        new Bearer(environment, digest, null, null));
  }

  /**
   * @param signedBy the digest of the key that vouches for it
   * @param keyUntil when that ends, if it was rotated away; null for a current one
   */
  static Principal ofToken(
      PublicToken token, String digest, String signedBy, @Nullable Instant keyUntil) {
    EnvironmentId environment = new EnvironmentId(token.environment());
    Set<String> scopes = Set.copyOf(token.grants().texts());
    Bearer.Token told = new Bearer.Token(token.jti().orElse(null), scopes, token.issuedAt());
    Bearer bearer = new Bearer(environment, signedBy, earlier(token.expiresAt(), keyUntil), told);
    return new Principal(environment, token.grants(), digest, token, bearer);
  }

  /** The same with an end that was set by others, if it comes before its own. */
  Principal endingBy(Instant end) {
    Bearer ending =
        new Bearer(environment, bearer.key(), earlier(end, bearer.until()), bearer.token());
    return new Principal(environment, grants, digest, token, ending);
  }

  /** The same at a branch of its environment, which the same word opens. */
  Principal at(EnvironmentId branch) {
    return new Principal(branch, grants, digest, token, bearer);
  }

  private static Instant earlier(Instant end, @Nullable Instant other) {
    return other != null && other.isBefore(end) ? other : end;
  }

  /** Whether a route that asks nobody for a credential was shown one. */
  public static boolean isIn(RoutingContext context) {
    return context.get(KEY) != null;
  }

  /**
   * The principal of a request that has passed {@link BearerAuth}.
   *
   * @throws IllegalStateException if it has not
   */
  public static Principal of(RoutingContext context) {
    Principal principal = context.get(KEY);
    if (principal == null) {
      throw new IllegalStateException("this route is missing its authentication");
    }
    return principal;
  }

  void putInto(RoutingContext context) {
    context.put(KEY, this);
  }

  /** Whether it holds the secret key itself, and so may do everything in its environment. */
  public boolean holdsSecretKey() {
    return token == null;
  }

  /** When its word ends; null for a secret key that is in force without an end. */
  public @Nullable Instant expiresAt() {
    return bearer.until();
  }

  /** Whether the token may trigger only once. */
  public boolean isOneTime() {
    return token != null && token.oneTimeUse();
  }

  /** Columns that it must not be sent, by the names of the token's format. */
  public List<String> skipColumns() {
    return token == null ? List.of() : token.skipColumns();
  }
}
