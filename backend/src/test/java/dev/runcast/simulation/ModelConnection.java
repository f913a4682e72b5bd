package dev.runcast.simulation;

import dev.runcast.hub.Hub;
import dev.runcast.hub.Sink;
import dev.runcast.hub.Subscription;
import dev.runcast.run.RunId;
import dev.runcast.run.place.Cursor;
import dev.runcast.run.place.Incarnation;
import dev.runcast.run.place.Position;
import dev.runcast.run.revocation.Bearer;
import dev.runcast.wire.CloseCode;
import dev.runcast.wire.Frame;
import dev.runcast.wire.SharedFrame;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Random;
import java.util.Set;

/** One connection of a client: takes a few frames before it is full, and breaks or is closed. */
final class ModelConnection implements Sink {
  /**
   * @param of the history that the node had heard when it sent this; null for none
   * @param ordered whether it knew of the last crash then: what is read before may leave out what
   *     was written since by transaction ids that were given out a second time
   */
  private record Sent(Frame frame, Cursor cursor, Incarnation of, boolean ordered) {}

  private final ModelClient client;
  private final ModelNode node;
  private final Hub hub;
  private final ModelReader reader;
  private final boolean generous;
  private final int capacity;
  private final Duration patience;
  private final InstantSource clock;
  private final Random random;
  private final Trace trace;
  private final Deque<Sent> unread = new ArrayDeque<>();
  private final Map<RunId, Long> told = new HashMap<>();

  /** Runs that it was told of and that have not left since. */
  private final Set<RunId> present = new HashSet<>();

  /** When it was last told of a run, as far as its pace can be held against that. */
  private final Map<RunId, Instant> toldAt = new HashMap<>();

  /** What it was told too soon, unless it is told in the same step that nothing more is to come. */
  private Frame toldTooSoon;

  /** Of each stream, the number after the last that was told. */
  private final Map<String, Long> toldChunks = new HashMap<>();

  private boolean steady;
  private Runnable drained = () -> {};
  private CloseCode closedWith;
  private boolean broken;
  private boolean live;
  private Instant lastTook;
  private Frame lastTaken;
  private Cursor lastCursor;

  /** Whether the sink is not full any more and has not said so yet. */
  private boolean drainDue;

  private boolean draining;

  /** Whether it lets one step of others pass before it says so. */
  private boolean drainLate;

  Subscription subscription;

  /**
   * @param capacity how many frames wait for the client before the sink is full
   * @param patience how long the service must bear with a client that takes nothing
   */
  ModelConnection(
      ModelClient client, ModelNode node, int capacity, Duration patience, InstantSource clock) {
    this.client = client;
    this.node = node;
    this.hub = node.hub;
    this.reader = node.reader;
    this.generous = node.isGenerous();
    this.capacity = capacity;
    this.patience = patience;
    this.clock = clock;
    this.random = node.random;
    this.trace = client.trace;
    this.lastTook = clock.instant();
    resumeFrom(client.memory.cursor());
  }

  /** Who goes on from a place in the log is told of nothing again that it held there. */
  private void resumeFrom(Cursor cursor) {
    if (cursor != null
        && hub.heard().covers(cursor)
        && client.wish != ModelClient.Wish.UNTIL_DONE) {
      told.putAll(client.versionsAtCursor());
      toldChunks.putAll(
          client.memory.chunks().nextOf(each -> !each.position().isAfter(cursor.position())));
    }
  }

  @Override
  public void write(SharedFrame frame, Cursor cursor) {
    if (isFull()) {
      throw new AssertionError(client.name + " is sent more than it takes");
    }
    if (closedWith == null && !broken) {
      checkProgress(frame.frame(), cursor);
      checkPace(frame.frame());
      if (isCurrent()) {
        client.checkMayBeTold(frame.frame(), isToldByTheLog(frame.frame()));
      }
      Incarnation of = hub.heard().incarnation().orElse(null);
      unread.addLast(new Sent(frame.frame(), cursor, of, node.knowsOfTheLastCrash()));
      noteVersions(frame.frame());
    }
  }

  /**
   * Who samples is not told sooner than it likes of what is not final: unless it was slow, or it is
   * a read that answers, or what is said next is that nothing more is to be told.
   */
  private void checkPace(Frame frame) {
    if (frame instanceof Frame.RunUpdate update) {
      Instant before = toldAt.put(update.run().id(), clock.instant());
      boolean soon = before != null && before.plus(client.sample).isAfter(clock.instant());
      if (soon && generous && !reader.isAnswering() && !update.run().status().isFinal()) {
        toldTooSoon = update;
      }
      if (reader.isAnswering()) {
        toldAt.remove(update.run().id());
      }
    } else if (!(frame instanceof Frame.Leave || frame instanceof Frame.Counts)) {
      toldAt.clear();
      toldTooSoon = null;
    }
  }

  /** What had waited for the client may be of a read, unless it says where in the log it is. */
  private boolean isToldByTheLog(Frame frame) {
    boolean hasPlace = frame instanceof Frame.RunUpdate update && update.lsn() != null;
    return hasPlace || !(draining || reader.isAnswering());
  }

  /** Until a node has heard that Postgres was restored it tells of two histories at once. */
  private boolean isCurrent() {
    return hub.heard().incarnation().filter(client::knows).isPresent();
  }

  /**
   * From change to change cursors only ever move on. What a client came with, and a read repeats,
   * may claim more than what follows: a lagging hub knows of no newer horizon.
   */
  private void checkProgress(Frame frame, Cursor cursor) {
    boolean isRead =
        frame instanceof Frame.Snapshot
            || (frame instanceof Frame.Counts counts && counts.committedAt() == null)
            || (frame instanceof Frame.Chunk && (cursor == null || cursor.position() == null));
    if (isRead) {
      lastCursor = null;
    }
    if (isRead || frame instanceof Frame.Stale) {
      return;
    }
    Cursor before = lastCursor;
    if (before != null
        && cursor != null
        && isCurrent()
        && before.incarnation().equals(cursor.incarnation())
        && (cursor.horizon() < before.horizon() || goesBack(before, cursor))) {
      throw new AssertionError(client.name + " is sent back from " + before + " to " + cursor);
    }
    lastCursor = cursor;
  }

  private static boolean goesBack(Cursor before, Cursor after) {
    return before.position() != null
        && after.position() != null
        && before.position().isAfter(after.position());
  }

  /** Right after the subscription was opened. */
  void opened() {
    boolean knows =
        unread.stream().anyMatch(sent -> sent.frame instanceof Frame.Stale) || !hub.isStale();
    if (!knows) {
      throw new AssertionError(client.name + " is not told that the log is silent");
    }
  }

  private void noteVersions(Frame frame) {
    if (frame instanceof Frame.Snapshot snapshot) {
      if (snapshot.start()) {
        told.clear();
        present.clear();
        toldChunks.clear();
      }
      snapshot.runs().forEach(run -> told.put(run.id(), run.version()));
      snapshot.runs().forEach(run -> present.add(run.id()));
      snapshot.left().forEach(leave -> told.remove(leave.run()));
      snapshot.left().forEach(leave -> present.remove(leave.run()));
    } else if (frame instanceof Frame.RunUpdate update) {
      noteVersion(update.run().id(), update.run().version());
      present.add(update.run().id());
    } else if (frame instanceof Frame.Leave leave) {
      present.remove(leave.run());
      noteVersion(leave.run(), leave.version());
    } else if (frame instanceof Frame.Chunk chunk) {
      noteChunks(chunk);
    }
  }

  private void noteChunks(Frame.Chunk chunk) {
    long next = chunk.seq() + chunk.chunks().split("\n", -1).length;
    Long before = toldChunks.put(chunk.run() + " " + chunk.stream(), next);
    boolean isNews = steady && !draining && !reader.isAnswering();
    if (isNews && isCurrent() && before != null && before > chunk.seq()) {
      throw new AssertionError(client.name + " is told again of " + chunk);
    }
  }

  private void noteVersion(RunId run, long version) {
    Long before = told.put(run, version);
    if (steady && isCurrent() && !reader.isAnswering() && before != null && before >= version) {
      throw new AssertionError(client.name + " is told again of version " + version + " of " + run);
    }
  }

  /**
   * To be called after each step. While nothing waits, and no read answers, versions only rise: the
   * stream tells nothing that a read has shown.
   */
  void stepIsOver() {
    if (!drainLate) {
      tellDrained();
    }
    drainLate = false;
    steady = subscription.isIdle();
    if (toldTooSoon != null && !isFull() && !drainDue) {
      throw new AssertionError(client.name + " is told too soon of " + toldTooSoon);
    }
    toldTooSoon = null;
    if (subscription.isSettled() && !isFull() && !drainDue && isCurrent() && !broken) {
      checkUrgent();
    }
  }

  /** Whatever is put off for who samples: what is final is not, nor what leaves. */
  private void checkUrgent() {
    Cursor heard = hub.heard().now().orElseThrow();
    if (client.wish == ModelClient.Wish.ALL && !client.isAheadOf(heard)) {
      client.checkUrgent(heard.position(), told, present);
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
  public Bearer bearer() {
    return client.bearer();
  }

  @Override
  public void revoke(Position position) {
    client.checkRevoked(position, isCurrent());
    close(CloseCode.REVOKED);
  }

  @Override
  public void close(CloseCode code) {
    trace.add(() -> client.name + " is hung up on: " + code);
    if (code == CloseCode.SLOW_CONSUMER
        && !(isFull() && lastTook.plus(patience).isBefore(clock.instant()))) {
      throw new AssertionError(client.name + " is called slow though it is not");
    }
    closedWith = code;
  }

  boolean isTo(Hub asked) {
    return hub == asked;
  }

  boolean hasUnread() {
    return !unread.isEmpty();
  }

  /** Whether the last that was said about freshness is that changes come as they happen. */
  boolean isLive() {
    return live;
  }

  /** Whether the service has hung up. */
  boolean isClosed() {
    return closedWith != null;
  }

  void readOne() {
    boolean wasFull = isFull();
    takeNext();
    drainDue |= wasFull;
    drainLate = !unread.isEmpty() && random.nextInt(4) == 0;
    if (!drainLate) {
      tellDrained();
    }
    if (unread.isEmpty() && subscription.isIdle() && live == hub.isStale()) {
      throw new AssertionError(client.name + " knows nothing of the log's silence or of its end");
    }
  }

  void tellDrained() {
    if (drainDue && closedWith == null) {
      drainDue = false;
      draining = true;
      drained.run();
      draining = false;
      // What had waited was told of earlier than it was sent.
      toldAt.clear();
    }
  }

  /** The connection breaks: of what was on its way only this much arrives. */
  void breakAfter(int arriving) {
    broken = true;
    for (int i = 0; i < arriving && !unread.isEmpty(); i++) {
      takeNext();
    }
    unread.clear();
  }

  private void takeNext() {
    Sent sent = unread.removeFirst();
    trace.add(() -> "  " + client.name + " takes " + sent.frame + " cursor " + sent.cursor);
    lastTook = clock.instant();
    lastTaken = sent.frame;
    if (sent.frame instanceof Frame.Live || sent.frame instanceof Frame.Stale) {
      live = sent.frame instanceof Frame.Live;
    }
    boolean current = sent.of != null && client.knows(sent.of);
    client.take(sent.frame, sent.cursor, current, sent.ordered);
    checkEnd();
  }

  /** Who asked to stop on completion is told of it last, and then hung up on. */
  private void checkEnd() {
    boolean done = client.wish == ModelClient.Wish.UNTIL_DONE && lastTaken.tellsCompletion();
    boolean last = closedWith == CloseCode.RUN_FINISHED && unread.isEmpty();
    if (done != last && !broken) {
      throw new AssertionError(
          client.name + (done ? " goes on after" : " is stopped before") + " the final state");
    }
  }
}
