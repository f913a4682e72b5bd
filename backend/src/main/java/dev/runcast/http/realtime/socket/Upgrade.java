package dev.runcast.http.realtime.socket;

import dev.runcast.http.ApiException;
import dev.runcast.http.auth.BearerAuth;
import dev.runcast.http.auth.Principal;
import io.netty.channel.Channel;
import io.vertx.core.Future;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.ServerWebSocket;
import io.vertx.core.net.impl.ConnectionBase;
import io.vertx.ext.web.RoutingContext;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Turns requests into WebSockets, once it is known whose they are: of nobody, where they bring no
 * credential. A wrong one is refused as a request.
 *
 * @param auth whose credentials are taken
 * @param holder who holds one; fails for whoever may not come in
 */
public record Upgrade(BearerAuth auth, Function<String, Future<Principal>> holder) {

  /**
   * A connection that was made.
   *
   * @param channel what its bytes pass, which the WebSocket does not tell
   */
  public record Made(ServerWebSocket connection, Channel channel, @Nullable Principal who) {}

  /** Refuses what does not ask for it. */
  public static void require(HttpServerRequest request) {
    String upgrade = request.getHeader(HttpHeaders.UPGRADE);
    if (upgrade == null || !upgrade.equalsIgnoreCase("websocket")) {
      throw ApiException.badRequest(
          "upgrade", "Open this path as a WebSocket over HTTP/1.1: ws:// or wss://.");
    }
  }

  /** Upgrades a request that asks for it; where it can't be, the context has failed. */
  public void open(RoutingContext context, Consumer<Made> made) {
    HttpServerRequest request = context.request();
    // The handshake reads the request to its end, which must not come before.
    request.pause();
    Channel channel = ((ConnectionBase) request.connection()).channel();
    principal(request)
        .compose(
            who ->
                request
                    .toWebSocket()
                    .map(connection -> new Made(connection, channel, who.orElse(null))))
        .onSuccess(made::accept)
        .onFailure(
            refused -> {
              request.resume();
              context.fail(refused);
            });
  }

  private Future<Optional<Principal>> principal(HttpServerRequest request) {
    @Nullable String credential = auth.credential(request);
    return credential == null
        ? Future.succeededFuture(Optional.empty())
        : holder.apply(credential).map(Optional::of);
  }
}
