package dev.runcast.hub;

import dev.runcast.hub.log.Pin;
import dev.runcast.hub.revocation.Revocable;
import dev.runcast.hub.tally.Recount;
import dev.runcast.hub.tally.Sums;
import dev.runcast.hub.waiting.ChunkTelling;
import dev.runcast.hub.waiting.Telling;
import dev.runcast.run.ChangeBatch.Committed;
import dev.runcast.run.Filter;
import dev.runcast.run.Run;
import dev.runcast.run.RunId;
import dev.runcast.run.place.Bookmark;
import dev.runcast.run.place.Cursor;
import dev.runcast.run.place.Position;
import dev.runcast.run.place.Visibility;
import dev.runcast.run.revocation.Bearer;
import dev.runcast.run.stream.SegmentAppended;
import dev.runcast.run.stream.StreamSelection;
import dev.runcast.wire.CloseCode;
import dev.runcast.wire.Frame;
import dev.runcast.wire.SharedFrame;
import java.time.Instant;
import java.util.Collections;
import java.util.Set;
import java.util.SortedSet;
import org.jspecify.annotations.Nullable;

/**
 * A filter being served. It lets through what its client has not been shown yet, keeps at most one
 * piece of news per run while the client is behind, and knows how far it may say the client has
 * come. It holds no map of the rows it sent.
 *
 * <p>Owned by the event loop of its hub; every method runs there.
 */
public final class Subscription implements Revocable {
  private enum State {
    OPENING,
    LIVE,
    SLOW,
    CLOSED
  }

  /** Its place in its feed; owned by {@link SubscriptionIndex}. */
  int slot;

  private final Hub hub;
  private final Filter filter;
  private final Sink sink;
  private final Resync resync;
  private final Delivery delivery;
  private final Intake intake;

  private final boolean rows;

  /** Null unless it asks what its feed adds up to. */
  private @Nullable Summed summed;

  /** Null unless what its client holds is to be repaired. */
  private @Nullable Repair repair;

  private State state = State.OPENING;
  private long openings;

  /** Not yet known to the hub: {@link Hub#add} makes it so. */
  public Subscription(
      Hub hub, Filter filter, Sink sink, Resync resync, SubscriptionOptions options) {
    this.hub = hub;
    this.filter = filter;
    this.sink = sink;
    this.resync = resync;
    this.delivery = new Delivery(this, hub, sink, options);
    StreamSelection streams = options.streams();
    ChunkIntake chunks = streams == null ? null : new ChunkIntake(this, hub, streams, delivery);
    this.intake = new Intake(this, hub, options.wholeRows(), chunks, delivery);
    this.rows = options.rows();
    sink.onDrain(this::drained);
  }

  /** Whose chunks are told as well; null for none. */
  public @Nullable StreamSelection streams() {
    return intake.streams();
  }

  public Filter filter() {
    return filter;
  }

  /** Whether it is told of rows, rather than only of what they add up to. */
  public boolean hasRows() {
    return rows;
  }

  /** What the client would resume with now; null before anything was sent. */
  public @Nullable Cursor lastCursor() {
    return delivery.lastCursor();
  }

  /** Whether it ends once a run that is final was sent: then that is told, however old. */
  public boolean stopsOnCompletion() {
    return delivery.stopsOnCompletion();
  }

  public boolean isClosed() {
    return state == State.CLOSED;
  }

  /** Whether changes reach it as they come and nothing about the past is left to be proven. */
  public boolean isSettled() {
    return state == State.LIVE && intake.isProven();
  }

  /** Whether it is live with nothing waiting. */
  public boolean isIdle() {
    return state == State.LIVE && delivery.withheld.isEmpty();
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
      delivery.clear();
      state = State.OPENING;
      delivery.told.forget();
      hub.settled(this);
    }
    return openings;
  }

  /** Whether it is still, or again, waiting for what this opening reads. */
  public boolean isOpening(long opening) {
    return state == State.OPENING && openings == opening;
  }

  /**
   * Has all of these parts of the feed given anew, since what the client holds of them is wrong. To
   * be called once, before it is opened.
   */
  public void repair(Set<Integer> buckets) {
    repair = new Repair(buckets, delivery.lastCursor());
  }

  /** The parts that are yet to be given anew: all of them, until the cursor moves. */
  public SortedSet<Integer> toRepair() {
    return repair == null ? Collections.emptySortedSet() : repair.left(delivery.lastCursor());
  }

  /** Begins behind a place: what comes from there on is told, and nothing before is asked for. */
  public void beginAfter(Cursor place) {
    delivery.resumeFrom(place);
  }

  /** Forgets the cursor: what the client holds can't be gone on from. */
  public void forgetCursor() {
    delivery.resumeFrom(null);
  }

  /** Sends a frame of a read; it counts against no budget, since reads wait for the client. */
  public void emit(SharedFrame frame, @Nullable Cursor cursor) {
    if (state == State.OPENING) {
      delivery.sendOrKeep(frame, null, cursor);
    }
  }

  /** Runs the callback once the client has taken what waits, at once if nothing does. */
  public void whenDrained(Runnable callback) {
    if (state != State.CLOSED) {
      delivery.whenDrained(callback);
    }
  }

  /** Goes live from a cursor whose position the ring covers. */
  public void resume(Cursor cursor) {
    resumeAfter(delivery.told.resume(cursor));
  }

  /** Goes live from a bookmark that the hub covers: leaves out what it says was shown. */
  public void resume(Bookmark bookmark) {
    hub.unsettled(this);
    resumeAfter(delivery.told.resume(bookmark));
    settle();
  }

  private void resumeAfter(Position position) {
    state = State.LIVE;
    hub.heard().transactionsAfter(position, this::offerAgain);
    announceLive();
    hub.placing().ask();
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
    delivery.told.read(snapshot, hub.heard().horizon(), pin.holeFor(snapshot));
    hub.unsettled(this);
    hub.heard().transactionsNotShownBy(snapshot, this::offerAgain);
    announceLive();
    closeHole();
    settle();
    hub.placing().ask();
  }

  private void announceLive() {
    tellPutOff(Long.MAX_VALUE);
    if (state == State.LIVE) {
      delivery.sendOrKeep(hub.freshness(), delivery.told.placeOfLive(hub.heard()), null);
      if (summed != null) {
        summed.live();
      }
    }
  }

  // What its feed adds up to.

  /** Tells that too, from now on; to be called once, after {@link Hub#add}. */
  public void sum(Sums wish, Recount recount) {
    summed = new Summed(this, hub, delivery, wish, recount);
    summed.tellCounts();
  }

  /**
   * Whether this is the time for counts: without rows any time is, with them when they are told.
   */
  boolean takesCounts() {
    return rows ? state == State.LIVE : state != State.CLOSED;
  }

  /** Counts were told: without rows there is nothing more to wait for. */
  void counted() {
    if (!rows && state == State.OPENING) {
      state = State.LIVE;
      delivery.sendOrKeep(hub.freshness(), null, null);
    }
  }

  /** Whether its client has been sent what the log up to here comes to, and nothing else. */
  boolean holdsAllThatWasHeard() {
    return isSettled()
        && delivery.withheld.isEmpty()
        && delivery.isClear()
        && !delivery.told.isAhead(hub.heard());
  }

  // Live: driven by the hub.

  private void offerAgain(Committed transaction) {
    transaction.inOrder(
        change -> {
          if (state == State.LIVE) {
            intake.offerAgain(change);
          }
        },
        appended -> {
          if (state == State.LIVE) {
            intake.offerAgain(appended);
          }
        });
  }

  /**
   * @param late whether the log has told what lies behind it already
   */
  void offer(ChunkTelling telling, boolean late) {
    if (state == State.LIVE) {
      intake.offer(telling, late);
    }
  }

  /** Whether it is told chunks of more than one run. */
  boolean tellsChunksOfSeveral() {
    return rows && streams() != null && !(filter instanceof Filter.ByRun);
  }

  /** The first place of chunks that may be of its feed and can't be told yet; null for none. */
  @Nullable Position unplaced() {
    return tellsChunksOfSeveral()
        ? hub.placing().firstAfter(delivery.claimed(), filter.environment())
        : null;
  }

  /**
   * Whether a read of its feed has shown what this transaction wrote, as far as none has proven it.
   */
  boolean wasShown(long xid) {
    return delivery.told.wasShown(xid);
  }

  /** Whether its client was told of these chunks already. */
  boolean covers(SegmentAppended appended) {
    return delivery.told.covers(appended);
  }

  void offer(Telling telling, Telling.Kind kind) {
    if (state == State.LIVE) {
      intake.offer(telling, kind);
    }
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
    if (state == State.LIVE) {
      intake.readAgain();
    }
  }

  /** Reads once more when everything that the hole may have hidden has become visible. */
  private void closeHole() {
    if (state == State.LIVE && delivery.told.canCloseHole(hub.heard())) {
      resync.again(this);
    }
  }

  /** Lets go of what the newest horizon proves. */
  private void settle() {
    if (state == State.LIVE) {
      delivery.told.horizonPassed(hub.heard().horizon());
      if (isSettled()) {
        hub.settled(this);
      }
    }
  }

  /** What the hub's replication session starting anew means: no snapshot can be trusted further. */
  void sessionChanged() {
    if (rows
        && (state == State.OPENING || (state == State.LIVE && delivery.told.restsOnSnapshot()))) {
      resync.again(this);
    }
  }

  void resyncNow() {
    if (rows && (state == State.OPENING || state == State.LIVE)) {
      resync.again(this);
    }
  }

  /** Tells that the log has gone silent or, to who is live already, that it is heard again. */
  void tellFreshness() {
    tellPutOff(Long.MAX_VALUE);
    if (state == State.LIVE || (state == State.OPENING && hub.isStale())) {
      delivery.sendOrKeep(hub.freshness(), null, null);
    }
  }

  /**
   * Tells what was put off for a client that samples, and is due by now.
   *
   * @return when more will be; never for {@link Long#MAX_VALUE}
   */
  long tellPutOff(long now) {
    return state == State.LIVE ? intake.tellPutOff(now) : Long.MAX_VALUE;
  }

  /** For clients that hear by turns: what one that leaves now may claim; null unless it is live. */
  public @Nullable Claim claim() {
    return state == State.LIVE ? new Claim(delivery, hub.heard()) : null;
  }

  // Runs that are read on their own.

  /**
   * Answers {@link Resync#one}. A snapshot that does not show the change yet is asked again: at
   * once if more news came meanwhile, otherwise with the next horizon.
   *
   * @param asked the version of the newest news when the read was asked for
   */
  public void readOne(RunId id, long asked, Visibility snapshot, @Nullable Run row) {
    if (state == State.LIVE) {
      intake.takeOne(id, asked, snapshot, row);
      settle();
    }
  }

  /** Has a run read that waits for it. */
  void ask(RunId run) {
    resync.one(this, run);
  }

  /**
   * Begins to read a run of which the chunks are told first; null if nothing waits for that, or it
   * is under way.
   */
  public @Nullable RunToRead beginReading(RunId run) {
    return state == State.LIVE ? intake.beginReading(run) : null;
  }

  void readRun(RunToRead read, Visibility snapshot, @Nullable Run row, Pin pin) {
    if (state == State.LIVE) {
      intake.takeRead(read, snapshot, row, pin);
      settle();
    }
  }

  boolean isLive() {
    return state == State.LIVE;
  }

  /** The version of the newest news of a run that waits to be read; 0 if it does not. */
  public long versionToRead(RunId run) {
    return intake.versionToRead(run);
  }

  /**
   * Over the budget, everything is dropped. The client is read for again once it has drained; if it
   * is not the client that is slow but what it waits for, with the next horizon.
   */
  void checkBudget() {
    if (state == State.LIVE && delivery.isOverBudget()) {
      state = State.SLOW;
      delivery.giveUp();
    }
  }

  private void drained() {
    hub.stragglers().moves(this);
    if (state == State.SLOW) {
      hub.stragglers().catchesUp(this);
      resync.again(this);
    } else if (state != State.CLOSED) {
      delivery.drain();
      if (summed != null) {
        summed.tellCounts();
      }
    }
  }

  @Override
  public Bearer bearer() {
    return sink.bearer();
  }

  /** What waits is dropped with it: it was committed before, and is told to nobody now. */
  @Override
  public void revoke(@Nullable Position position) {
    if (state != State.CLOSED) {
      close();
      sink.revoke(position);
    }
  }

  @Override
  public void warnOfEnd(Instant end) {
    if (state == State.LIVE || state == State.OPENING) {
      delivery.sendOrKeep(new SharedFrame(new Frame.TokenExpiring(end)), null, null);
    }
  }

  @Override
  public void expire() {
    end(CloseCode.TOKEN_EXPIRED);
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
      delivery.clear();
      state = State.CLOSED;
      hub.remove(this);
      if (summed != null) {
        summed.close();
      }
    }
  }
}
