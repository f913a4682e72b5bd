package dev.runcast.it.harness;

import dev.runcast.tokens.Expiry;
import dev.runcast.tokens.Grants;
import dev.runcast.tokens.SigningKey;
import dev.runcast.tokens.TokenIssuer;
import java.time.Duration;
import java.time.Instant;

/** Public tokens as a user's own backend mints them: without a call to the service. */
public record TestTokens(String environment, String secretKey) {

  /** A token good for an hour. */
  public String granting(String... scopes) {
    return expiringAfter(Duration.ofHours(1), scopes);
  }

  /** A token that is good so long from now. */
  public String expiringAfter(Duration life, String... scopes) {
    return issuer().issue(Grants.of(scopes), new Expiry.After(life));
  }

  /** A token whose time was over before it was minted. */
  public String expired(String... scopes) {
    return new TokenIssuer(
            environment, SigningKey.of(secretKey), () -> Instant.now().minus(Duration.ofHours(2)))
        .issue(Grants.of(scopes), new Expiry.After(Duration.ofHours(1)));
  }

  private TokenIssuer issuer() {
    return new TokenIssuer(environment, SigningKey.of(secretKey));
  }
}
