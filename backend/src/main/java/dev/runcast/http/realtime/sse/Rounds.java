package dev.runcast.http.realtime.sse;

import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * Visits every sink of an event loop once in a round, a few at each step, so that one timer serves
 * all of them and their pings do not come in step. A sink's place is random; taking it out costs
 * the same whatever their number. Confined to its event loop.
 */
final class Rounds {
  private final List<List<SseSink>> places;
  private final RandomGenerator random;
  private int next;

  /**
   * @param steps into how many steps a round is divided
   */
  Rounds(int steps, RandomGenerator random) {
    this.random = random;
    this.places = new ArrayList<>(steps);
    for (int i = 0; i < steps; i++) {
      places.add(new ArrayList<>());
    }
  }

  /** Adds a sink; its first visit comes within one round. */
  void add(SseSink sink) {
    int place = random.nextInt(places.size());
    List<SseSink> row = places.get(place);
    sink.seat(place, row.size());
    row.add(sink);
  }

  /** Takes a sink out, which must be in. */
  void remove(SseSink sink) {
    List<SseSink> row = places.get(sink.place());
    SseSink last = row.remove(row.size() - 1);
    if (last != sink) {
      row.set(sink.seat(), last);
      last.seat(sink.place(), sink.seat());
    }
  }

  /** Visits those whose turn it is. A visited sink may be removed in the course of its visit. */
  void step(long nowMillis) {
    List<SseSink> row = places.get(next);
    next = (next + 1) % places.size();
    for (int i = row.size() - 1; i >= 0; i--) {
      row.get(i).visit(nowMillis);
    }
  }

  /** All sinks, as they are now. */
  List<SseSink> all() {
    List<SseSink> all = new ArrayList<>();
    places.forEach(all::addAll);
    return all;
  }
}
