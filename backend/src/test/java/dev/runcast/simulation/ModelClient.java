package dev.runcast.simulation;

import dev.runcast.run.Cursor;
import dev.runcast.run.Filter;
import dev.runcast.run.Incarnation;
import dev.runcast.run.Position;
import dev.runcast.run.Run;
import dev.runcast.run.RunId;
import dev.runcast.simulation.ModelPostgres.Stored;
import dev.runcast.wire.Frame;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * A client that follows the rules of the protocol and complains when it is told something wrong.
 */
final class ModelClient {

  /** What it asks for. */
  enum Wish {
    ALL,
    /** Only what happens from now on. */
    FROM_NOW,
    /** One run, until it is done. */
    UNTIL_DONE
  }

  /** What a client holds of a run. */
  record Held(long version, String status, boolean tagged, String payload, String metadata) {
    static Held of(Run run) {
      Rows.Wide wide = Rows.wide(run);
      return new Held(
          run.version(),
          run.status().name(),
          !run.tags().isEmpty(),
          wide.payload().orNull(),
          wide.metadata().orNull());
    }

    boolean isOf(Run row) {
      return row.version() == version && equals(of(row));
    }
  }

  /**
   * What survives a reload.
   *
   * @param seen what a full read under way has given so far; null if none is
   * @param joined the place in the log from which on it was promised to hear everything
   */
  record Memory(Map<RunId, Held> rows, Cursor cursor, Set<RunId> seen, long joined) {
    static final Memory NONE = new Memory(Map.of(), null, null, 0);

    Memory {
      rows = new HashMap<>(rows);
      seen = seen == null ? null : new HashSet<>(seen);
    }

    Memory with(Cursor newer) {
      return new Memory(rows, newer, seen, joined);
    }

    Memory joining(long place) {
      return new Memory(rows, cursor, seen, place);
    }

    Memory copy() {
      return new Memory(rows, cursor, seen, joined);
    }

    Memory withSeen(Set<RunId> given) {
      return new Memory(rows, cursor, given, joined);
    }

    boolean isInFullRead() {
      return seen != null || (cursor != null && cursor.page() != null && cursor.page().full());
    }
  }

  final String name;
  final Filter filter;
  final Wish wish;
  final Trace trace;
  private final ModelPostgres postgres;
  Memory memory = Memory.NONE;

  /** The first history that can be compared with what Postgres holds now. */
  private Incarnation history = new Incarnation(0, 0);

  /** Whether what is being taken can't be a mixture of two histories. */
  private boolean trusts;

  ModelConnection connection;

  ModelClient(String name, Filter filter, Wish wish, ModelPostgres postgres, Trace trace) {
    this.postgres = postgres;
    this.name = name;
    this.filter = filter;
    this.wish = wish;
    this.trace = trace;
  }

  /** Whether the service has not hung up, as far as it knows. */
  boolean isConnected() {
    return connection != null && !connection.isClosed();
  }

  void stepIsOver() {
    if (connection != null) {
      connection.stepIsOver();
    }
  }

  /** Whether this is a history of what Postgres holds now. */
  boolean knows(Incarnation incarnation) {
    return !history.isAfter(incarnation);
  }

  /**
   * @param current whether it was sent by who knew of the last restore
   */
  void take(Frame frame, Cursor cursor, boolean current) {
    trusts = current;
    if (frame instanceof Frame.Snapshot snapshot) {
      takeSnapshot(snapshot);
    } else if (frame instanceof Frame.RunUpdate update) {
      takeRun(update.run(), update.whole());
    } else if (frame instanceof Frame.Leave leave) {
      takeLeave(leave);
    } else if (frame instanceof Frame.Live && memory.seen != null) {
      throw new AssertionError(name + " is told live in the middle of a full read");
    }
    if (cursor != null) {
      memory = memory.with(cursor);
      checkCursor();
    }
  }

  private void takeSnapshot(Frame.Snapshot snapshot) {
    if (snapshot.start()) {
      memory = memory.withSeen(Set.of());
    }
    snapshot.runs().forEach(run -> takeRun(run, true));
    snapshot.left().forEach(this::takeLeave);
    if (snapshot.complete()) {
      if (memory.seen == null) {
        throw new AssertionError("a full read completes that never began");
      }
      memory.rows.keySet().retainAll(memory.seen);
      memory = memory.withSeen(null);
    }
  }

  /** The rows of a REST answer, and nothing else, with the cursor that came along. */
  void takeList(Set<RunId> listed, Iterable<Run> rows, Cursor cursor) {
    boolean goesOn =
        memory.cursor != null && memory.cursor.incarnation().equals(cursor.incarnation());
    memory = new Memory(goesOn ? memory.rows : Map.of(), cursor, null, memory.joined);
    memory.rows.keySet().retainAll(listed);
    rows.forEach(run -> takeRun(run, true));
  }

  private void takeRun(Run run, boolean whole) {
    Held held = memory.rows.get(run.id());
    // What was held before may be of a history that is over: a full read replaces it.
    boolean isFirstOfFullRead = memory.seen != null && whole && memory.seen.add(run.id());
    if (held == null ? !whole : !isFirstOfFullRead && isOld(run, whole, held)) {
      return;
    }
    Held now = laidOver(run, whole, held);
    if (trusts && !postgres.everWas(run.id(), now::isOf)) {
      throw new AssertionError(name + " is told of a row that never was: " + now);
    }
    memory.rows.put(run.id(), now);
  }

  private static boolean isOld(Run run, boolean whole, Held held) {
    return held.version > run.version() || (held.version == run.version() && !whole);
  }

  private Held laidOver(Run run, boolean whole, Held held) {
    Rows.Wide told = Rows.wide(run);
    if (whole && !(told.payload().isKnown() && told.metadata().isKnown())) {
      throw new AssertionError("a whole row lacks a column: " + run);
    }
    Held now = Held.of(run);
    return new Held(
        now.version,
        now.status,
        now.tagged,
        told.payload().isKnown() ? now.payload : Objects.requireNonNull(held).payload,
        told.metadata().isKnown() ? now.metadata : Objects.requireNonNull(held).metadata);
  }

  private void takeLeave(Frame.Leave leave) {
    Held held = memory.rows.get(leave.run());
    if (held != null && held.version <= leave.version()) {
      memory.rows.remove(leave.run());
    }
  }

  /** What cursors of earlier histories say can't be compared any more. */
  void historyBegins(Incarnation first) {
    history = first;
  }

  /** Of the runs that it holds as they were at or before its place in the log, the versions. */
  Map<RunId, Long> versionsAtCursor() {
    Map<RunId, Long> versions = new HashMap<>();
    memory.rows.forEach(
        (id, held) ->
            postgres.history().getOrDefault(id, List.of()).stream()
                .filter(stored -> stored.row() != null && held.isOf(stored.row()))
                .filter(stored -> !stored.position().isAfter(memory.cursor.position()))
                .forEach(stored -> versions.put(id, held.version)));
    return versions;
  }

  /** Goes back to an older cursor than its rows are; it must survive that. */
  void forgetProgress(Cursor older) {
    memory = new Memory(memory.rows, older, null, memory.joined);
  }

  /**
   * Whether what the cursor says is true: of each run, the client's part is what the table held at
   * or after the last version that the cursor covers.
   */
  private void checkCursor() {
    if (memory.cursor != null && knows(memory.cursor.incarnation()) && !memory.isInFullRead()) {
      postgres.history().forEach(this::checkCursor);
    }
  }

  private void checkCursor(RunId id, List<Stored> versions) {
    Held held = memory.rows.get(id);
    int covered = versions.size() - 1;
    while (covered >= 0 && !isCovered(versions.get(covered))) {
      covered--;
    }
    if (covered < 0 || (held == null && !isPromised(versions.get(covered)))) {
      return;
    }
    Run last = versions.get(covered).row();
    boolean right =
        held == null
            ? versions.stream().skip(covered).anyMatch(version -> !matches(version.row()))
            : last != null && held.version >= last.version();
    if (!right) {
      throw new AssertionError(
          name + " " + filter + " holds " + held + " of " + id + " at " + memory.cursor);
    }
  }

  private boolean isCovered(Stored version) {
    Position reached = memory.cursor.position();
    return version.xid() < memory.cursor.horizon()
        || (reached != null && !version.position().isAfter(reached));
  }

  private boolean isPromised(Stored version) {
    return wish != Wish.FROM_NOW || version.position().lsn().value() > memory.joined;
  }

  private boolean matches(Run row) {
    return row != null && filter.matches(row);
  }

  /** Compares with the table at rest. */
  void checkAtRest() {
    Map<RunId, Held> table = new HashMap<>();
    postgres
        .history()
        .forEach(
            (id, versions) -> {
              Stored last = versions.get(versions.size() - 1);
              if (matches(last.row()) && (isPromised(last) || memory.rows.containsKey(id))) {
                table.put(id, Held.of(last.row()));
              }
            });
    if (!table.equals(memory.rows)) {
      throw new AssertionError(name + " " + filter + " holds " + memory.rows + " and not " + table);
    }
  }
}
