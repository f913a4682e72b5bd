package dev.runcast.http.realtime.socket;

import dev.runcast.http.ApiException;
import dev.runcast.http.auth.Principal;
import io.netty.channel.Channel;
import io.vertx.core.Future;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.impl.ConnectionBase;
import io.vertx.ext.web.RoutingContext;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * {@code GET /realtime/v1/socket}: opens a socket. A credential in the request is for all
 * subscriptions that bring none of their own; a wrong one is refused here, and none at all is fine.
 * Confined to its event loop.
 */
public final class SocketHandler {
  /** The subprotocol, for clients that ask for one. */
  public static final String PROTOCOL = "runcast.v1";

  private final SocketFeeds feeds;

  public SocketHandler(SocketFeeds feeds) {
    this.feeds = feeds;
  }

  /** Refuses what is no handshake of this protocol, and upgrades what is. */
  public void open(RoutingContext context) {
    HttpServerRequest request = context.request();
    checkHandshake(request);
    // The handshake reads the request to its end, which must not come before.
    request.pause();
    Channel channel = ((ConnectionBase) request.connection()).channel();
    principal(request)
        .compose(
            who ->
                request
                    .toWebSocket()
                    .map(connection -> new Socket(connection, channel, feeds, who.orElse(null))))
        .onSuccess(Socket::open)
        .onFailure(
            refused -> {
              request.resume();
              context.fail(refused);
            });
  }

  private Future<Optional<Principal>> principal(HttpServerRequest request) {
    @Nullable String credential = feeds.auth().credential(request);
    return credential == null
        ? Future.succeededFuture(Optional.empty())
        : feeds.auth().principal(credential).map(Optional::of);
  }

  private static void checkHandshake(HttpServerRequest request) {
    String upgrade = request.getHeader(HttpHeaders.UPGRADE);
    if (upgrade == null || !upgrade.equalsIgnoreCase("websocket")) {
      throw ApiException.badRequest(
          "upgrade", "Open this path as a WebSocket over HTTP/1.1: ws:// or wss://.");
    }
    String protocols = request.getHeader("sec-websocket-protocol");
    if (protocols != null && !asksFor(protocols)) {
      throw ApiException.badRequest(
          "sec-websocket-protocol",
          "The subprotocol spoken here is " + PROTOCOL + "; ask for it, or for none.");
    }
  }

  private static boolean asksFor(String protocols) {
    for (String protocol : protocols.split(",", -1)) {
      if (protocol.trim().equals(PROTOCOL)) {
        return true;
      }
    }
    return false;
  }
}
