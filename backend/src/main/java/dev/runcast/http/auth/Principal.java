package dev.runcast.http.auth;

import dev.runcast.run.EnvironmentId;
import dev.runcast.tokens.Grants;
import dev.runcast.tokens.PublicToken;
import io.vertx.ext.web.RoutingContext;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Who is asking: an environment's secret key, who has signed in with it, or the bearer of a public
 * token.
 *
 * @param environment all that a request may see or touch
 * @param digest SHA-256 of the credential in lower-case hexadecimal: tells callers apart without
 *     being a credential
 * @param token the verified token; null for a secret key
 */
public record Principal(
    EnvironmentId environment, Grants grants, String digest, @Nullable PublicToken token) {

  private static final String KEY = "principal";

  static Principal ofSecretKey(EnvironmentId environment, String digest) {
    return new Principal(environment, Grants.everything(), digest, null);
  }

  /**
   * Who has signed in with a secret key, and may do what it may.
   *
   * @param digest of the session's token, as of a credential
   */
  public static Principal ofSession(EnvironmentId environment, String digest) {
    return new Principal(environment, Grants.everything(), digest, null);
  }

  static Principal ofToken(PublicToken token, String digest) {
    return new Principal(new EnvironmentId(token.environment()), token.grants(), digest, token);
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

  /** When its word ends; null for a secret key, which has no end of its own. */
  public @Nullable Instant expiresAt() {
    return token == null ? null : token.expiresAt();
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
