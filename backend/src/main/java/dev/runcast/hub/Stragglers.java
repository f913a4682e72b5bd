package dev.runcast.hub;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The subscriptions whose client has not taken all that waits for it, and when each last took
 * something. Owned by the hub's event loop.
 */
final class Stragglers {
  private final InstantSource clock;

  /** In the order in which they fell behind, so that a simulation repeats itself. */
  private final Map<Subscription, Instant> lastMoved = new LinkedHashMap<>();

  Stragglers(InstantSource clock) {
    this.clock = clock;
  }

  /** Something waits for its client: from now on it must move, unless it fell behind before. */
  void fallsBehind(Subscription subscription) {
    lastMoved.putIfAbsent(subscription, clock.instant());
  }

  /** Its client has taken something. */
  void moves(Subscription subscription) {
    lastMoved.computeIfPresent(subscription, (same, before) -> clock.instant());
  }

  /** Nothing waits for its client any more, or it is gone. */
  void catchesUp(Subscription subscription) {
    lastMoved.remove(subscription);
  }

  int size() {
    return lastMoved.size();
  }

  /** Those whose client has taken nothing for longer than this. */
  List<Subscription> stuckFor(Duration limit) {
    Instant latest = clock.instant().minus(limit);
    return lastMoved.entrySet().stream()
        .filter(straggler -> straggler.getValue().isBefore(latest))
        .map(Map.Entry::getKey)
        .toList();
  }
}
