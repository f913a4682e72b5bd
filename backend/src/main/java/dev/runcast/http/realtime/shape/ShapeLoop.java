package dev.runcast.http.realtime.shape;

import dev.runcast.subscribe.SubscribeFlow;
import dev.runcast.subscribe.turn.TurnLoop;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.random.RandomGenerator;

/** What all polls of one event loop share. Made on that loop's context and confined to it. */
public final class ShapeLoop {
  /** Beyond this an answer goes out in parts. */
  private static final long PART_BYTES = 4L << 20;

  private final TurnLoop turns;
  private final InstantSource clock;
  private final RandomGenerator random;

  /**
   * On the context whose event loop will own it; its timer ends with the verticle.
   *
   * @param hold how long a poll is held when there is no news
   */
  public ShapeLoop(
      Vertx vertx, SubscribeFlow flow, Duration hold, InstantSource clock, RandomGenerator random) {
    this.clock = clock;
    this.random = random;
    this.turns =
        new TurnLoop(
            flow,
            new TurnLoop.Bounds(hold, PART_BYTES),
            new TurnLoop.Turns(
                task -> vertx.runOnContext(next -> task.run()),
                (delay, task) -> vertx.setTimer(delay.toMillis(), timer -> task.run())),
            random);
    vertx.setPeriodic(TurnLoop.TICK.toMillis(), timer -> turns.tick());
  }

  TurnLoop turns() {
    return turns;
  }

  Instant now() {
    return clock.instant();
  }

  RandomGenerator random() {
    return random;
  }
}
