package dev.runcast.http.dev;

import dev.runcast.http.ApiException;
import io.vertx.core.Handler;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes down what workers and tools are refused: they go on or drop a run without a word, and who
 * looks into it later has nothing but this log. Credentials that are refused are not its business.
 * Owned by one event loop.
 */
public final class RefusalLog implements Handler<RoutingContext> {
  private static final Logger log = LoggerFactory.getLogger(RefusalLog.class);

  private static final List<String> PATHS =
      List.of(
          "/engine/*", "/otel/*", "/api/v1/projects/*", "/api/v1/schedules*", "/api/v1/queues/*");

  private static final Set<Integer> LEFT_OUT = Set.of(401, 403, 429);

  /** One that does it again and again must not fill a disk. */
  private static final int LINES = 60;

  private static final Duration SPAN = Duration.ofMinutes(1);

  private final InstantSource clock;
  private Instant spanBegan;
  private int lines;
  private long untold;

  public RefusalLog(InstantSource clock) {
    this.clock = clock;
    this.spanBegan = clock.instant();
  }

  /** To be called before the routes that it listens to. */
  public void mount(Router router) {
    PATHS.forEach(path -> router.route(path).handler(this));
  }

  @Override
  public void handle(RoutingContext context) {
    context.addEndHandler(ended -> look(context));
    context.next();
  }

  private void look(RoutingContext context) {
    int status = context.response().getStatusCode();
    if (status < 400 || status >= 500 || LEFT_OUT.contains(status)) {
      return;
    }
    renew();
    if (lines++ >= LINES) {
      untold++;
      return;
    }
    log.info(
        "refused method={} path={} status={} reason=\"{}\"",
        context.request().method(),
        context.request().path(),
        status,
        context.failure() instanceof ApiException refused ? refused.sentence() : "");
  }

  private void renew() {
    Instant now = clock.instant();
    if (now.isBefore(spanBegan.plus(SPAN))) {
      return;
    }
    if (untold > 0) {
      log.info("further requests were refused and not written down count={}", untold);
    }
    spanBegan = now;
    lines = 0;
    untold = 0;
  }
}
