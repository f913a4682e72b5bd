package dev.runcast.hub.waiting;

import dev.runcast.run.RunId;
import dev.runcast.run.place.Position;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * News of runs that can only be sent once the run was read: an entry of which a column is missing,
 * or any news while a hole is open. Owned by the hub's event loop.
 */
public final class Unread {
  private final Map<RunId, Pending> news = new HashMap<>();
  private final TreeSet<Position> oldest = new TreeSet<>();
  private long weight;

  public void put(Pending pending) {
    news.put(pending.run().id(), pending);
    oldest.add(pending.oldest());
    weight += pending.weight();
  }

  public @Nullable Pending get(RunId run) {
    return news.get(run);
  }

  public @Nullable Pending take(RunId run) {
    Pending taken = news.remove(run);
    if (taken != null) {
      oldest.remove(taken.oldest());
      weight -= taken.weight();
    }
    return taken;
  }

  public boolean isEmpty() {
    return news.isEmpty();
  }

  public long weight() {
    return weight;
  }

  public List<RunId> runs() {
    return List.copyOf(news.keySet());
  }

  public @Nullable Position oldest() {
    return oldest.isEmpty() ? null : oldest.first();
  }
}
