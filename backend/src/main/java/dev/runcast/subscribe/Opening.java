package dev.runcast.subscribe;

import static java.util.Objects.requireNonNull;

import dev.runcast.hub.CatchUp;
import dev.runcast.hub.Hub;
import dev.runcast.hub.Subscription;
import dev.runcast.hub.log.Pin;
import dev.runcast.run.Filter;
import dev.runcast.run.place.Cursor;
import dev.runcast.run.place.Visibility;
import dev.runcast.run.stream.StreamSelection;
import dev.runcast.store.feed.FeedReader;
import dev.runcast.store.feed.FeedReader.Rows;
import dev.runcast.store.feed.FeedReader.Wanted;
import dev.runcast.wire.Frame;
import dev.runcast.wire.SharedFrame;
import io.vertx.core.AsyncResult;
import java.util.List;
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

  private final CatchUp catchUp;

  /**
   * What it covers and how far it is; begins anew where only a full read makes the client right.
   */
  private @Nullable Progress begun;

  /** The way through the stored chunks; null where none are told. */
  private @Nullable ChunkPasses passes;

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
    this.catchUp = subscription.reopen();
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
    return catchUp.isWanted();
  }

  /** Begins; a horizon of the present incarnation must be known. */
  void begin() {
    begun = new Progress(hub, subscription);
    StreamSelection streams = subscription.streams();
    if (streams != null) {
      passes = progress().passes(streams);
      announce(passes);
    }
    readRowsOrChunks();
  }

  /** The one row of a run comes with its chunks, if they are few; others after all of theirs. */
  private void readRowsOrChunks() {
    if (passes == null || subscription.filter() instanceof Filter.ByRun) {
      readRows();
    } else {
      readChunks(passes);
    }
  }

  // Chunks, which come before the rows.

  /** What comes first is of the full read already, though it is no row. */
  private void announce(ChunkPasses way) {
    Frame begins = progress().announce();
    if (begins != null) {
      Cursor cursor = progress().chunkCursor(way, FeedReader.ChunkKey.START);
      catchUp.emit(new SharedFrame(begins), cursor);
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
              catchUp.whenDrained(way.precedesRows() ? this::readRows : () -> readChunks(way));
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
      catchUp.emit(read.frames().get(i), progress().chunkCursor(way, read.key(i)));
    }
    way.told(read);
  }

  private void readTailWithChunks(ChunkPasses way, boolean whole) {
    Filter filter = subscription.filter();
    Wanted wanted = way.wanted();
    FeedReader.Key key = progress().key();
    gate.read(
        new BothKey(filter, wanted, key, whole),
        () -> reader.tail(filter, wanted, key, whole).map(Opening::both),
        answered(
            (Both read, Pin pin) -> {
              tell(read.chunks, way);
              if (read.rows == null) {
                catchUp.whenDrained(() -> readChunks(way));
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

  private void readPage() {
    Filter filter = progress().range();
    FeedReader.Key key = progress().key();
    long bound = progress().bound();
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
      List<SharedFrame> frames = read.frames(subscription.filter(), progress().telling(false));
      emitFirst(frames);
      progress().reaches(rows.runs());
      catchUp.emit(frames.get(frames.size() - 1), progress().pageCursor());
      progress().told();
    }
    catchUp.whenDrained(rows.complete() ? this::readTail : this::readPage);
  }

  /**
   * In one piece, whatever its size, only when no horizon comes that would let it be paged: a
   * transaction that stays open for long holds all of them back.
   */
  private void readTail() {
    Filter filter = progress().range();
    boolean whole = filter instanceof Filter.ByRun || shortTails == MOST_SHORT_TAILS;
    if (passes != null) {
      readTailWithChunks(passes, whole);
      return;
    }
    FeedReader.Key key = progress().key();
    gate.read(
        new TailKey(filter, key, whole),
        () -> reader.tail(filter, key, whole).map(ReadRows::new),
        answered(this::takeTail));
  }

  /** What is too long for one snapshot can be paged as soon as a horizon has passed it. */
  private void waitToPage() {
    shortTails++;
    hub.heard()
        .horizons()
        .atNext(
            () -> {
              if (!isCurrent()) {
                return;
              }
              if (progress().movesBound()) {
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
    if (progress().tellsRowAnew() && rows.runs().isEmpty()) {
      catchUp.forgetCursor();
      begin();
      return;
    }
    Visibility shown = rows.visibility();
    boolean full = progress().isFull();
    if (full || !rows.runs().isEmpty()) {
      List<SharedFrame> frames = read.frames(subscription.filter(), progress().telling(full));
      emitFirst(frames);
      catchUp.emit(
          frames.get(frames.size() - 1),
          full ? progress().completeCursor(shown) : progress().pageCursor());
    }
    catchUp.goLive(shown, pin);
  }

  /** All but the last: whoever has these only must be given all of this read again. */
  private void emitFirst(List<SharedFrame> frames) {
    for (SharedFrame frame : frames.subList(0, frames.size() - 1)) {
      catchUp.emit(frame, progress().pageCursor());
      progress().told();
    }
  }

  private boolean wasPurgedMeanwhile(long watermark) {
    boolean missed = progress().missesPurged(watermark);
    if (missed) {
      catchUp.forgetCursor();
      begin();
    }
    return missed;
  }

  private Progress progress() {
    return requireNonNull(begun);
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
