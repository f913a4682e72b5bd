package dev.runcast.http.api.answer;

import dev.runcast.http.auth.Principal;
import dev.runcast.tokens.Expiry;
import dev.runcast.tokens.Grants;
import dev.runcast.tokens.TokenIssuer;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.List;
import java.util.UUID;

/**
 * What makes an answer a handle: a public token for what was just made, and the claims by which a
 * client that holds the secret key can sign one itself. Both anew for every answer.
 */
public final class Handles {
  private static final Duration LIFE = Duration.ofHours(1);

  private Handles() {}

  /** Puts both into the head of an answer. Whoever may not see columns gets no token that may. */
  public static void give(
      HttpServerResponse response, TokenIssuer issuer, Principal principal, List<String> scopes) {
    give(response, issuer, principal, scopes, LIFE);
  }

  /** The same, with a token of another life. */
  public static void give(
      HttpServerResponse response,
      TokenIssuer issuer,
      Principal principal,
      List<String> scopes,
      Duration life) {
    String token =
        issuer.sign(
            issuer
                .draft(Grants.parse(scopes), Expiry.after(life))
                .withSkipColumns(principal.skipColumns()));
    JsonObject claims =
        new JsonObject()
            .put("sub", principal.environment().value())
            .put("pub", true)
            .put("jti", UUID.randomUUID().toString());
    response.putHeader("x-trigger-jwt", token).putHeader("x-trigger-jwt-claims", claims.encode());
  }
}
