package dev.runcast.http.auth;

import dev.runcast.store.table.UsedTokens.OneTimeToken;
import dev.runcast.tokens.PublicToken;
import io.vertx.core.buffer.Buffer;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/** Tells which requests use up the token that they come with. */
public final class OneTimeUse {
  private OneTimeUse() {}

  /** The token that a request uses up; null when its credential may be used again. */
  public static @Nullable OneTimeToken of(Principal principal) {
    PublicToken token = principal.token();
    return token == null || !principal.isOneTime()
        ? null
        : new OneTimeToken(
            principal.environment(),
            Buffer.buffer(HexFormat.of().parseHex(principal.digest())),
            token.expiresAt());
  }
}
