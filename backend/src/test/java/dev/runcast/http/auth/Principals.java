package dev.runcast.http.auth;

import dev.runcast.run.EnvironmentId;
import dev.runcast.tokens.Expiry;
import dev.runcast.tokens.Grants;
import dev.runcast.tokens.PublicToken;
import dev.runcast.tokens.SigningKey;
import dev.runcast.tokens.TokenIssuer;
import java.time.Duration;
import java.util.List;

/** Principals as {@link BearerAuth} would make them. */
public final class Principals {
  private Principals() {}

  public static Principal owner(EnvironmentId environment) {
    return Principal.ofSecretKey(environment, "00", null);
  }

  public static Principal bearer(EnvironmentId environment, String... scopes) {
    return Principal.ofToken(draft(environment, scopes), "11", "00", null);
  }

  public static Principal bearerSkipping(EnvironmentId environment, String... columns) {
    return Principal.ofToken(
        draft(environment, "admin").withSkipColumns(List.of(columns)), "11", "00", null);
  }

  private static PublicToken draft(EnvironmentId environment, String... scopes) {
    return new TokenIssuer(environment.value(), SigningKey.of("tr_dev_key"))
        .draft(Grants.of(scopes), Expiry.after(Duration.ofMinutes(1)));
  }
}
