package dev.runcast.http.auth;

import dev.runcast.http.ApiError;
import dev.runcast.http.ApiException;
import dev.runcast.run.EnvironmentId;
import dev.runcast.tokens.TokenIssuer;
import io.vertx.core.Future;
import java.time.InstantSource;

/** Finds the issuer of an environment's public tokens. Confined to the event loop of its cache. */
public final class TokenMint {
  private final KeyCache keys;
  private final InstantSource clock;

  public TokenMint(KeyCache keys, InstantSource clock) {
    this.keys = keys;
    this.clock = clock;
  }

  /** An issuer that signs with the environment's current secret key. */
  public Future<TokenIssuer> issuer(EnvironmentId environment) {
    return keys.keysOf(environment.value())
        .compose(
            found ->
                found
                    .map(keys -> new TokenIssuer(environment.value(), keys.ring().current(), clock))
                    .map(Future::succeededFuture)
                    .orElseGet(() -> Future.failedFuture(noKey())));
  }

  private static ApiException noKey() {
    return new ApiException(
        ApiError.UNAUTHORIZED, "The environment has no secret key in force any more.");
  }
}
