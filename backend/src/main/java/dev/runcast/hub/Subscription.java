package dev.runcast.hub;

import dev.runcast.hub.revocation.Revocable;
import dev.runcast.hub.tally.Recount;
import dev.runcast.hub.tally.Sums;
import dev.runcast.hub.told.Claim;
import dev.runcast.hub.told.Repair;
import dev.runcast.hub.waiting.Telling;
import dev.runcast.run.Filter;
import dev.runcast.run.RunId;
import dev.runcast.run.place.Cursor;
import dev.runcast.run.stream.StreamSelection;
import dev.runcast.wire.CloseCode;
import java.util.Collections;
import java.util.SortedSet;
import org.jspecify.annotations.Nullable;

/**
 * A filter being served, and the states that it goes through. It lets through what its client has
 * not been shown yet, keeps at most one piece of news per run while the client is behind, and knows
 * how far it may say the client has come. It holds no map of the rows it sent.
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

  private final Hub hub;
  private final Filter filter;
  private final Resync resync;
  private final Delivery delivery;
  private final Intake intake;

  private final boolean rows;

  /** Null unless what its client holds is to be repaired. */
  private final @Nullable Repair repair;

  /** Null unless it asks what its feed adds up to. */
  private @Nullable Summed summed;

  private State state = State.OPENING;

  /** What it is opened by; null while it is not, or not yet. */
  private @Nullable CatchUp catchUp;

  /** Not yet known to the hub: {@link Hub#add} makes it so. */
  public Subscription(
      Hub hub, Filter filter, Sink sink, Resync resync, SubscriptionOptions options) {
    this.hub = hub;
    this.filter = filter;
    this.resync = resync;
    this.rows = options.rows();
    this.repair = Repair.of(options.repair(), options.after());
    this.delivery = new Delivery(this, hub, sink, options);
    StreamSelection streams = options.streams();
    ChunkIntake chunks = streams == null ? null : new ChunkIntake(this, hub, streams, delivery);
    this.intake = new Intake(this, hub, options.wholeRows(), chunks, delivery);
    sink.onDrain(this::drained);
  }

  public Filter filter() {
    return filter;
  }

  /** Whether it is told of rows, rather than only of what they add up to. */
  public boolean hasRows() {
    return rows;
  }

  /** Whose chunks are told as well; null for none. */
  public @Nullable StreamSelection streams() {
    ChunkIntake chunks = intake.chunks();
    return chunks == null ? null : chunks.streams();
  }

  /** Whether it ends once a run that is final was sent: then that is told, however old. */
  public boolean stopsOnCompletion() {
    return delivery.stopsOnCompletion();
  }

  /** What becomes of chunks; null where none are told. */
  @Nullable ChunkIntake chunks() {
    return intake.chunks();
  }

  /** What the client would resume with now; null before anything was sent. */
  public @Nullable Cursor lastCursor() {
    return delivery.lastCursor();
  }

  public boolean isClosed() {
    return state == State.CLOSED;
  }

  boolean isOpening() {
    return state == State.OPENING;
  }

  boolean isLive() {
    return state == State.LIVE;
  }

  /** Whether changes reach it as they come and nothing about the past is left to be proven. */
  public boolean isSettled() {
    return state == State.LIVE && delivery.isProven();
  }

  /** Whether it is live with nothing waiting. */
  public boolean isIdle() {
    return state == State.LIVE && delivery.withheld.isEmpty();
  }

  /** For clients that hear by turns: what one that leaves now may claim; null unless it is live. */
  public @Nullable Claim claim() {
    return state == State.LIVE ? delivery.claim() : null;
  }

  // Opening: driven by what reads the table.

  /** Begins to open it; whatever did so before is not wanted any more. */
  public CatchUp open() {
    catchUp = new CatchUp(this, hub, delivery, intake);
    return catchUp;
  }

  /** Goes back to OPENING: all that waits is dropped, the cursor stays. */
  public CatchUp reopen() {
    if (state != State.CLOSED) {
      delivery.clear();
      state = State.OPENING;
      delivery.told.forget();
      hub.audience().settles(this);
    }
    return open();
  }

  /** Whether this is what opens it. */
  boolean isOpenedBy(CatchUp opening) {
    return state == State.OPENING && catchUp == opening;
  }

  /** The parts that are yet to be given anew: all of them, until the cursor moves. */
  public SortedSet<Integer> toRepair() {
    return repair == null ? Collections.emptySortedSet() : repair.left(delivery.lastCursor());
  }

  /** Begins behind a place: what comes from there on is told, and nothing before is asked for. */
  public void beginAfter(Cursor place) {
    delivery.resumeFrom(place);
  }

  /** From here on changes reach it as they come. */
  void isCaughtUp() {
    state = State.LIVE;
    catchUp = null;
  }

  // What its feed adds up to.

  /** Tells that too, from now on; to be called once, after {@link Hub#add}. */
  public void sum(Sums wish, Recount recount) {
    summed = new Summed(this, hub, delivery, wish, recount);
    summed.tellCounts();
  }

  /** Null unless it asks for that. */
  @Nullable Summed summed() {
    return summed;
  }

  // Live: driven by the hub.

  void offer(Telling telling, Telling.Kind kind) {
    if (state == State.LIVE) {
      intake.offer(telling, kind);
    }
  }

  /** A horizon has passed: what it proves need not be remembered, and a hole may be closed. */
  void horizonPassed() {
    if (state == State.SLOW && !delivery.isFull()) {
      readAgain();
    }
    if (state == State.LIVE) {
      intake.horizonPassed();
    }
  }

  /** What the hub's replication session starting anew means: no snapshot can be trusted further. */
  void sessionChanged() {
    if (rows
        && (state == State.OPENING || (state == State.LIVE && delivery.told.restsOnSnapshot()))) {
      readAgain();
    }
  }

  void resyncNow() {
    if (rows && (state == State.OPENING || state == State.LIVE)) {
      readAgain();
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

  // Read again.

  /** What becomes of changes, and of runs that are read for it. */
  public Intake intake() {
    return intake;
  }

  /** Has its feed read, from the last cursor on. */
  void readAgain() {
    resync.again(this);
  }

  /** Has a run read that waits for it. */
  void ask(RunId run) {
    resync.one(this, run);
  }

  // When its client is slow.

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
    hub.audience().stragglers().moves(this);
    if (state == State.SLOW) {
      hub.audience().stragglers().catchesUp(this);
      readAgain();
    } else if (state != State.CLOSED) {
      delivery.drain();
      if (summed != null) {
        summed.tellCounts();
      }
    }
  }

  // Its end.

  /** By whose word it is served, and what becomes of it when that is taken back. */
  public Revocable served() {
    return delivery;
  }

  /** Tells the client why and hangs up. */
  public void end(CloseCode code) {
    if (state != State.CLOSED) {
      close();
      delivery.hangUp(code);
    }
  }

  /** The client is gone, or will be: nothing more is kept or sent. Idempotent. */
  public void close() {
    if (state != State.CLOSED) {
      delivery.clear();
      state = State.CLOSED;
      hub.audience().remove(this);
      if (summed != null) {
        summed.close();
      }
    }
  }
}
