package dev.runcast.hub.chunk;

import dev.runcast.run.EnvironmentId;
import dev.runcast.run.FilterKey;
import dev.runcast.run.place.Position;
import dev.runcast.run.stream.SegmentAppended;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Chunks of which it is not known yet to which feeds they belong, by their runs, which are read
 * meanwhile. Only their places are kept: they themselves are in the ring. Whoever may be told of
 * them claims nothing from there on. Owned by the hub's event loop.
 */
public final class Unplaced {
  private static final int MOST = 20_000;

  /** Chunks of one run. */
  public static final class Waiting {
    private final FilterKey run;
    private final NavigableSet<Position> places = new TreeSet<>();

    /** Those for whom alone some of them wait, since all others were told. */
    private final Map<Position, Set<Object>> onlyFor = new HashMap<>();

    private long newestXid;
    private boolean isDue = true;
    private boolean isUnderWay;
    private int joined;

    private Waiting(FilterKey run) {
      this.run = run;
    }

    public FilterKey run() {
      return run;
    }

    /** Begins to read the run; false if that is under way, or would be in vain. */
    public boolean ask() {
      boolean begins = isDue && !isUnderWay;
      isDue &= !begins;
      isUnderWay |= begins;
      return begins;
    }

    /** The read is over. */
    public void answered() {
      isUnderWay = false;
    }

    /** It is to be read once more. */
    public void renew() {
      isDue = true;
    }

    /** Their places. */
    public NavigableSet<Position> places() {
      return places;
    }

    /** For whom alone the chunks at a place wait; null for all. */
    public @Nullable Set<Object> onlyFor(Position place) {
      return onlyFor.get(place);
    }

    /** The transaction of the last of them. */
    public long newestXid() {
      return newestXid;
    }

    /** How often a subscription that has just been read for has come to wait too. */
    public int joined() {
      return joined;
    }
  }

  private final Map<FilterKey, Waiting> waiting = new LinkedHashMap<>();
  private final Map<EnvironmentId, NavigableSet<Position>> places = new HashMap<>();
  private int size;

  public boolean isEmpty() {
    return waiting.isEmpty();
  }

  /** Whether more wait than can be kept in mind. */
  public boolean isTooMuch() {
    return size > MOST;
  }

  /** What waits of a run; null if nothing does. */
  public @Nullable Waiting get(FilterKey run) {
    return waiting.get(run);
  }

  /** Chunks that have come. */
  public Waiting add(FilterKey run, SegmentAppended appended) {
    Waiting of = waiting.computeIfAbsent(run, Waiting::new);
    of.newestXid = appended.xid();
    if (of.places.add(appended.position())) {
      size++;
      places.computeIfAbsent(run.environment(), absent -> new TreeSet<>()).add(appended.position());
    }
    return of;
  }

  /** The same, of the recent past, for one more subscription. */
  public void join(FilterKey run, SegmentAppended appended, Object who) {
    Position place = appended.position();
    Waiting before = waiting.get(run);
    boolean waits = before != null && before.places.contains(place);
    Waiting of = add(run, appended);
    of.joined++;
    if (!waits) {
      of.onlyFor.put(place, new HashSet<>());
    }
    Set<Object> those = of.onlyFor.get(place);
    if (those != null) {
      those.add(who);
    }
  }

  /** They are told, or are not to be told. */
  public void remove(Waiting of, Position place) {
    NavigableSet<Position> ofEnvironment = places.get(of.run.environment());
    of.onlyFor.remove(place);
    if (of.places.remove(place) && ofEnvironment != null) {
      size--;
      ofEnvironment.remove(place);
      if (ofEnvironment.isEmpty()) {
        places.remove(of.run.environment());
      }
    }
    if (of.places.isEmpty()) {
      waiting.remove(of.run, of);
    }
  }

  public void remove(Waiting of) {
    List.copyOf(of.places).forEach(place -> remove(of, place));
  }

  /** The first place of an environment's behind another that waits; null when none does. */
  public @Nullable Position firstAfter(@Nullable Position other, EnvironmentId environment) {
    NavigableSet<Position> candidates = places.get(environment);
    if (candidates == null) {
      return null;
    }
    return other == null ? candidates.first() : candidates.higher(other);
  }

  public List<Waiting> all() {
    return List.copyOf(waiting.values());
  }

  public void forget(EnvironmentId environment) {
    all().stream().filter(of -> of.run.environment().equals(environment)).forEach(this::remove);
  }

  public void forget() {
    waiting.clear();
    places.clear();
    size = 0;
  }
}
