package dev.runcast.hub.chunk;

import dev.runcast.run.Run;
import dev.runcast.run.RunChanged;
import dev.runcast.run.place.Lsn;
import dev.runcast.run.place.Position;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * What feeds go by of one run, as it was at any place of the recent log: every change of its status
 * and its tags since it was first heard of. Owned by the hub's event loop.
 */
public final class RunCard {
  /** Of a run that moves on and on, what lies further back is not known any more. */
  private static final int MOST_STATES = 8;

  private static final Position BEGINNING = new Position(Lsn.ZERO, -1);

  /**
   * As it was from a place on.
   *
   * @param xid the transaction that made it so; 0 for what it was when it was first heard of
   * @param run null where that is not known
   */
  private record State(long xid, @Nullable Run run) {}

  private final NavigableMap<Position, State> states = new TreeMap<>();

  /** One of which only comes what is heard from here on. */
  public RunCard() {}

  /**
   * One that was read.
   *
   * @param row as it was before whatever is heard from here on
   */
  public RunCard(Run row) {
    states.put(BEGINNING, new State(0, row.forRouting()));
  }

  /** The run has changed; changes come in the order of the log. */
  public void hear(RunChanged change) {
    Run now = change.run().forRouting();
    Run before = newest();
    if (before == null && !change.inserted()) {
      before = now.as(change.statusBefore(), change.tagsBefore());
      states.put(states.isEmpty() ? BEGINNING : states.lastKey(), new State(0, before));
    }
    if (before == null || before.status() != now.status() || !before.tags().equals(now.tags())) {
      states.put(change.position(), new State(change.xid(), now));
    }
    if (states.size() > MOST_STATES) {
      states.pollFirstEntry();
    }
  }

  /** What changed up to this place was not told: from here on nothing is known. */
  void miss(Position place) {
    states.put(place, new State(0, null));
  }

  /** The run was read after what was missed. */
  void learn(RunCard read) {
    if (newest() == null) {
      Position from = states.isEmpty() ? BEGINNING : states.lastKey();
      read.states.forEach((place, state) -> states.put(place.isAfter(from) ? place : from, state));
    }
  }

  private @Nullable Run newest() {
    return states.isEmpty() ? null : states.lastEntry().getValue().run;
  }

  /** The run as it was at a place; null where that is not known. */
  public @Nullable Run at(Position place) {
    Map.Entry<Position, State> known = states.floorEntry(place);
    return known == null ? null : known.getValue().run;
  }

  /**
   * The run as a snapshot shows it that shows more of it than the log had told by a place; null if
   * it does not.
   *
   * @param shown whether the snapshot shows what a transaction wrote
   */
  public @Nullable Run shownAfter(Position place, Predicate<Long> shown) {
    Run newest = null;
    for (State later : states.tailMap(place, false).values()) {
      newest = later.run != null && shown.test(later.xid) ? later.run : newest;
    }
    return newest;
  }

  /** All that it was at a place and has been since, as far as that is known. */
  public Iterable<Run> since(Position place) {
    Position from = states.floorKey(place);
    return states.tailMap(from == null ? place : from, true).values().stream()
        .map(State::run)
        .filter(Objects::nonNull)
        .toList();
  }
}
