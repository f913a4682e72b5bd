package dev.runcast.http.realtime.shape;

import dev.runcast.run.Bookmark;
import dev.runcast.subscribe.SubscribeFlow;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.random.RandomGenerator;

/** What all polls of one event loop share. Made on that loop's context and confined to it. */
public final class ShapeLoop {
  private final Vertx vertx;
  private final SubscribeFlow flow;
  private final Holds holds;
  private final InstantSource clock;
  private final RandomGenerator random;

  /**
   * On the context whose event loop will own it.
   *
   * @param hold how long a poll is held when there is no news
   */
  public ShapeLoop(
      Vertx vertx, SubscribeFlow flow, Duration hold, InstantSource clock, RandomGenerator random) {
    this.vertx = vertx;
    this.flow = flow;
    this.holds = new Holds(vertx, hold, random);
    this.clock = clock;
    this.random = random;
  }

  SubscribeFlow flow() {
    return flow;
  }

  Holds holds() {
    return holds;
  }

  Instant now() {
    return clock.instant();
  }

  RandomGenerator random() {
    return random;
  }

  /** Runs it when all that is being told now was told. */
  void afterThisTurn(Runnable task) {
    vertx.runOnContext(next -> task.run());
  }

  void later(long millis, Runnable task) {
    vertx.setTimer(millis, timer -> task.run());
  }

  boolean trusts(Bookmark bookmark) {
    return flow.trusts(bookmark);
  }
}
