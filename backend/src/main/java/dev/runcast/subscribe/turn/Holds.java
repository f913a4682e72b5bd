package dev.runcast.subscribe.turn;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.random.RandomGenerator;

/**
 * When the held turns of one event loop are to be answered at the latest: one timer for all of
 * them, each in the slot of its time. Not all that were answered together end together. Owned by
 * its event loop.
 */
final class Holds {
  private final List<Set<Turn>> slots = new ArrayList<>();
  private final RandomGenerator random;
  private final int most;
  private int now;

  /**
   * @param most for how many ticks a turn is held; some are held up to an eighth less
   */
  Holds(int most, RandomGenerator random) {
    this.random = random;
    this.most = most;
    for (int i = 0; i <= most + 1; i++) {
      slots.add(new LinkedHashSet<>());
    }
  }

  /** Holds a turn; answers its slot, which {@link #remove} wants back. */
  int add(Turn turn) {
    int after = most - random.nextInt(most / 8 + 1);
    int slot = (now + after) % slots.size();
    slots.get(slot).add(turn);
    return slot;
  }

  void remove(Turn turn, int slot) {
    slots.get(slot).remove(turn);
  }

  void tick() {
    now = (now + 1) % slots.size();
    List<Turn> due = List.copyOf(slots.get(now));
    slots.get(now).clear();
    due.forEach(Turn::holdIsOver);
  }
}
