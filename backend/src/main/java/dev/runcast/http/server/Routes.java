package dev.runcast.http.server;

import dev.runcast.http.ApiError;
import dev.runcast.http.ApiException;
import dev.runcast.http.Cors;
import dev.runcast.http.ErrorHandler;
import dev.runcast.http.auth.BearerAuth;
import dev.runcast.http.auth.TokenHandler;
import dev.runcast.http.limit.BodyClock;
import dev.runcast.http.limit.BodyLimit;
import dev.runcast.http.page.PageHandler;
import dev.runcast.http.realtime.explain.ExplainHandler;
import dev.runcast.http.realtime.shape.ShapeHandler;
import dev.runcast.http.realtime.socket.SocketHandler;
import dev.runcast.http.realtime.sse.SseHandler;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;
import java.time.Duration;
import java.util.List;
import java.util.Locale;

/**
 * The table of all URLs but those that {@link dev.runcast.http.api.Api} adds. Every route of the
 * API is {@code auth}, then, if it takes one, its body, then its handler; the rest of the paths are
 * the dashboard's files.
 */
final class Routes {
  private static final int SMALL_BODY = 64 * 1024;
  private static final Handler<RoutingContext> MOVED =
      context ->
          context.fail(
              ApiException.notFound(
                  "Health, readiness and metrics are on the management port: see"
                      + " --management-port / RUNCAST_MANAGEMENT_PORT."));

  private final BearerAuth auth;
  private final TokenHandler tokens;
  private final Feeds feeds;

  /** A feed is served in the way that the request asks for. */
  record Feeds(
      SseHandler events, ShapeHandler turns, SocketHandler sockets, ExplainHandler explain) {
    void runs(RoutingContext context) {
      either(context, turns::runs, events::runs);
    }

    void run(RoutingContext context) {
      either(context, turns::run, events::run);
    }

    void batch(RoutingContext context) {
      either(context, turns::batch, events::batch);
    }

    private static void either(
        RoutingContext context, Handler<RoutingContext> byTurns, Handler<RoutingContext> asEvents) {
      (ShapeHandler.isFor(context) ? byTurns : asEvents).handle(context);
    }
  }

  Routes(BearerAuth auth, TokenHandler tokens, Feeds feeds) {
    this.auth = auth;
    this.tokens = tokens;
    this.feeds = feeds;
  }

  /**
   * @param bodyInTime how long a client may take to send a body
   */
  Router router(Vertx vertx, Duration bodyInTime) {
    Router router = Router.router(vertx);
    new ErrorHandler().mount(router);
    router.route().handler(new Cors());

    Handler<RoutingContext> small = smallBody(bodyInTime);
    router.post("/api/v1/auth/jwt/claims").handler(auth).handler(tokens::claims);
    router
        .post("/api/v1/auth/public-tokens")
        .handler(auth)
        .handler(small)
        .handler(tokens::publicToken);
    router.post("/api/v1/auth/jwt").handler(auth).handler(small).handler(tokens::jwt);

    BearerAuth authOrQuery = auth.alsoInQuery();
    router.get("/realtime/v1/runs").handler(authOrQuery).handler(feeds::runs);
    router.get("/realtime/v1/runs/:runId").handler(authOrQuery).handler(feeds::run);
    router.get("/realtime/v1/batches/:batchId").handler(authOrQuery).handler(feeds::batch);
    router.get("/realtime/v1/socket").handler(feeds.sockets()::open);
    router.get("/realtime/v1/explain").handler(auth).handler(feeds.explain()::explain);

    // The page would answer them with 200: a probe of the wrong port must not be told "healthy".
    List.of("/health", "/ready", "/metrics").forEach(path -> router.route(path).handler(MOVED));

    new PageHandler("webroot").mount(router);
    return router;
  }

  /** Reads a body that has no reason to be large. */
  static Handler<RoutingContext> smallBody(Duration inTime) {
    return body(new BodyLimit(SMALL_BODY, "the limit for this path"), inTime);
  }

  /** Reads a body within a limit, in time; a longer one is a 413, a later one a 408. */
  static Handler<RoutingContext> body(BodyLimit limit, Duration inTime) {
    BodyHandler reader = BodyHandler.create(false).setBodyLimit(limit.bytes());
    // Behind a lambda, since Vert.x wants bodies read first: we read none of who may not send one.
    return context -> {
      requireNoForm(context.request());
      BodyClock clock = new BodyClock(context.vertx(), inTime, () -> giveUp(context, inTime));
      limit.of(context);
      clock.start();
      context.addEndHandler(ended -> clock.stop());
      reader.handle(context);
    };
  }

  /** Forms would be taken apart on the way, and then pass for no body at all. */
  private static void requireNoForm(HttpServerRequest request) {
    String type = request.getHeader("content-type");
    String media = type == null ? "" : type.trim().toLowerCase(Locale.ROOT);
    if (media.startsWith("multipart/") || media.startsWith("application/x-www-form-urlencoded")) {
      throw new ApiException(
          ApiError.UNSUPPORTED_TYPE, "No route takes a form; send JSON, with its content-type.");
    }
  }

  private static void giveUp(RoutingContext context, Duration limit) {
    if (!context.request().isEnded()) {
      // Its end, if it comes after all, must not set off what was refused.
      context.request().pause();
      context.fail(BodyClock.tooSlow(limit));
    }
  }
}
