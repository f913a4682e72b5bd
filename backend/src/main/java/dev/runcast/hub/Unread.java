package dev.runcast.hub;

import dev.runcast.run.Position;
import dev.runcast.run.RunId;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * News of runs that can only be sent once the run was read: an entry of which a column is missing,
 * or any news while a hole is open. Owned by the hub's event loop.
 */
final class Unread {
  private final Map<RunId, Pending> news = new HashMap<>();
  private final TreeSet<Position> oldest = new TreeSet<>();
  private long weight;

  void put(Pending pending) {
    news.put(pending.run().id(), pending);
    oldest.add(pending.oldest());
    weight += pending.weight();
  }

  @Nullable Pending get(RunId run) {
    return news.get(run);
  }

  @Nullable Pending take(RunId run) {
    Pending taken = news.remove(run);
    if (taken != null) {
      oldest.remove(taken.oldest());
      weight -= taken.weight();
    }
    return taken;
  }

  boolean isEmpty() {
    return news.isEmpty();
  }

  long weight() {
    return weight;
  }

  List<RunId> runs() {
    return List.copyOf(news.keySet());
  }

  @Nullable Position oldest() {
    return oldest.isEmpty() ? null : oldest.first();
  }
}
