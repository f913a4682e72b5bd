package dev.runcast.simulation;

import dev.runcast.hub.tally.Sums;
import dev.runcast.run.Filter;
import dev.runcast.run.Run;
import dev.runcast.run.RunId;
import dev.runcast.run.place.Cursor;
import dev.runcast.run.place.Position;
import dev.runcast.run.tally.RunHash;
import dev.runcast.simulation.ModelPostgres.Stored;
import dev.runcast.wire.Frame;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Stream;

/** What one client is told of what its feed adds up to, held against the table and its rows. */
final class ModelSums {
  private final String client;
  private final Filter filter;
  private final boolean rows;
  private final ModelPostgres postgres;
  final Sums wish;
  private SortedMap<String, Long> counts;
  private Frame.Digest digest;

  /** Whether its rows were tampered with, and no digest has said since that they are right. */
  private boolean falsified;

  /** Whether a digest has said that they are wrong. */
  private boolean doubts;

  /** Which parts of them are, as far as it was told. */
  private final Set<Integer> broken = new TreeSet<>();

  /** Whether it may hold rows that are newer than the place that it went back to. */
  private boolean mayBeAhead;

  /**
   * @param rows whether it is told rows too
   */
  ModelSums(String client, Filter filter, boolean rows, Sums wish, ModelPostgres postgres) {
    this.client = client;
    this.filter = filter;
    this.rows = rows;
    this.wish = wish;
    this.postgres = postgres;
  }

  boolean hasRows() {
    return rows;
  }

  void isFalsified() {
    falsified = true;
  }

  /** Whether what it holds is not to be held against anything. */
  boolean mayBeFalse() {
    return falsified;
  }

  /** Whether it should connect anew, to be told which parts are wrong or to be given them. */
  boolean doubts() {
    return doubts;
  }

  /** The parts that it wants to be given anew. */
  Set<Integer> takeBroken() {
    doubts = false;
    return Set.copyOf(broken);
  }

  /** A full read, or one of these parts, was given. */
  void isGiven() {
    broken.clear();
  }

  void forgetsProgress() {
    mayBeAhead = true;
  }

  /**
   * Without rows the cursor says which place the counts are of: with a position, exactly that.
   *
   * @param trusts whether they can't be of a mixture of two histories
   */
  void take(Frame.Counts told, Cursor cursor, boolean trusts) {
    if (!wish.counts()) {
      throw new AssertionError(client + " is told counts that it did not ask for");
    }
    if (told.byStatus().values().stream().anyMatch(runs -> runs < 1)) {
      throw new AssertionError(client + " is told " + told);
    }
    counts = told.byStatus();
    if (rows || !trusts) {
      return;
    }
    Position place = cursor.position();
    if (place == null) {
      checkPossible(cursor.horizon());
    } else if (!counts.equals(countsAt(version -> !version.position().isAfter(place)))) {
      throw new AssertionError(client + " " + filter + " is told " + told + " at " + cursor);
    }
  }

  /** Each run is told as it was, or came to be, once all below the horizon was over. */
  private void checkPossible(long horizon) {
    List<List<String>> possible =
        postgres.history().values().stream()
            .map(versions -> namesSince(versions, horizon))
            .toList();
    long least = possible.stream().filter(names -> !names.contains(null)).count();
    long most = possible.stream().filter(names -> names.stream().anyMatch(n -> n != null)).count();
    long members = counts.values().stream().mapToLong(Long::longValue).sum();
    boolean isPossible = members >= least && members <= most;
    for (Map.Entry<String, Long> status : counts.entrySet()) {
      long candidates = possible.stream().filter(names -> names.contains(status.getKey())).count();
      isPossible &= status.getValue() <= candidates;
    }
    if (!isPossible) {
      throw new AssertionError(client + " " + filter + " is told " + counts + " since " + horizon);
    }
  }

  private List<String> namesSince(List<Stored> versions, long horizon) {
    int first = versions.size() - 1;
    while (first >= 0 && versions.get(first).xid() >= horizon) {
      first--;
    }
    Stream<String> before = first < 0 ? Stream.of((String) null) : Stream.empty();
    return Stream.concat(
            before, versions.stream().skip(Math.max(0, first)).map(version -> name(version.row())))
        .toList();
  }

  /** Under which name a row counts; null if it does not. */
  private String name(Run row) {
    return row != null && filter.matches(row) ? row.status().apiName() : null;
  }

  private SortedMap<String, Long> countsAt(Function<Stored, Boolean> reached) {
    SortedMap<String, Long> found = new TreeMap<>();
    for (List<Stored> versions : postgres.history().values()) {
      String name = null;
      for (Stored version : versions) {
        name = reached.apply(version) ? name(version.row()) : name;
      }
      if (name != null) {
        found.merge(name, 1L, Long::sum);
      }
    }
    return found;
  }

  void take(Frame.Digest told, Map<RunId, Held> held, Cursor cursor, boolean trusts) {
    if (!wish.digest()) {
      throw new AssertionError(client + " is told a digest that it did not ask for");
    }
    digest = told;
    if (!trusts) {
      return;
    }
    if (isOf(told, held)) {
      falsified = false;
      doubts = false;
    } else if (falsified) {
      doubts = true;
      broken.addAll(wrongParts(told, held));
    } else if (!(mayBeAhead && isAhead(held, cursor))) {
      throw new AssertionError(
          client + " " + filter + " holds " + held + " and is told " + told + " at " + cursor);
    }
  }

  private static Set<Integer> wrongParts(Frame.Digest told, Map<RunId, Held> held) {
    Set<Integer> wrong = new TreeSet<>();
    for (int bucket = 0; bucket < told.buckets().size(); bucket++) {
      int part = bucket;
      long sum =
          held.entrySet().stream()
              .filter(row -> RunHash.bucketOf(row.getKey()) == part)
              .mapToLong(row -> RunHash.of(row.getKey(), row.getValue().version()))
              .sum();
      if (sum != told.buckets().get(bucket)) {
        wrong.add(bucket);
      }
    }
    return wrong;
  }

  private static boolean isOf(Frame.Digest told, Map<RunId, Held> held) {
    long sum =
        held.entrySet().stream()
            .mapToLong(row -> RunHash.of(row.getKey(), row.getValue().version()))
            .sum();
    return told.digest() == sum && told.members() == held.size();
  }

  private boolean isAhead(Map<RunId, Held> held, Cursor cursor) {
    return postgres.history().entrySet().stream()
        .anyMatch(
            run ->
                held.containsKey(run.getKey())
                    && isAhead(held.get(run.getKey()), run.getValue(), cursor.position()));
  }

  private static boolean isAhead(Held held, Collection<Stored> versions, Position place) {
    return versions.stream()
        .filter(version -> version.position().isAfter(place))
        .anyMatch(version -> version.row() != null && held.version() >= version.row().version());
  }

  /** At rest the last that was told is what the table comes to, and was told at all. */
  void checkAtRest(Map<RunId, Held> held) {
    SortedMap<String, Long> table = countsAt(version -> true);
    if (wish.counts() && !table.equals(counts)) {
      throw new AssertionError(client + " " + filter + " is told " + counts + " and not " + table);
    }
    if (wish.digest() && (digest == null || !isOf(digest, held))) {
      throw new AssertionError(client + " " + filter + " holds " + held + " and knows " + digest);
    }
  }
}
