package dev.runcast.hub;

import dev.runcast.run.Cursor;
import dev.runcast.run.Filter;
import dev.runcast.run.Lsn;
import dev.runcast.run.Position;
import dev.runcast.run.Run;
import dev.runcast.run.RunChanged;
import dev.runcast.run.RunId;
import dev.runcast.run.Visibility;
import dev.runcast.wire.CloseCode;
import dev.runcast.wire.Frame;
import dev.runcast.wire.SharedFrame;
import org.jspecify.annotations.Nullable;

/**
 * A filter being served. It lets through what its client has not been shown yet, keeps at most one
 * piece of news per run while the client is behind, and knows how far it may say the client has
 * come. It holds no map of the rows it sent.
 *
 * <p>Owned by the event loop of its hub; every method runs there.
 */
public final class Subscription {

  private enum State {
    OPENING,
    LIVE,
    SLOW,
    CLOSED
  }

  /** Its place in its feed; owned by {@link SubscriptionIndex}. */
  int slot;

  /** Since when its client has taken nothing, in ms of the hub's clock; owned by {@link Hub}. */
  long behindSince;

  private final Hub hub;
  private final Filter filter;
  private final Sink sink;
  private final Resync resync;
  private final boolean wholeRows;
  private final boolean stopOnCompletion;

  private State state = State.OPENING;
  private long openings;

  /** What reads have shown and no horizon has proven yet; null once everything is proven. */
  private @Nullable Shown shown;

  /** News that waits for its run to be read; null when there is none. */
  private @Nullable Unread unread;

  private @Nullable Outbox outbox;

  /** Changes up to here were sent before this connection. */
  private @Nullable Position resumedAfter;

  /** The greatest place sent. */
  private @Nullable Position reached;

  /** The horizon that the last read was complete at. */
  private long base;

  /** The hole that the last read may have missed something in; 0 for none. */
  private long hole;

  private @Nullable Cursor lastCursor;
  private @Nullable Runnable whenDrained;

  /** Not yet known to the hub: {@link Hub#add} makes it so. */
  public Subscription(Hub hub, Filter filter, Sink sink, Resync resync, Options options) {
    this.hub = hub;
    this.filter = filter;
    this.sink = sink;
    this.resync = resync;
    this.wholeRows = options.wholeRows;
    this.stopOnCompletion = options.stopOnCompletion;
    this.lastCursor = options.after;
    sink.onDrain(this::drained);
  }

  /**
   * How a client came.
   *
   * @param after the cursor to go on from; null for none
   * @param wholeRows whether every row must be sent whole, since the client may hold none of them
   * @param stopOnCompletion whether to hang up once a run that is final was sent
   */
  public record Options(@Nullable Cursor after, boolean wholeRows, boolean stopOnCompletion) {}

  public Filter filter() {
    return filter;
  }

  /** What the client would resume with now; null before anything was sent. */
  public @Nullable Cursor lastCursor() {
    return lastCursor;
  }

  public boolean isClosed() {
    return state == State.CLOSED;
  }

  /** Whether changes reach it as they come and nothing about the past is left to be proven. */
  public boolean isSettled() {
    return state == State.LIVE && shown == null && hole == 0 && unread == null;
  }

  /** Whether it is live with nothing waiting. */
  public boolean isIdle() {
    return state == State.LIVE && unread == null && outboxIsEmpty();
  }

  // Opening: driven by what reads the table.

  /**
   * Goes back to OPENING: all that waits is dropped, the cursor stays.
   *
   * @return what {@link #isOpening} tells this opening by
   */
  public long reopen() {
    openings++;
    if (state != State.CLOSED) {
      dropWaiting();
      state = State.OPENING;
      shown = null;
      resumedAfter = null;
      reached = null;
      hole = 0;
      hub.settled(this);
    }
    return openings;
  }

  /** Whether it is still, or again, waiting for what this opening reads. */
  public boolean isOpening(long opening) {
    return state == State.OPENING && openings == opening;
  }

  /** Forgets the cursor: what the client holds can't be gone on from. */
  public void forgetCursor() {
    lastCursor = null;
  }

  /**
   * Sends a frame of a read. Not counted against the budget: reads wait for {@link #whenDrained}.
   */
  public void emit(SharedFrame frame, @Nullable Cursor cursor) {
    if (state == State.OPENING) {
      sendOrKeep(frame, null, cursor);
    }
  }

  /** Runs the callback once the client has taken what waits, at once if nothing does. */
  public void whenDrained(Runnable callback) {
    if (state == State.CLOSED) {
      return;
    }
    if (outboxIsEmpty() && !sink.isFull()) {
      callback.run();
    } else {
      whenDrained = callback;
      hub.fallsBehind(this);
    }
  }

  /** Goes live from a cursor whose position the ring covers. */
  public void resume(Cursor cursor) {
    Position position = cursor.position();
    if (position == null) {
      throw new IllegalArgumentException("only a cursor with a position can be resumed from");
    }
    state = State.LIVE;
    resumedAfter = position;
    reached = position;
    base = cursor.horizon();
    hub.recent().after(position, this::offerAgain);
    announceLive();
  }

  /**
   * Goes live after a read: replays what its snapshot does not show.
   *
   * @param pin held since the read began
   */
  public void goLive(Visibility snapshot, Pin pin) {
    if (state != State.OPENING) {
      return;
    }
    state = State.LIVE;
    shown = new Shown(snapshot);
    base = Math.min(snapshot.xmin(), hub.horizon());
    hole = pin.holeFor(snapshot);
    reached = new Position(Lsn.ZERO, 0);
    hub.unsettled(this);
    hub.recent().notShownBy(snapshot, this::offerAgain);
    announceLive();
    closeHole();
    settle();
  }

  private void announceLive() {
    if (state == State.LIVE) {
      Position now = Position.endOf(hub.last());
      Position known = resumedAfter;
      sendOrKeep(hub.freshness(), known != null && known.isAfter(now) ? known : now, null);
    }
  }

  // Live: driven by the hub.

  private void offerAgain(RunChanged change) {
    if (state != State.LIVE || !filter.inScope(change.run())) {
      return;
    }
    boolean now = filter.matches(change.run());
    boolean before = filter.matchedBefore(change);
    if (now || before) {
      offer(hub.telling(change), Telling.Kind.of(now, before));
    }
  }

  void offer(Telling telling, Telling.Kind kind) {
    RunChanged change = telling.change();
    if (state != State.LIVE || wasTold(change)) {
      return;
    }
    Telling.Kind told = wholeRows && kind == Telling.Kind.UPDATE ? Telling.Kind.ENTRY : kind;
    boolean incomplete = told == Telling.Kind.ENTRY && !change.run().isWhole();
    if (isSettled() && outboxIsEmpty() && !incomplete && !sink.isFull()) {
      sendAtOnce(telling, told);
    } else {
      keep(telling, kind);
    }
  }

  /** The common case: nothing is held back, so everybody shares frame and cursor. */
  private void sendAtOnce(Telling telling, Telling.Kind kind) {
    reached = telling.change().position();
    Cursor shared = telling.cursor();
    lastCursor =
        base <= shared.horizon()
            ? shared
            : new Cursor(shared.incarnation(), base, shared.position(), null);
    SharedFrame frame = telling.frame(kind);
    sink.write(frame, lastCursor);
    stopIfFinished(frame.frame());
  }

  private void keep(Telling telling, Telling.Kind kind) {
    RunId run = telling.change().run().id();
    Pending news = Pending.of(telling, kind);
    Pending earlier = takeUnread(run);
    if (earlier == null && outbox != null) {
      earlier = outbox.takeNews(run);
    }
    if (earlier != null) {
      news = news.merging(earlier);
    }
    if (wholeRows) {
      news = news.asEntry();
    }
    if (news.needsReading() || (hole != 0 && news.kind() != Telling.Kind.LEAVE)) {
      readFirst(news.toBeRead());
    } else {
      sendOrKeep(news);
    }
    checkBudget();
  }

  private boolean wasTold(RunChanged change) {
    if (resumedAfter != null && !change.position().isAfter(resumedAfter)) {
      return true;
    }
    return shown != null && shown.shows(change);
  }

  /** A horizon has passed: what it proves need not be remembered, and a hole may be closed. */
  void horizonPassed() {
    if (state == State.SLOW && !sink.isFull()) {
      resync.again(this);
    }
    if (state != State.LIVE) {
      return;
    }
    closeHole();
    settle();
    if (state == State.LIVE && unread != null) {
      unread.runs().forEach(run -> resync.one(this, run));
    }
  }

  /** Reads once more when everything that the hole may have hidden has become visible. */
  private void closeHole() {
    if (state != State.LIVE || hole == 0) {
      return;
    }
    hole = hole == Hub.UNKNOWN_HOLE ? hub.hole() : hole;
    if (hole == 0 || (hub.hole() == 0 && hub.horizon() >= hole)) {
      resync.again(this);
    }
  }

  /** Lets go of what the newest horizon proves. */
  private void settle() {
    if (state == State.LIVE && shown != null) {
      shown.horizonPassed(hub.horizon());
      shown = shown.isProven() ? null : shown;
    }
    if (isSettled()) {
      hub.settled(this);
    }
  }

  /** What the hub's replication session starting anew means: no snapshot can be trusted further. */
  void sessionChanged() {
    if (state == State.OPENING || (state == State.LIVE && shown != null)) {
      resync.again(this);
    }
  }

  void resyncNow() {
    if (state == State.OPENING || state == State.LIVE) {
      resync.again(this);
    }
  }

  /** Tells that the log has gone silent or, to who is live already, that it is heard again. */
  void tellFreshness() {
    if (state == State.LIVE || (state == State.OPENING && hub.isStale())) {
      sendOrKeep(hub.freshness(), null, null);
    }
  }

  // Runs that are read on their own.

  /**
   * Answers {@link Resync#one}. A snapshot that does not show the change yet is asked again: at
   * once if more news came meanwhile, otherwise with the next horizon.
   *
   * @param asked the version of the newest news when the read was asked for
   */
  public void readOne(RunId id, long asked, Visibility snapshot, @Nullable Run row) {
    Pending news = unread == null ? null : unread.get(id);
    if (state != State.LIVE || news == null) {
      return;
    }
    if (row == null ? !snapshot.shows(news.newest().xid()) : row.version() < news.run().version()) {
      if (news.run().version() > asked) {
        resync.one(this, id);
      }
      return;
    }
    takeUnread(id);
    shown = shown == null ? new Shown(null) : shown;
    shown.one(id, snapshot);
    hub.unsettled(this);
    sendOrKeep(row == null ? news.gone() : news.read(row, filter.matches(row)));
    settle();
  }

  /** The version of the newest news of a run that waits to be read; 0 if it does not. */
  public long versionToRead(RunId run) {
    Pending news = unread == null ? null : unread.get(run);
    return news == null ? 0 : news.run().version();
  }

  private void readFirst(Pending news) {
    unread = unread == null ? new Unread() : unread;
    unread.put(news);
    hub.unsettled(this);
    resync.one(this, news.run().id());
  }

  private @Nullable Pending takeUnread(RunId run) {
    if (unread == null) {
      return null;
    }
    Pending taken = unread.take(run);
    unread = unread.isEmpty() ? null : unread;
    return taken;
  }

  // Towards the client.

  private void sendOrKeep(Pending news) {
    SharedFrame frame = news.frame();
    if (outboxIsEmpty() && !sink.isFull()) {
      send(frame, news.newest().position(), null);
    } else {
      waiting().addNews(news, frame);
    }
  }

  private void sendOrKeep(SharedFrame frame, @Nullable Position newest, @Nullable Cursor cursor) {
    if (outboxIsEmpty() && !sink.isFull()) {
      send(frame, newest, cursor);
    } else {
      waiting().addFrame(frame, newest, cursor);
    }
  }

  private Outbox waiting() {
    if (outbox == null) {
      outbox = new Outbox();
    }
    hub.fallsBehind(this);
    return outbox;
  }

  private void send(SharedFrame frame, @Nullable Position newest, @Nullable Cursor cursor) {
    if (newest != null && state == State.LIVE) {
      reached = reached == null || newest.isAfter(reached) ? newest : reached;
      lastCursor = cursorNow();
    } else if (cursor != null) {
      lastCursor = cursor;
    }
    sink.write(frame, lastCursor);
    stopIfFinished(frame.frame());
  }

  /** The greatest cursor before which nothing is withheld. */
  private Cursor cursorNow() {
    var incarnation = hub.requireIncarnation();
    if (hole != 0) {
      return Cursor.ofRead(incarnation, base);
    }
    Position place = reached == null ? Position.endOf(hub.last()) : reached;
    Position withheld = oldestWithheld();
    if (withheld != null && !withheld.isAfter(place)) {
      place = withheld.before();
    }
    long horizon = Math.max(base, hub.horizonAt(place));
    return shown != null
        ? Cursor.ofRead(incarnation, horizon)
        : new Cursor(incarnation, horizon, place, null);
  }

  private @Nullable Position oldestWithheld() {
    Position kept = outbox == null ? null : outbox.oldest();
    Position awaited = unread == null ? null : unread.oldest();
    if (kept == null || awaited == null) {
      return kept == null ? awaited : kept;
    }
    return kept.isAfter(awaited) ? awaited : kept;
  }

  /**
   * Over the budget, everything is dropped. The client is read for again once it has drained; if it
   * is not the client that is slow but what it waits for, with the next horizon.
   */
  private void checkBudget() {
    long weight = (outbox == null ? 0 : outbox.weight()) + (unread == null ? 0 : unread.weight());
    if (weight <= hub.outboxBudget() || state != State.LIVE) {
      return;
    }
    dropWaiting();
    state = State.SLOW;
    if (sink.isFull()) {
      hub.fallsBehind(this);
      hub.countSlow();
    } else {
      hub.unsettled(this);
    }
  }

  private void drained() {
    if (state == State.CLOSED) {
      return;
    }
    hub.moves(this);
    if (state == State.SLOW) {
      hub.catchesUp(this);
      resync.again(this);
      return;
    }
    while (outbox != null && !sink.isFull()) {
      Outbox.Waiting next = outbox.poll();
      if (next == null) {
        outbox = null;
      } else {
        send(next.frame(), next.newest(), next.cursor());
      }
    }
    if (outboxIsEmpty() && !sink.isFull()) {
      hub.catchesUp(this);
      Runnable callback = whenDrained;
      whenDrained = null;
      if (callback != null) {
        callback.run();
      }
    }
  }

  private boolean outboxIsEmpty() {
    return outbox == null || outbox.isEmpty();
  }

  private void dropWaiting() {
    outbox = null;
    unread = null;
    whenDrained = null;
  }

  // The end.

  private void stopIfFinished(Frame frame) {
    if (stopOnCompletion && frame.tellsCompletion()) {
      end(CloseCode.RUN_FINISHED);
    }
  }

  /** Tells the client why and hangs up. */
  public void end(CloseCode code) {
    if (state != State.CLOSED) {
      close();
      sink.close(code);
    }
  }

  /** The client is gone, or will be: nothing more is kept or sent. Idempotent. */
  public void close() {
    if (state != State.CLOSED) {
      dropWaiting();
      state = State.CLOSED;
      hub.remove(this);
    }
  }
}
