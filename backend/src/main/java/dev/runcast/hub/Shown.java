package dev.runcast.hub;

import dev.runcast.run.RunChanged;
import dev.runcast.run.RunId;
import dev.runcast.run.Visibility;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What reads have shown a subscriber, kept until a horizon has passed everything that they may not
 * have shown; from then on the order of the stream alone decides. Owned by the hub's event loop.
 */
final class Shown {
  private final @Nullable Visibility feed;
  private final Map<RunId, Visibility> ones = new HashMap<>(2);
  private boolean feedProven;

  /** A read of the whole feed; null where there was none. */
  Shown(@Nullable Visibility feed) {
    this.feed = feed;
    this.feedProven = feed == null;
  }

  void one(RunId run, Visibility snapshot) {
    ones.put(run, snapshot);
  }

  boolean shows(RunChanged change) {
    if (feed != null && !feedProven && feed.shows(change.xid())) {
      return true;
    }
    Visibility one = ones.get(change.run().id());
    return one != null && one.shows(change.xid());
  }

  void horizonPassed(long horizon) {
    feedProven = feedProven || (feed != null && horizon >= feed.xmax());
    ones.values().removeIf(one -> horizon >= one.xmax());
  }

  /** Whether nothing is left to be proven. */
  boolean isProven() {
    return feedProven && ones.isEmpty();
  }
}
