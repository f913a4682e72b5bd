package dev.runcast.run.revocation;

import dev.runcast.run.EnvironmentId;
import java.time.Instant;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * By whose word something is followed: what a revocation can be held against. There is one for each
 * connection, so it holds no more than that.
 *
 * @param key the SHA-256, in lower-case hexadecimal, of the secret key that vouches for it: the one
 *     that was sent, or that signed the token
 * @param until when its word ends by itself, as far as is known; null for never
 * @param token null for the secret key itself
 */
public record Bearer(
    EnvironmentId environment, String key, @Nullable Instant until, @Nullable Token token) {

  /**
   * A public token.
   *
   * @param jti its own id; null for one that has none
   * @param scopes as they are written in it
   * @param issuedAt to the second
   */
  public record Token(@Nullable String jti, Set<String> scopes, Instant issuedAt) {
    public Token {
      scopes = Set.copyOf(scopes);
    }
  }
}
