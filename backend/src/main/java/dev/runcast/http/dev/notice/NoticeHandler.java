package dev.runcast.http.dev.notice;

import dev.runcast.http.ApiException;
import dev.runcast.http.auth.Authorizer;
import dev.runcast.http.auth.BearerAuth;
import dev.runcast.http.auth.Principal;
import dev.runcast.http.realtime.FeedLoop;
import dev.runcast.http.realtime.socket.Upgrade;
import dev.runcast.run.EnvironmentId;
import dev.runcast.subscribe.Limits;
import io.vertx.core.Future;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.Set;
import java.util.function.Function;

/**
 * {@code GET /socket.io/}: opens the channel. A secret key in the request is taken, a wrong one is
 * refused here; who brings none must when it connects to the namespace. Confined to its event loop.
 */
public final class NoticeHandler {
  private final Channels channels;
  private final Upgrade upgrade;

  /**
   * What the channels of one event loop have in common.
   *
   * @param family an environment and its branches, whose key is the same: here nobody names one
   */
  public record Channels(
      Notices notices,
      BearerAuth auth,
      Limits limits,
      FeedLoop loop,
      Function<EnvironmentId, Future<Set<EnvironmentId>>> family) {}

  public NoticeHandler(Channels channels) {
    this.channels = channels;
    this.upgrade = new Upgrade(channels.auth(), credential -> holder(channels.auth(), credential));
  }

  /** Adds the route. */
  public void mount(Router router) {
    router.get("/socket.io/").handler(this::open);
  }

  private void open(RoutingContext context) {
    checkHandshake(context.request());
    upgrade.open(
        context,
        made -> new NoticeSocket(made.connection(), made.channel(), channels, made.who()).open());
  }

  /** Who holds a secret key; fails for whoever does not. */
  static Future<Principal> holder(BearerAuth auth, String credential) {
    return auth.principal(credential)
        .map(
            principal -> {
              Authorizer.requireSecretKey(principal);
              return principal;
            });
  }

  private static void checkHandshake(HttpServerRequest request) {
    if (!"4".equals(request.getParam("EIO"))) {
      throw ApiException.badRequest("EIO", "EIO must be 4: Engine.IO 4 is spoken here.");
    }
    if (!"websocket".equals(request.getParam("transport"))) {
      throw ApiException.badRequest(
          "transport",
          "transport must be websocket: there is no polling here; set transports to"
              + " [\"websocket\"].");
    }
    if (request.getParam("sid") != null) {
      throw ApiException.badRequest("sid", "A connection begins as a WebSocket, without a sid.");
    }
    Upgrade.require(request);
  }
}
