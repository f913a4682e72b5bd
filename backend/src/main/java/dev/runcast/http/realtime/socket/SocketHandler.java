package dev.runcast.http.realtime.socket;

import dev.runcast.http.ApiException;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;

/**
 * {@code GET /realtime/v1/socket}: opens a socket. A credential in the request is for all
 * subscriptions that bring none of their own; a wrong one is refused here, and none at all is fine.
 * Confined to its event loop.
 */
public final class SocketHandler {
  /** The subprotocol, for clients that ask for one. */
  public static final String PROTOCOL = "runcast.v1";

  private final SocketFeeds feeds;
  private final Upgrade upgrade;

  public SocketHandler(SocketFeeds feeds) {
    this.feeds = feeds;
    this.upgrade = new Upgrade(feeds.auth(), feeds.auth()::principal);
  }

  /** Refuses what is no handshake of this protocol, and upgrades what is. */
  public void open(RoutingContext context) {
    checkHandshake(context.request());
    upgrade.open(
        context, made -> new Socket(made.connection(), made.channel(), feeds, made.who()).open());
  }

  private static void checkHandshake(HttpServerRequest request) {
    Upgrade.require(request);
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
