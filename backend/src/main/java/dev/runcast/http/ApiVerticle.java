package dev.runcast.http;

import dev.runcast.http.auth.BearerAuth;
import dev.runcast.http.auth.KeyCache;
import dev.runcast.http.auth.TokenHandler;
import dev.runcast.http.auth.TokenMint;
import dev.runcast.store.KeyStore;
import dev.runcast.tokens.SigningKey;
import dev.runcast.tokens.TokenVerifier;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import java.time.InstantSource;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The public port, on one event loop: a server, a router and all that they keep. Deploy one for
 * each core; Vert.x spreads the connections over them, and a connection stays where it was
 * accepted.
 */
public final class ApiVerticle extends VerticleBase {

  /**
   * What the event loops have in common.
   *
   * @param listen from {@link ServerOptions}
   * @param openKey unseals a stored secret key; must not block
   */
  public record Shared(
      HttpServerOptions listen,
      KeyStore keys,
      Function<KeyStore.SealedKey, SigningKey> openKey,
      InstantSource clock) {}

  private final Shared shared;
  private @Nullable HttpServer server;

  public ApiVerticle(Shared shared) {
    this.shared = shared;
  }

  @Override
  public Future<?> start() {
    KeyCache keys = new KeyCache(shared.keys, shared.openKey, shared.clock);
    BearerAuth auth = new BearerAuth(keys, new TokenVerifier(shared.clock));
    TokenHandler tokens = new TokenHandler(new TokenMint(keys, shared.clock));
    Routes routes = new Routes(auth, tokens);
    HttpServer made =
        vertx
            .createHttpServer(shared.listen)
            .invalidRequestHandler(ErrorHandler::refuse)
            .requestHandler(routes.router(vertx));
    server = made;
    return made.listen();
  }

  @Override
  public Future<?> stop() {
    return server == null ? Future.succeededFuture() : server.close();
  }

  /** The port that was bound; once started. */
  public int port() {
    if (server == null) {
      throw new IllegalStateException("not started");
    }
    return server.actualPort();
  }
}
