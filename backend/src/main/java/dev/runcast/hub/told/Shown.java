package dev.runcast.hub.told;

import dev.runcast.run.RunId;
import dev.runcast.run.place.Visibility;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What reads have shown a subscriber, kept until a horizon has passed everything that they may not
 * have shown; from then on the order of the stream alone decides.
 */
final class Shown {
  final @Nullable Visibility feed;
  final Map<RunId, Visibility> ones = new HashMap<>(2);
  final Map<RunId, Visibility> chunks = new HashMap<>(0);
  boolean feedProven;

  /** A read of the whole feed; null where there was none. */
  Shown(@Nullable Visibility feed) {
    this.feed = feed;
    this.feedProven = feed == null;
  }

  void one(RunId run, Visibility snapshot) {
    ones.put(run, snapshot);
  }

  /**
   * @param one what a read of the run alone has shown; null when there was none
   */
  boolean shows(long xid, @Nullable Visibility one) {
    return (feed != null && !feedProven && feed.shows(xid)) || (one != null && one.shows(xid));
  }

  void horizonPassed(long horizon) {
    feedProven = feedProven || (feed != null && horizon >= feed.xmax());
    ones.values().removeIf(one -> horizon >= one.xmax());
    chunks.values().removeIf(one -> horizon >= one.xmax());
  }

  /** Whether nothing is left to be proven. */
  boolean isProven() {
    return feedProven && ones.isEmpty() && chunks.isEmpty();
  }
}
