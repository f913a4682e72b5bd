package dev.runcast.tokens;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * The claims of a public token: either verified, or about to be signed. It does not hold the
 * token's text.
 *
 * @param environment id of the environment whose key signs it, and to which it is confined
 * @param issuedAt to the second
 * @param expiresAt to the second; from this instant on the token is refused
 * @param jti the token's own id; absent in tokens of issuers that set none
 * @param oneTimeUse whether it may trigger only once
 * @param skipColumns columns of a run that its bearer is not sent, in the format's own names
 */
public record PublicToken(
    String environment,
    Grants grants,
    Instant issuedAt,
    Instant expiresAt,
    Optional<String> jti,
    boolean oneTimeUse,
    List<String> skipColumns) {

  public PublicToken {
    if (environment.isBlank()) {
      throw new IllegalArgumentException("A public token needs the id of its environment");
    }
    skipColumns = List.copyOf(skipColumns);
  }

  /** The same token, good for one trigger only. */
  public PublicToken withOneTimeUse() {
    return new PublicToken(environment, grants, issuedAt, expiresAt, jti, true, skipColumns);
  }

  /** The same token, whose bearer is not sent these columns. */
  public PublicToken withSkipColumns(List<String> columns) {
    return new PublicToken(environment, grants, issuedAt, expiresAt, jti, oneTimeUse, columns);
  }
}
