package dev.runcast.run.revocation;

import dev.runcast.run.EnvironmentId;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Something that was granted and is taken back. Of each identity the one written last counts.
 *
 * @param at what {@link Kind} says; null where it means nothing
 * @param expiresAt from when on it need not be kept, since what it takes back has ended by itself;
 *     null for never
 * @param writtenAt when it was written, by the database's clock
 */
public record Revocation(
    Identity identity, @Nullable Instant at, @Nullable Instant expiresAt, Instant writtenAt) {

  /** What is taken back. */
  public enum Kind {
    /** The token with this jti. */
    TOKEN,
    /** All tokens that carry this very scope and were issued before {@code at}. */
    SCOPE,
    /** All tokens of the environment that were issued before {@code at}; it has no subject. */
    ENVIRONMENT,
    /**
     * The secret key with this SHA-256, from {@code at} on, and with it all tokens that it signed;
     * without {@code at} it is in force again.
     */
    KEY
  }

  /** What tells one from another. */
  public record Identity(EnvironmentId environment, Kind kind, String subject) {}

  public EnvironmentId environment() {
    return identity.environment;
  }

  /**
   * When the bearer's word ends by this.
   *
   * @return null if it does not; {@link Instant#MIN} for at once, whatever the clock says
   */
  public @Nullable Instant endOf(Bearer bearer) {
    if (!identity.environment.equals(bearer.environment())) {
      return null;
    }
    Bearer.Token token = bearer.token();
    return switch (identity.kind) {
      case TOKEN -> token != null && identity.subject.equals(token.jti()) ? Instant.MIN : null;
      case SCOPE ->
          token != null && token.scopes().contains(identity.subject) && wasBefore(token)
              ? Instant.MIN
              : null;
      case ENVIRONMENT -> token != null && wasBefore(token) ? Instant.MIN : null;
      case KEY -> identity.subject.equals(bearer.key()) ? endOfKey() : null;
    };
  }

  private boolean wasBefore(Bearer.Token token) {
    return at != null && token.issuedAt().isBefore(at);
  }

  /**
   * When the key ends, of a {@link Kind#KEY}: as {@link #endOf}. One that has ended when that is
   * written needs no clock, which may be behind.
   */
  public @Nullable Instant endOfKey() {
    return at != null && !at.isAfter(writtenAt) ? Instant.MIN : at;
  }
}
