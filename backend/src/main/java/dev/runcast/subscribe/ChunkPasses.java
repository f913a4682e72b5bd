package dev.runcast.subscribe;

import dev.runcast.run.place.Cursor;
import dev.runcast.run.place.Visibility;
import dev.runcast.run.stream.ChunkRange;
import dev.runcast.run.stream.StreamSelection;
import dev.runcast.store.feed.FeedReader.ChunkKey;
import dev.runcast.store.feed.FeedReader.Wanted;
import org.jspecify.annotations.Nullable;

/**
 * The way through stored chunks that are too many for one page: in passes, each of them from the
 * first run to the last. A pass tells at least what its first page could see; what has been written
 * since is left to the next one, and so on until it fits on a page together with the rows. So
 * nothing of what was told need be remembered; some of it is told again.
 */
final class ChunkPasses {
  private final StreamSelection streams;
  private ChunkRange range;
  private ChunkKey place = ChunkKey.START;

  /**
   * What the first page of this pass could see; null before it, and for one that is gone on with.
   */
  private @Nullable Visibility begun;

  /** For a pass that is gone on with, the horizon before it began. */
  private long begunAt;

  /** Whether a pass has been made from its first run to its last. */
  private boolean whole;

  private ChunkPasses(StreamSelection streams, ChunkRange range) {
    this.streams = streams;
    this.range = range;
  }

  static ChunkPasses of(StreamSelection streams, ChunkRange range) {
    return new ChunkPasses(streams, range);
  }

  /** Goes on from where a pass was interrupted. */
  static ChunkPasses from(StreamSelection streams, Cursor.Page page, Cursor.Chunks chunks) {
    ChunkPasses passes = new ChunkPasses(streams, ChunkRange.since(chunks.from()));
    passes.place = new ChunkKey(page.run(), chunks.stream(), chunks.seq());
    passes.begunAt = page.xid();
    return passes;
  }

  Wanted wanted() {
    return new Wanted(streams, range);
  }

  /** The place after which the next page begins. */
  ChunkKey place() {
    return place;
  }

  /** A page was told: the pass is over if it was complete. */
  void told(ReadChunks read) {
    boolean goesOn = begun == null && !place.equals(ChunkKey.START);
    if (begun == null && !goesOn) {
      begun = read.chunks().visibility();
    }
    if (read.chunks().complete()) {
      whole |= begun != null;
      range = begun == null ? ChunkRange.since(begunAt) : ChunkRange.notShownBy(begun);
      begun = null;
      place = ChunkKey.START;
    } else {
      place = read.key(read.frames().size() - 1);
    }
  }

  /**
   * Whether a pass is over and rows may be told: not after one alone that was gone on with, for
   * runs may have come into the feed since, before the place from which it went on.
   */
  boolean precedesRows() {
    return whole && place.equals(ChunkKey.START);
  }

  /**
   * What a client resumes with that was told everything up to a place in this pass; null in a later
   * pass than the first, of which none says how far it is.
   *
   * @param bound a horizon before this pass began
   */
  Cursor.@Nullable Page page(boolean full, ChunkKey at, long bound) {
    if (range.seen() != null) {
      return null;
    }
    long before = begun == null && begunAt > 0 ? begunAt : bound;
    return new Cursor.Page(
        full, before, at.run(), new Cursor.Chunks(at.stream(), at.seq(), range.from()));
  }
}
