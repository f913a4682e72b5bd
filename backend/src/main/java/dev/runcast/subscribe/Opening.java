package dev.runcast.subscribe;

import dev.runcast.hub.Hub;
import dev.runcast.hub.Subscription;
import dev.runcast.hub.log.Pin;
import dev.runcast.run.Filter;
import dev.runcast.run.Run;
import dev.runcast.run.place.Cursor;
import dev.runcast.run.place.Incarnation;
import dev.runcast.run.place.Visibility;
import dev.runcast.store.feed.FeedReader;
import dev.runcast.store.feed.FeedReader.Rows;
import dev.runcast.wire.SharedFrame;
import io.vertx.core.AsyncResult;
import java.util.Collections;
import java.util.List;
import java.util.SortedSet;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One reading of the table for one subscription, from its last cursor to going live. First the rows
 * below the horizon in pages, each in a short transaction, since that range can only lose rows;
 * then all that is left, under one snapshot, which decides what is replayed.
 *
 * <p>Owned by the hub's event loop. Once its subscription is closed or opened anew, what it still
 * hears is ignored.
 */
final class Opening {
  private record PageKey(Filter filter, FeedReader.Key after, long below) {}

  private record TailKey(Filter filter, FeedReader.Key after, boolean whole) {}

  /** How often a tail that is too long is left to the pages of the next horizon. */
  private static final int MOST_SHORT_TAILS = 3;

  private final Hub hub;
  private final FeedReader reader;
  private final ReadGate gate;
  private final Subscription subscription;
  private final Consumer<Opening> failed;

  private final long epoch;

  /** Whether everything is read, rather than what changed since the cursor's horizon. */
  private boolean full;

  /** Whether a full read has sent nothing yet. */
  private boolean start;

  /** For a difference the horizon it goes from; for a full read the one it began at. */
  private long from;

  private FeedReader.Key key = FeedReader.Key.START;

  /** The horizon below which rows are paged. */
  private long bound;

  /**
   * The parts of the feed that are given anew, while of the rest only changes are; empty for none.
   * Its cursors do not move before its end: an interrupted repair begins again.
   */
  private SortedSet<Integer> repaired = Collections.emptySortedSet();

  /** How many tails were too long to be taken. */
  private int shortTails;

  /**
   * @param failed told when a read failed; the reading is over then and a new one may be tried
   *     later
   */
  Opening(
      Hub hub,
      FeedReader reader,
      ReadGate gate,
      Subscription subscription,
      Consumer<Opening> failed) {
    this.epoch = subscription.reopen();
    this.hub = hub;
    this.reader = reader;
    this.gate = gate;
    this.subscription = subscription;
    this.failed = failed;
  }

  Subscription subscription() {
    return subscription;
  }

  /** Whether its subscription still waits for it. */
  boolean isCurrent() {
    return subscription.isOpening(epoch);
  }

  /** Begins; a horizon of the present incarnation must be known. */
  void begin() {
    Cursor cursor = subscription.lastCursor();
    bound = hub.heard().horizon();
    Cursor usable = cursor != null && cursor.incarnation().equals(incarnation()) ? cursor : null;
    Cursor.Page page = usable == null ? null : usable.page();
    boolean isWhole = usable == null || (page != null && page.full());
    repaired = isWhole ? Collections.emptySortedSet() : subscription.toRepair();
    full = isWhole || !repaired.isEmpty();
    boolean anew = page == null || !repaired.isEmpty();
    start = full && anew;
    from = usable == null ? bound : usable.horizon();
    key =
        page == null || anew
            ? new FeedReader.Key(full ? 0 : from, "")
            : new FeedReader.Key(page.xid(), page.run());
    if (subscription.filter() instanceof Filter.ByRun) {
      readTail();
    } else {
      readPage();
    }
  }

  /** What is read, which may be less than the feed. */
  private Filter range() {
    Filter filter = subscription.filter();
    return repaired.isEmpty()
        ? filter
        : filter.narrowedTo(filter.narrowing().of(new Filter.Slice(repaired, from)));
  }

  private void readPage() {
    Filter filter = range();
    gate.read(
        new PageKey(filter, key, bound),
        () -> reader.page(filter, key, bound).map(ReadRows::new),
        answered((read, pin) -> takePage(read)));
  }

  private void takePage(ReadRows read) {
    Rows rows = read.rows();
    if (wasPurgedMeanwhile(rows.watermark())) {
      return;
    }
    if (!rows.runs().isEmpty()) {
      List<SharedFrame> frames = read.frames(subscription.filter(), telling(false));
      emitFirst(frames);
      key = keyOf(rows.runs());
      subscription.emit(frames.get(frames.size() - 1), pageCursor());
      start = false;
    }
    subscription.whenDrained(rows.complete() ? this::readTail : this::readPage);
  }

  /**
   * In one piece, whatever its size, only when no horizon comes that would let it be paged: a
   * transaction that stays open for long holds all of them back.
   */
  private void readTail() {
    Filter filter = range();
    boolean whole = filter instanceof Filter.ByRun || shortTails == MOST_SHORT_TAILS;
    gate.read(
        new TailKey(filter, key, whole),
        () -> reader.tail(filter, key, whole).map(ReadRows::new),
        answered(this::takeTail));
  }

  /** What is too long for one snapshot can be paged as soon as a horizon has passed it. */
  private void waitToPage() {
    shortTails++;
    hub.atNextHorizon(
        () -> {
          if (!isCurrent()) {
            return;
          }
          if (hub.heard().horizon() > bound) {
            bound = hub.heard().horizon();
            readPage();
          } else {
            readTail();
          }
        });
  }

  private void takeTail(ReadRows read, Pin pin) {
    Rows rows = read.rows();
    if (wasPurgedMeanwhile(rows.watermark())) {
      return;
    }
    if (!rows.complete()) {
      waitToPage();
      return;
    }
    Visibility shown = rows.visibility();
    if (full || !rows.runs().isEmpty()) {
      List<SharedFrame> frames = read.frames(subscription.filter(), telling(full));
      emitFirst(frames);
      subscription.emit(frames.get(frames.size() - 1), full ? completeCursor(shown) : pageCursor());
    }
    subscription.goLive(shown, pin);
  }

  /** All but the last: whoever has these only must be given all of this read again. */
  private void emitFirst(List<SharedFrame> frames) {
    for (SharedFrame frame : frames.subList(0, frames.size() - 1)) {
      subscription.emit(frame, pageCursor());
      start = false;
    }
  }

  /**
   * A row that was purged may be one that the client still holds: then only a full read makes it
   * right.
   */
  private boolean wasPurgedMeanwhile(long watermark) {
    boolean holdsOthers = !start || !repaired.isEmpty();
    boolean missed = watermark > 0 && holdsOthers && from <= watermark;
    if (missed) {
      subscription.forgetCursor();
      begin();
    }
    return missed;
  }

  private ReadRows.Telling telling(boolean complete) {
    boolean every = !full || subscription.filter() instanceof Filter.ByRun;
    return new ReadRows.Telling(full, start, complete, every ? 0 : from, repaired);
  }

  private @Nullable Cursor pageCursor() {
    if (!repaired.isEmpty()) {
      return subscription.lastCursor();
    }
    boolean untouched = !full && key.equals(new FeedReader.Key(from, ""));
    Cursor.Page page = untouched ? null : new Cursor.Page(full, key.xid(), key.run());
    return new Cursor(incarnation(), from, null, page);
  }

  private Cursor completeCursor(Visibility shown) {
    return Cursor.ofRead(incarnation(), Math.min(shown.xmin(), hub.heard().horizon()));
  }

  private Incarnation incarnation() {
    return hub.heard().incarnation().orElseThrow();
  }

  private static FeedReader.Key keyOf(List<Run> runs) {
    Run last = runs.get(runs.size() - 1);
    return new FeedReader.Key(last.changedXid(), last.id().value());
  }

  private <T> BiConsumer<AsyncResult<T>, Pin> answered(BiConsumer<T, Pin> taker) {
    return (result, pin) -> {
      @Nullable T answer = result.result();
      if (!isCurrent()) {
        return;
      }
      if (result.failed() || answer == null) {
        failed.accept(this);
      } else {
        taker.accept(answer, pin);
      }
    };
  }
}
