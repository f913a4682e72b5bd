package dev.runcast.simulation;

import dev.runcast.run.Filter;
import dev.runcast.run.Run;
import dev.runcast.run.RunId;
import dev.runcast.run.place.Incarnation;
import dev.runcast.simulation.ModelPostgres.Stored;
import dev.runcast.wire.Frame;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/**
 * What Postgres holds, and so what one client must hold: whatever it is told is held against it.
 */
final class Truth {
  private final String client;
  private final Filter filter;
  private final ModelPostgres postgres;

  /** The first history that can be compared with what Postgres holds now. */
  private Incarnation history = new Incarnation(0, 0);

  Truth(String client, Filter filter, ModelPostgres postgres) {
    this.client = client;
    this.filter = filter;
    this.postgres = postgres;
  }

  /** What cursors of earlier histories say can't be compared any more. */
  void historyBegins(Incarnation first) {
    history = first;
  }

  /** Whether this is a history of what Postgres holds now. */
  boolean knows(Incarnation incarnation) {
    return !history.isAfter(incarnation);
  }

  /** A row that a client now holds must have been like this once. */
  void checkEverWas(RunId id, Held now) {
    if (!postgres.everWas(id, now::isOf)) {
      throw new AssertionError(client + " is told of a row that never was: " + now);
    }
  }

  /**
   * Whether what a client claims is true: of each run, its part is what the table held at or after
   * the last version that it says it was told.
   *
   * @param covered which versions it says it was told
   * @param joined the place in the log from which on it was promised to hear everything
   */
  void checkClaim(Map<RunId, Held> rows, Predicate<Stored> covered, long joined, Object claim) {
    postgres
        .history()
        .forEach(
            (id, versions) -> {
              if (!isRight(rows.get(id), versions, covered, joined)) {
                throw new AssertionError(
                    client
                        + " "
                        + filter
                        + " holds "
                        + rows.get(id)
                        + " of "
                        + id
                        + " at "
                        + claim);
              }
            });
  }

  private boolean isRight(
      Held held, List<Stored> versions, Predicate<Stored> covered, long joined) {
    int last = versions.size() - 1;
    while (last >= 0 && !covered.test(versions.get(last))) {
      last--;
    }
    if (last < 0 || (held == null && !isPromised(versions.get(last), joined))) {
      return true;
    }
    Run row = versions.get(last).row();
    return held == null
        ? versions.stream().skip(last).anyMatch(version -> !matches(version.row()))
        : row != null && held.version() >= row.version();
  }

  /** Whether a run has left the feed after a version: then its chunks are told no more. */
  boolean hasLeftSince(RunId run, long version) {
    return postgres.history().getOrDefault(run, List.of()).stream()
        .anyMatch(
            stored ->
                !matches(stored.row())
                    && (stored.row() == null || stored.row().version() > version));
  }

  /** The versions that a frame tells of. */
  List<Stored> versionsIn(Frame frame) {
    List<Stored> versions = new ArrayList<>();
    if (frame instanceof Frame.Snapshot snapshot) {
      snapshot.runs().forEach(run -> find(run.id(), run.version(), versions));
      snapshot.left().forEach(leave -> find(leave.run(), leave.version(), versions));
    } else if (frame instanceof Frame.RunUpdate update) {
      find(update.run().id(), update.run().version(), versions);
    } else if (frame instanceof Frame.Leave leave) {
      find(leave.run(), leave.version(), versions);
    }
    return versions;
  }

  private void find(RunId id, long version, List<Stored> found) {
    postgres.history().getOrDefault(id, List.of()).stream()
        .filter(stored -> stored.row() != null && stored.row().version() == version)
        .forEach(found::add);
  }

  private static boolean isPromised(Stored version, long joined) {
    return version.position().lsn().value() > joined;
  }

  private boolean matches(Run row) {
    return row != null && filter.matches(row);
  }

  /** At rest a client holds what the table does, as far as it was promised. */
  void checkAtRest(Map<RunId, Held> rows, long joined) {
    Map<RunId, Held> table = new HashMap<>();
    postgres
        .history()
        .forEach(
            (id, versions) -> {
              Stored last = versions.get(versions.size() - 1);
              if (matches(last.row()) && (isPromised(last, joined) || rows.containsKey(id))) {
                table.put(id, Held.of(last.row()));
              }
            });
    if (!table.equals(rows)) {
      throw new AssertionError(client + " " + filter + " holds " + rows + " and not " + table);
    }
  }
}
