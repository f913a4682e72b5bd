package dev.runcast.app;

import io.vertx.core.Future;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What has been started, to be stopped in the reverse order. One thing that fails to stop does not
 * keep the others running. Used by one step of starting or stopping at a time.
 */
final class StopOrder {
  private static final Logger log = LoggerFactory.getLogger(StopOrder.class);

  private final Deque<Step> steps = new ArrayDeque<>();

  private record Step(String name, Supplier<Future<Void>> stop) {}

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
        .onFailure(e -> log.warn("{} did not stop cleanly", step.name(), e))
        .otherwiseEmpty()
        .compose(stopped -> stop());
  }
}
