package dev.runcast.subscribe;

import dev.runcast.hub.Hub;
import dev.runcast.hub.Subscription;
import dev.runcast.hub.log.Pin;
import dev.runcast.run.Filter;
import dev.runcast.run.Run;
import dev.runcast.run.place.Cursor;
import dev.runcast.run.place.Incarnation;
import dev.runcast.run.place.Visibility;
import dev.runcast.run.stream.ChunkRange;
import dev.runcast.run.stream.StreamSelection;
import dev.runcast.store.feed.FeedReader;
import dev.runcast.store.feed.FeedReader.Rows;
import dev.runcast.store.feed.FeedReader.Wanted;
import dev.runcast.wire.Frame;
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

  private record ChunksKey(Filter filter, Wanted wanted, FeedReader.ChunkKey after) {}

  private record BothKey(Filter filter, Wanted wanted, FeedReader.Key after, boolean whole) {}

  /** What one snapshot shows of chunks and rows. */
  private record Both(ReadChunks chunks, @Nullable ReadRows rows) {}

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

  /** Whether a full read has sent no row yet. */
  private boolean start;

  /** Whether the beginning of a full read was told, ahead of its rows. */
  private boolean announced;

  /** Whether the one row is told though the client may have it: its end may have been told. */
  private boolean rowAnew;

  /** The way through the stored chunks; null where none are told. */
  private @Nullable ChunkPasses passes;

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
    rowAnew = !full && subscription.stopsOnCompletion();
    if (rowAnew || (page != null && page.chunks() != null)) {
      key = new FeedReader.Key(full || rowAnew ? 0 : from, "");
    }
    StreamSelection streams = subscription.streams();
    if (streams != null) {
      passes = passes(streams, usable);
      announce(passes);
    }
    readRowsOrChunks();
  }

  /** The one row of a run comes with its chunks, if they are few; others after all of theirs. */
  private void readRowsOrChunks() {
    if (subscription.filter() instanceof Filter.ByRun) {
      readTail();
    } else if (passes != null) {
      readChunks(passes);
    } else {
      readPage();
    }
  }

  // Chunks, which come before the rows.

  private ChunkPasses passes(StreamSelection streams, @Nullable Cursor cursor) {
    if (cursor == null || cursor.lacksChunks()) {
      return ChunkPasses.of(streams, ChunkRange.ALL);
    }
    Cursor.Page page = cursor.page();
    Cursor.Chunks place = page == null ? null : page.chunks();
    return page == null || place == null
        ? ChunkPasses.of(streams, ChunkRange.since(cursor.horizon()))
        : ChunkPasses.from(streams, page, place);
  }

  /** What comes first is of the full read already, though it is no row. */
  private void announce(ChunkPasses way) {
    announced = start;
    if (start) {
      Frame begins = new Frame.Snapshot(true, true, false, List.of(), List.of(), repaired);
      subscription.emit(new SharedFrame(begins), chunkCursor(way, FeedReader.ChunkKey.START));
    }
  }

  private void readChunks(ChunkPasses way) {
    Filter filter = subscription.filter();
    Wanted wanted = way.wanted();
    FeedReader.ChunkKey place = way.place();
    gate.read(
        new ChunksKey(filter, wanted, place),
        () -> reader.chunks(filter, wanted, place).map(ReadChunks::new),
        answered(
            (read, pin) -> {
              tell(read, way);
              subscription.whenDrained(
                  read.chunks().complete() ? this::readRows : () -> readChunks(way));
            }));
  }

  private void readRows() {
    if (subscription.filter() instanceof Filter.ByRun) {
      readTail();
    } else {
      readPage();
    }
  }

  private void tell(ReadChunks read, ChunkPasses way) {
    for (int i = 0; i < read.frames().size(); i++) {
      subscription.emit(read.frames().get(i), chunkCursor(way, read.key(i)));
    }
    way.told(read);
  }

  private @Nullable Cursor chunkCursor(ChunkPasses way, FeedReader.ChunkKey at) {
    Cursor.Page page = repaired.isEmpty() ? way.page(full, at, bound) : null;
    return page == null ? pageCursor() : new Cursor(incarnation(), from, null, page);
  }

  private void readTailWithChunks(ChunkPasses way, boolean whole) {
    Filter filter = subscription.filter();
    Wanted wanted = way.wanted();
    gate.read(
        new BothKey(filter, wanted, key, whole),
        () -> reader.tail(filter, wanted, key, whole).map(Opening::both),
        answered(
            (Both read, Pin pin) -> {
              tell(read.chunks, way);
              if (read.rows == null) {
                subscription.whenDrained(() -> readChunks(way));
              } else {
                takeTail(read.rows, pin);
              }
            }));
  }

  private static Both both(FeedReader.Both read) {
    Rows rows = read.rows();
    return new Both(new ReadChunks(read.chunks()), rows == null ? null : new ReadRows(rows));
  }

  // Rows.

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
    if (passes != null) {
      readTailWithChunks(passes, whole);
      return;
    }
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
            readRowsOrChunks();
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
    if (rowAnew && rows.runs().isEmpty()) {
      subscription.forgetCursor();
      begin();
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
    return new ReadRows.Telling(full, start && !announced, complete, every ? 0 : from, repaired);
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
