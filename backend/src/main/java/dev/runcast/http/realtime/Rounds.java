package dev.runcast.http.realtime;

import dev.runcast.wire.CloseCode;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * Visits every connection of an event loop once in a round, a few at each step, so that one timer
 * serves all of them and their pings do not come in step. A guest's place is random; taking it out
 * costs the same whatever their number. Confined to its event loop.
 */
public final class Rounds {
  /** Into how many steps a round is divided. */
  public static final int STEPS = 16;

  private final List<List<Guest>> places;
  private final RandomGenerator random;
  private int next;

  /** A connection: what is visited. There are thousands of these, so it knows its own place. */
  public abstract static class Guest {
    private int place;
    private int seat;

    /** Once in a round, at this time in milliseconds since 1970. */
    protected abstract void visit(long nowMillis);

    /** Tells the client why, and hangs up. */
    protected abstract void end(CloseCode code);
  }

  Rounds(RandomGenerator random) {
    this.random = random;
    this.places = new ArrayList<>(STEPS);
    for (int i = 0; i < STEPS; i++) {
      places.add(new ArrayList<>());
    }
  }

  /** Adds a guest; its first visit comes within one round. */
  public void add(Guest guest) {
    guest.place = random.nextInt(places.size());
    List<Guest> row = places.get(guest.place);
    guest.seat = row.size();
    row.add(guest);
  }

  /** Takes a guest out, which must be in. */
  public void remove(Guest guest) {
    List<Guest> row = places.get(guest.place);
    Guest last = row.remove(row.size() - 1);
    if (last != guest) {
      row.set(guest.seat, last);
      last.seat = guest.seat;
    }
  }

  /** Visits those whose turn it is. A visited guest may be removed in the course of its visit. */
  public void step(long nowMillis) {
    List<Guest> row = places.get(next);
    next = (next + 1) % places.size();
    for (int i = row.size() - 1; i >= 0; i--) {
      row.get(i).visit(nowMillis);
    }
  }

  /** How many guests there are. */
  int size() {
    int size = 0;
    for (List<Guest> row : places) {
      size += row.size();
    }
    return size;
  }

  /** All guests, as they are now. */
  List<Guest> all() {
    List<Guest> all = new ArrayList<>();
    places.forEach(all::addAll);
    return all;
  }
}
