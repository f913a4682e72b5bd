package dev.runcast.http;

import dev.runcast.http.auth.BearerAuth;
import dev.runcast.http.auth.KeyCache;
import dev.runcast.http.auth.TokenHandler;
import dev.runcast.http.auth.TokenMint;
import dev.runcast.http.realtime.shape.ShapeHandler;
import dev.runcast.http.realtime.sse.SseHandler;
import dev.runcast.tokens.TokenVerifier;
import io.vertx.core.Vertx;
import io.vertx.ext.web.Router;
import java.time.Duration;
import java.time.InstantSource;

/** The real table of routes over fake stores. */
public final class RoutesFixture {
  private RoutesFixture() {}

  public static Router router(
      Vertx vertx, KeyCache keys, InstantSource clock, SseHandler events, ShapeHandler turns) {
    return new Routes(
            new BearerAuth(keys, new TokenVerifier(clock)),
            new TokenHandler(new TokenMint(keys, clock)),
            new Routes.Feeds(events, turns))
        .router(vertx, Duration.ofMinutes(1));
  }
}
