package dev.runcast.hub.clock;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The subscriptions whose client has not taken all that waits for it, and when each last took
 * something. Owned by the hub's event loop.
 *
 * @param <T> the subscriptions
 */
public final class Stragglers<T> {
  private final InstantSource clock;

  /** In the order in which they fell behind, so that a simulation repeats itself. */
  private final Map<T, Instant> lastMoved = new LinkedHashMap<>();

  private long givenUp;

  public Stragglers(InstantSource clock) {
    this.clock = clock;
  }

  /** Something waits for its client: from now on it must move, unless it fell behind before. */
  public void fallsBehind(T subscription) {
    lastMoved.putIfAbsent(subscription, clock.instant());
  }

  /** What waits for its client is too much, and was dropped. */
  public void givesUp(T subscription) {
    fallsBehind(subscription);
    givenUp++;
  }

  /** Its client has taken something. */
  public void moves(T subscription) {
    lastMoved.computeIfPresent(subscription, (same, before) -> clock.instant());
  }

  /** Nothing waits for its client any more, or it is gone. */
  public void catchesUp(T subscription) {
    lastMoved.remove(subscription);
  }

  /** How many are behind. */
  public int size() {
    return lastMoved.size();
  }

  /** How often a client was so slow that what waited for it was dropped. */
  public long givenUp() {
    return givenUp;
  }

  /** Those whose client has taken nothing for longer than this. */
  public List<T> stuckFor(Duration limit) {
    Instant latest = clock.instant().minus(limit);
    return lastMoved.entrySet().stream()
        .filter(straggler -> straggler.getValue().isBefore(latest))
        .map(Map.Entry::getKey)
        .toList();
  }
}
