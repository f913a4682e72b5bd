package dev.runcast.hub.log;

import dev.runcast.run.ChangeBatch;
import dev.runcast.run.ChangeBatch.Committed;
import dev.runcast.run.ChangeBatch.Oversized;
import dev.runcast.run.place.Bookmark;
import dev.runcast.run.place.Cursor;
import dev.runcast.run.place.Incarnation;
import dev.runcast.run.place.Lsn;
import dev.runcast.run.place.Position;
import dev.runcast.run.place.Visibility;
import dev.runcast.run.stream.SegmentAppended;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * How far a hub has heard the log, what of it is still in memory, and the hole: the bound below
 * which something may have passed unheard. Owned by the hub's event loop.
 */
public final class HeardLog {
  /** A hole of which only is known that it ends with the first horizon's {@code next}. */
  public static final long UNKNOWN_HOLE = Long.MAX_VALUE;

  private final Lineage lineage = new Lineage();
  private final Horizons horizons = new Horizons();
  private final RecentChanges recent;
  private final Set<Pin> pins = new LinkedHashSet<>();
  private final Arrivals arrivals = new Arrivals();
  private final Hole hole = new Hole();

  /** The same without what the ring let go of, which was heard. */
  private final Hole unheard = new Hole();

  private long gaps;

  /**
   * @param ringBytes the recent past that a reconnecting client resumes from without a read
   * @param unprovenBytes changes that a read may not show yet, beside the ring
   */
  public HeardLog(long ringBytes, long unprovenBytes) {
    this.recent = new RecentChanges(ringBytes, unprovenBytes);
  }

  // What comes.

  /**
   * Judges the next batch and moves to its start; where something is missing, begins anew there.
   */
  public Lineage.Verdict follow(ChangeBatch batch) {
    Lineage.Verdict verdict = lineage.follow(batch);
    switch (verdict) {
      case FIRST -> beginAnew(batch.prev());
      case GAP -> {
        gaps++;
        beginAnew(batch.prev());
      }
      case NEW_INCARNATION -> {
        horizons.forget();
        arrivals.forget();
        beginAnew(batch.prev());
      }
      case NEW_SESSION, CONTINUE, DUPLICATE -> {}
    }
    return verdict;
  }

  /** Moves on to a place; false if it was reached before. */
  public boolean advance(Lsn lsn) {
    boolean isNew = lsn.isAfter(lineage.last());
    lineage.advance(lsn);
    return isNew;
  }

  /** Remembers a transaction. */
  public void add(Committed transaction) {
    recent.add(transaction);
    arrivals.hear(transaction.xid());
    trimRing();
  }

  /** A transaction of which the changes were not told. */
  public void missed(Oversized transaction) {
    recent.barrierAt(transaction.lsn());
    arrivals.hear(transaction.xid());
    unheard.open(transaction.xid() + 1);
    openHole(transaction.xid() + 1);
  }

  /** A horizon came back: it proves what lies below it, and closes or bounds the hole. */
  public void pass(ChangeBatch.Horizon passed) {
    horizons.pass(passed);
    arrivals.pass(horizons.newest());
    hole.pass(passed, horizons.newest());
    unheard.pass(passed, horizons.newest());
    trimRing();
  }

  private void beginAnew(Lsn start) {
    recent.restartAt(start);
    lineage.advance(start);
    unheard.open(UNKNOWN_HOLE);
    openHole(UNKNOWN_HOLE);
  }

  private void trimRing() {
    long letGo = recent.trim(horizons.newest());
    if (letGo != 0) {
      openHole(letGo + 1);
    }
  }

  private void openHole(long bound) {
    hole.open(bound);
    pins.forEach(pin -> pin.openHole(bound));
  }

  // What is known.

  /** The history that was heard last; empty before anything was. */
  public Optional<Incarnation> incarnation() {
    return Optional.ofNullable(lineage.incarnation());
  }

  /** The history that was heard last, where something must have been. */
  public Incarnation requireIncarnation() {
    @Nullable Incarnation incarnation = lineage.incarnation();
    if (incarnation == null) {
      throw new IllegalStateException("nothing was heard from the log yet");
    }
    return incarnation;
  }

  /** The place up to which everything was heard. */
  public Lsn last() {
    return lineage.last();
  }

  /** The newest replication session that was heard of in this history. */
  public long session() {
    return lineage.session();
  }

  /** Which horizons came back. */
  public Horizons horizons() {
    return horizons;
  }

  /** The newest horizon: every transaction with a smaller xid has passed; 0 before the first. */
  public long horizon() {
    return horizons.newest();
  }

  /**
   * Whether this transaction id will not be given out any more, whatever happens to Postgres: the
   * log that was heard holds a greater one, and a crash takes back only ids beyond those that the
   * log holds. So within one session of the replication it stands for one transaction.
   */
  public boolean isGivenOutForGood(long xid) {
    return xid < horizons.next();
  }

  /** The newest horizon that may be claimed along with a place. */
  public long horizonAt(Position place) {
    return place.isEnd() ? horizons.upTo(place.lsn()) : horizons.before(place.lsn());
  }

  /**
   * A transaction with an xid below this may have passed unheard; 0 when none has, {@link
   * #UNKNOWN_HOLE} while the bound is not known.
   */
  public long hole() {
    return hole.bound();
  }

  /** How often batches were missing. */
  public long gapCount() {
    return gaps;
  }

  /** Which transactions were heard, and who waits for one. */
  public Arrivals arrivals() {
    return arrivals;
  }

  /** The hole without what the ring let go of: that was heard, though it is not in memory. */
  public Hole unheard() {
    return unheard;
  }

  /** The cursor of whoever was sent everything up to and with this place. */
  public Cursor cursorOf(Position position) {
    return new Cursor(requireIncarnation(), horizons.before(position.lsn()), position, null);
  }

  /** The place that has been reached, as a cursor; empty before anything was heard. */
  public Optional<Cursor> now() {
    return incarnation()
        .map(
            incarnation ->
                new Cursor(incarnation, horizons.newest(), Position.endOf(lineage.last()), null));
  }

  // What is in memory.

  /** Whether a client can go on from this cursor without a read. */
  public boolean covers(Cursor cursor) {
    return cursor.position() != null
        && cursor.incarnation().equals(lineage.incarnation())
        && recent.coversAllAfter(cursor.position());
  }

  /** Whether a client can go on from this bookmark without a read. */
  public boolean covers(Bookmark bookmark) {
    return covers(bookmark.cursor()) && (bookmark.shown() == null || trusts(bookmark));
  }

  /**
   * Whether a row that was written by this transaction is one that the bookmark's read showed. Only
   * for a transaction id that the log has passed for good: any other may have been given out a
   * second time by a crash that this hub has not heard of, so that the read showed another row.
   */
  public boolean wasShown(Bookmark bookmark, long xid) {
    Visibility shown = bookmark.shown();
    return shown != null && shown.shows(xid) && isGivenOutForGood(xid) && trusts(bookmark);
  }

  /** Whether what the bookmark says was shown can still be told by transaction ids. */
  private boolean trusts(Bookmark bookmark) {
    return bookmark.session() == session()
        && bookmark.cursor().incarnation().equals(lineage.incarnation());
  }

  /** The transactions behind a covered place, in order; of the first, some may lie before it. */
  public void transactionsAfter(Position position, Consumer<Committed> consumer) {
    recent.transactionsAfter(position, consumer);
  }

  /** The transactions that a snapshot taken under a pin still held does not show, in order. */
  public void transactionsNotShownBy(Visibility shown, Consumer<Committed> consumer) {
    recent.transactionsNotShownBy(shown, consumer);
  }

  /** Those chunks that are in memory, in order. */
  public List<SegmentAppended> segments(Predicate<SegmentAppended> wanted) {
    List<SegmentAppended> found = new ArrayList<>();
    recent.everyTransaction(
        transaction -> transaction.segments().stream().filter(wanted).forEach(found::add));
    return found;
  }

  /** All that is in memory, in order. */
  public void everyTransaction(Consumer<Committed> consumer) {
    recent.everyTransaction(consumer);
  }

  /** Keeps, until {@link #unpin}, what a read beginning now might not show. */
  public Pin pin() {
    Pin pin = new Pin(horizons.newest(), lineage.sessionsHeard(), hole.bound());
    pins.add(pin);
    recent.pin(pin.horizon);
    return pin;
  }

  /** The read is over and was taken by all who wait for it. */
  public void unpin(Pin pin) {
    pins.remove(pin);
    recent.unpin(pin.horizon);
  }

  /**
   * Whether the replication session is still the one in which the pin was taken. A snapshot of an
   * earlier one proves nothing any more: after a crash of Postgres xids are given out anew.
   */
  public boolean isOfThisSession(Pin pin) {
    return pin.session == lineage.sessionsHeard();
  }
}
