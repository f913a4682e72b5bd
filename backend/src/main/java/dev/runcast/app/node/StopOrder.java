package dev.runcast.app.node;

import io.vertx.core.Future;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What has been started, to be stopped in the reverse order. One thing that fails to stop, or takes
 * longer than the patience, does not keep the others running. Used by one step of starting or
 * stopping at a time.
 */
final class StopOrder {
  private static final Logger log = LoggerFactory.getLogger(StopOrder.class);

  /** A server waits for its clients to take what is on its way, and a client may never. */
  static final Duration PATIENCE = Duration.ofSeconds(30);

  private final Duration patience;
  private final Deque<Step> steps = new ArrayDeque<>();

  private record Step(String name, Supplier<Future<Void>> stop) {}

  StopOrder(Duration patience) {
    this.patience = patience;
  }

  /** Notes something that has just started. */
  void add(String name, Supplier<Future<Void>> stop) {
    steps.push(new Step(name, stop));
  }

  /** Stops all of it, the latest first; completes when the last is down, and never fails. */
  Future<Void> stop() {
    Step step = steps.poll();
    if (step == null) {
      return Future.succeededFuture();
    }
    return Future.<Void>future(done -> step.stop().get().onComplete(done))
        .timeout(patience.toMillis(), TimeUnit.MILLISECONDS)
        .onFailure(e -> log.warn("{} did not stop cleanly", step.name(), e))
        .otherwiseEmpty()
        .compose(stopped -> stop());
  }
}
