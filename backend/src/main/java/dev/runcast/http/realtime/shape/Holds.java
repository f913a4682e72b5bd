package dev.runcast.http.realtime.shape;

import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.random.RandomGenerator;

/**
 * When the held polls of one event loop are to be answered at the latest: one timer for all of
 * them, each in the slot of its time. Not all that were answered together end together. Confined to
 * its event loop; the timer ends with the verticle.
 */
public final class Holds {
  private static final long TICK_MILLIS = 500;

  private final List<Set<ShapePoll>> slots = new ArrayList<>();
  private final RandomGenerator random;
  private final int most;
  private int now;

  /**
   * On the context whose event loop will own it.
   *
   * @param hold how long a poll is held; some are held up to an eighth less
   */
  public Holds(Vertx vertx, Duration hold, RandomGenerator random) {
    this.random = random;
    this.most = (int) Math.max(1, hold.toMillis() / TICK_MILLIS);
    for (int i = 0; i <= most + 1; i++) {
      slots.add(new LinkedHashSet<>());
    }
    vertx.setPeriodic(TICK_MILLIS, timer -> tick());
  }

  /** Holds a poll; answers its slot, which {@link #remove} wants back. */
  int add(ShapePoll poll) {
    int after = most - random.nextInt(most / 8 + 1);
    int slot = (now + after) % slots.size();
    slots.get(slot).add(poll);
    return slot;
  }

  void remove(ShapePoll poll, int slot) {
    slots.get(slot).remove(poll);
  }

  private void tick() {
    now = (now + 1) % slots.size();
    List<ShapePoll> due = List.copyOf(slots.get(now));
    slots.get(now).clear();
    due.forEach(ShapePoll::holdIsOver);
  }
}
