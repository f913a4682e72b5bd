package dev.runcast.http.server;

import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.http.HttpServer;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The other port, for whoever runs the service: {@code /health} (the process answers), {@code
 * /ready} (it can serve; else 503 and why not) and {@code /metrics} (Prometheus). It has no
 * authentication, so it listens on loopback unless it is told otherwise.
 */
public final class ManagementVerticle extends VerticleBase {

  /**
   * Where the answers come from.
   *
   * @param notReadyBecause a sentence for each reason, none when ready; no secrets
   * @param metrics in Prometheus's text format
   */
  public record Sources(Supplier<Future<List<String>>> notReadyBecause, Supplier<String> metrics) {}

  private final String host;
  private final int port;
  private final Sources sources;
  private @Nullable HttpServer server;

  /**
   * @param port 0 for any free one
   */
  public ManagementVerticle(String host, int port, Sources sources) {
    this.host = host;
    this.port = port;
    this.sources = sources;
  }

  @Override
  public Future<?> start() {
    Router router = Router.router(vertx);
    router
        .get("/health")
        .handler(context -> answer(context, 200, new JsonObject().put("up", true)));
    router.get("/ready").handler(this::ready);
    router.get("/metrics").handler(this::metrics);
    HttpServer made = vertx.createHttpServer().requestHandler(router);
    server = made;
    return made.listen(port, host);
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

  private void ready(RoutingContext context) {
    sources
        .notReadyBecause
        .get()
        .onSuccess(
            reasons ->
                answer(
                    context,
                    reasons.isEmpty() ? 200 : 503,
                    new JsonObject().put("ready", reasons.isEmpty()).put("reasons", reasons)))
        .onFailure(context::fail);
  }

  private void metrics(RoutingContext context) {
    context
        .response()
        .putHeader("Content-Type", "text/plain; version=0.0.4; charset=utf-8")
        .end(sources.metrics.get());
  }

  private static void answer(RoutingContext context, int status, JsonObject body) {
    context
        .response()
        .setStatusCode(status)
        .putHeader("Content-Type", "application/json")
        .end(body.toBuffer());
  }
}
