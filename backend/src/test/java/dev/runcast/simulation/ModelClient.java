package dev.runcast.simulation;

import dev.runcast.hub.Hub;
import dev.runcast.hub.Sink;
import dev.runcast.hub.Subscription;
import dev.runcast.run.Column;
import dev.runcast.run.Cursor;
import dev.runcast.run.Filter;
import dev.runcast.run.Run;
import dev.runcast.run.RunId;
import dev.runcast.wire.CloseCode;
import dev.runcast.wire.Frame;
import dev.runcast.wire.SharedFrame;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A client that follows the rules of the protocol and complains when it is told something wrong.
 */
final class ModelClient {

  /** What a client holds of a run. */
  record Held(long version, String status, boolean tagged, String payload) {}

  /**
   * What survives a reload: rows, the cursor, what was reported, and what a full read gave so far.
   */
  record Memory(Map<RunId, Held> rows, Cursor cursor, Set<RunId> reported, Set<RunId> seen) {
    Memory copy() {
      return new Memory(
          new HashMap<>(rows),
          cursor,
          new HashSet<>(reported),
          seen == null ? null : new HashSet<>(seen));
    }
  }

  final class Connection implements Sink {
    private final int capacity;
    private final Deque<Sent> unread = new ArrayDeque<>();
    private Runnable drained = () -> {};
    boolean closed;

    Connection(int capacity) {
      this.capacity = capacity;
    }

    private record Sent(Frame frame, Cursor cursor) {}

    @Override
    public void write(SharedFrame frame, Cursor cursor) {
      if (!closed) {
        unread.addLast(new Sent(frame.frame(), cursor));
      }
    }

    @Override
    public boolean isFull() {
      return unread.size() >= capacity;
    }

    @Override
    public void onDrain(Runnable callback) {
      drained = callback;
    }

    @Override
    public void close(CloseCode code) {
      closed = true;
    }

    boolean hasUnread() {
      return !unread.isEmpty();
    }

    void readOne() {
      boolean wasFull = isFull();
      Sent sent = unread.removeFirst();
      trace.add("  client " + name + " takes " + sent.frame + " cursor " + sent.cursor);
      take(sent.frame, sent.cursor);
      if (wasFull && !closed) {
        drained.run();
      }
    }

    /** The connection breaks: what was on its way may or may not arrive. */
    void breakAfter(int arriving) {
      closed = true;
      for (int i = 0; i < arriving && !unread.isEmpty(); i++) {
        Sent sent = unread.removeFirst();
        trace.add("  client " + name + " still takes " + sent.frame + " cursor " + sent.cursor);
        take(sent.frame, sent.cursor);
      }
      unread.clear();
    }
  }

  final String name;
  final Filter filter;
  private final List<String> trace;
  Memory memory = new Memory(new HashMap<>(), null, new HashSet<>(), null);
  Connection connection;
  Hub connectedHub;
  Subscription subscription;

  ModelClient(String name, Filter filter, List<String> trace) {
    this.name = name;
    this.filter = filter;
    this.trace = trace;
  }

  boolean connectedTo(Hub hub) {
    return connectedHub == hub;
  }

  boolean isConnected() {
    return subscription != null && !subscription.isClosed();
  }

  private void take(Frame frame, Cursor cursor) {
    if (frame instanceof Frame.Snapshot snapshot) {
      takeSnapshot(snapshot);
    } else if (frame instanceof Frame.RunUpdate update) {
      takeRun(update.run(), update.whole());
    } else if (frame instanceof Frame.Leave leave) {
      takeLeave(leave);
    }
    if (cursor != null) {
      memory = new Memory(memory.rows, cursor, memory.reported, memory.seen);
    }
  }

  private void takeSnapshot(Frame.Snapshot snapshot) {
    if (snapshot.start()) {
      memory = new Memory(memory.rows, memory.cursor, memory.reported, new HashSet<>());
    }
    snapshot.runs().forEach(run -> takeRun(run, true));
    snapshot.left().forEach(this::takeLeave);
    if (snapshot.complete()) {
      if (memory.seen == null) {
        throw new AssertionError("a full read completes that never began");
      }
      memory.rows.keySet().removeIf(id -> !memory.seen.contains(id));
      memory = new Memory(memory.rows, memory.cursor, memory.reported, null);
    }
  }

  void takeRun(Run run, boolean whole) {
    Held held = memory.rows.get(run.id());
    if (memory.seen != null && (whole || held != null)) {
      memory.seen.add(run.id());
    }
    if ((held == null && !whole) || (held != null && held.version > run.version())) {
      return;
    }
    if (held != null && held.version == run.version() && !whole) {
      return;
    }
    Column<String> told = run.contents().payload();
    if (whole && !told.isKnown()) {
      throw new AssertionError("a whole row of " + run.id() + " lacks its payload");
    }
    String payload = told.isKnown() ? told.orNull() : held.payload;
    if (held != null && held.version == run.version() && !payload.equals(held.payload)) {
      throw new AssertionError("two payloads of one version of " + run.id());
    }
    memory.rows.put(
        run.id(), new Held(run.version(), run.status().name(), !run.tags().isEmpty(), payload));
    if (run.status().isFinal()) {
      memory.reported.add(run.id());
    }
  }

  private void takeLeave(Frame.Leave leave) {
    Held held = memory.rows.get(leave.run());
    if (held != null && held.version <= leave.version()) {
      memory.rows.remove(leave.run());
    }
  }
}
