package dev.runcast.http.server;

import dev.runcast.http.auth.BearerAuth;
import dev.runcast.http.auth.KeyCache;
import dev.runcast.http.auth.Standing;
import dev.runcast.http.auth.TokenHandler;
import dev.runcast.http.auth.TokenMint;
import dev.runcast.http.realtime.explain.ExplainHandler;
import dev.runcast.http.realtime.shape.ShapeHandler;
import dev.runcast.http.realtime.socket.SocketHandler;
import dev.runcast.http.realtime.sse.SseHandler;
import dev.runcast.tokens.TokenVerifier;
import io.vertx.core.Vertx;
import io.vertx.ext.web.Router;
import java.time.Duration;
import java.time.InstantSource;
import java.util.function.Function;

/** The real table of routes over fake stores. */
public final class RoutesFixture {
  private RoutesFixture() {}

  public static Router router(
      Vertx vertx,
      KeyCache keys,
      Standing standing,
      InstantSource clock,
      SseHandler events,
      ShapeHandler turns,
      Function<BearerAuth, SocketHandler> sockets,
      ExplainHandler explain) {
    BearerAuth auth = new BearerAuth(keys, new TokenVerifier(clock), standing);
    return new Routes(
            auth,
            new TokenHandler(new TokenMint(keys, clock)),
            new Routes.Feeds(events, turns, sockets.apply(auth.alsoInQuery()), explain))
        .router(vertx, Duration.ofMinutes(1));
  }
}
