package dev.runcast.subscribe;

import dev.runcast.hub.Hub;
import dev.runcast.hub.Subscription;
import dev.runcast.run.Filter;
import dev.runcast.run.Run;
import dev.runcast.run.place.Cursor;
import dev.runcast.run.place.Incarnation;
import dev.runcast.run.place.Visibility;
import dev.runcast.run.stream.ChunkRange;
import dev.runcast.run.stream.StreamSelection;
import dev.runcast.store.feed.FeedReader;
import dev.runcast.wire.Frame;
import java.util.Collections;
import java.util.List;
import java.util.SortedSet;
import org.jspecify.annotations.Nullable;

/**
 * What one reading covers of its feed, how far it has come, and so which cursor goes with what it
 * tells. Owned by the hub's event loop.
 */
final class Progress {
  private final Hub hub;
  private final Subscription subscription;

  /** What the client comes with; null for nothing that can be gone on from. */
  private final @Nullable Cursor usable;

  /** Whether everything is read, rather than what changed since the cursor's horizon. */
  private final boolean full;

  /** For a difference the horizon it goes from; for a full read the one it began at. */
  private final long from;

  /** Whether the one row is told though the client may have it: its end may have been told. */
  private final boolean rowAnew;

  /**
   * The parts of the feed that are given anew, while of the rest only changes are; empty for none.
   * Its cursors do not move before its end: an interrupted repair begins again.
   */
  private final SortedSet<Integer> repaired;

  /** Whether a full read has sent no row yet. */
  private boolean start;

  /** Whether the beginning of a full read was told, ahead of its rows. */
  private boolean announced;

  private FeedReader.Key key;

  /** The horizon below which rows are paged. */
  private long bound;

  /** From the last cursor of a subscription; a horizon of the present incarnation must be known. */
  Progress(Hub hub, Subscription subscription) {
    this.hub = hub;
    this.subscription = subscription;
    Cursor cursor = subscription.lastCursor();
    bound = hub.heard().horizon();
    usable = cursor != null && cursor.incarnation().equals(incarnation()) ? cursor : null;
    Cursor.Page page = usable == null ? null : usable.page();
    boolean isWhole = usable == null || (page != null && page.full());
    repaired = isWhole ? Collections.emptySortedSet() : subscription.toRepair();
    full = isWhole || !repaired.isEmpty();
    boolean anew = page == null || !repaired.isEmpty();
    start = full && anew;
    from = usable == null ? bound : usable.horizon();
    rowAnew = !full && subscription.stopsOnCompletion();
    key =
        page == null || anew || rowAnew || page.chunks() != null
            ? new FeedReader.Key(full || rowAnew ? 0 : from, "")
            : new FeedReader.Key(page.xid(), page.run());
  }

  boolean isFull() {
    return full;
  }

  boolean tellsRowAnew() {
    return rowAnew;
  }

  /** The row after which the next page begins. */
  FeedReader.Key key() {
    return key;
  }

  /** The horizon below which rows are paged. */
  long bound() {
    return bound;
  }

  /** A later horizon has come; false if it has not. */
  boolean movesBound() {
    boolean moves = hub.heard().horizon() > bound;
    bound = Math.max(bound, hub.heard().horizon());
    return moves;
  }

  /** What is read, which may be less than the feed. */
  Filter range() {
    Filter filter = subscription.filter();
    return repaired.isEmpty()
        ? filter
        : filter.narrowedTo(filter.narrowing().of(new Filter.Slice(repaired, from)));
  }

  /** The way through the stored chunks. */
  ChunkPasses passes(StreamSelection streams) {
    if (usable == null || usable.lacksChunks()) {
      return ChunkPasses.of(streams, ChunkRange.ALL);
    }
    Cursor.Page page = usable.page();
    Cursor.Chunks place = page == null ? null : page.chunks();
    return page == null || place == null
        ? ChunkPasses.of(streams, ChunkRange.since(usable.horizon()))
        : ChunkPasses.from(streams, page, place);
  }

  /** What tells that a full read begins, ahead of its rows; null if none begins here. */
  Frame.@Nullable Snapshot announce() {
    announced = start;
    return start ? new Frame.Snapshot(true, true, false, List.of(), List.of(), repaired) : null;
  }

  /** How rows are told that come next. */
  ReadRows.Telling telling(boolean complete) {
    boolean every = !full || subscription.filter() instanceof Filter.ByRun;
    return new ReadRows.Telling(full, start && !announced, complete, every ? 0 : from, repaired);
  }

  /** Rows were told. */
  void told() {
    start = false;
  }

  /** All up to the last of these rows are about to be told. */
  void reaches(List<Run> rows) {
    Run last = rows.get(rows.size() - 1);
    key = new FeedReader.Key(last.changedXid(), last.id().value());
  }

  /**
   * Whether a row that was purged may be one that the client still holds: then only a full read
   * makes it right.
   */
  boolean missesPurged(long watermark) {
    boolean holdsOthers = !start || !repaired.isEmpty();
    return watermark > 0 && holdsOthers && from <= watermark;
  }

  // What the client would resume with.

  /** That was told everything up to {@link #key}. */
  @Nullable Cursor pageCursor() {
    if (!repaired.isEmpty()) {
      return subscription.lastCursor();
    }
    boolean untouched = !full && key.equals(new FeedReader.Key(from, ""));
    Cursor.Page page = untouched ? null : new Cursor.Page(full, key.xid(), key.run());
    return new Cursor(incarnation(), from, null, page);
  }

  /** That was told chunks up to a place. */
  @Nullable Cursor chunkCursor(ChunkPasses way, FeedReader.ChunkKey at) {
    Cursor.Page page = repaired.isEmpty() ? way.page(full, at, bound) : null;
    return page == null ? pageCursor() : new Cursor(incarnation(), from, null, page);
  }

  /** That was told all that a snapshot shows. */
  Cursor completeCursor(Visibility shown) {
    return Cursor.ofRead(incarnation(), Math.min(shown.xmin(), hub.heard().horizon()));
  }

  private Incarnation incarnation() {
    return hub.heard().requireIncarnation();
  }
}
