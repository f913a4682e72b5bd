package dev.runcast.it.bench.fanout;

import dev.runcast.it.bench.Pace;
import dev.runcast.it.bench.RowShape;
import java.time.Duration;

/**
 * A load.
 *
 * @param subscribersEach of each feed
 * @param perSecond changes, over all feeds in turn
 */
record Scenario(RowShape shape, int feeds, int subscribersEach, double perSecond) {

  Pace lasting(Duration length) {
    return new Pace(perSecond, length);
  }

  int subscribers() {
    return feeds * subscribersEach;
  }

  /** Whether who is subscribed to the other may stay for this one. */
  boolean hasSameSubscribers(Scenario other) {
    return shape.equals(other.shape)
        && feeds == other.feeds
        && subscribersEach == other.subscribersEach;
  }

  String name() {
    return "%,d feed%s x %,d, %s, %,.0f changes/s"
        .formatted(feeds, feeds == 1 ? "" : "s", subscribersEach, shape.name(), perSecond);
  }
}
