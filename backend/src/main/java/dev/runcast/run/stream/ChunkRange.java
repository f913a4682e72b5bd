package dev.runcast.run.stream;

import dev.runcast.run.place.Visibility;
import org.jspecify.annotations.Nullable;

/**
 * Which of the stored chunks are meant: those that a transaction from {@code from} on has written
 * and {@code seen} does not show; and all of a run that has come into the feed by such a
 * transaction.
 *
 * @param from an xid
 * @param seen what was read already; null for nothing
 */
public record ChunkRange(long from, @Nullable Visibility seen) {
  /** All that there are. */
  public static final ChunkRange ALL = new ChunkRange(0, null);

  /** What a transaction at or beyond this one has written. */
  public static ChunkRange since(long xid) {
    return new ChunkRange(xid, null);
  }

  /** What a snapshot does not show. */
  public static ChunkRange notShownBy(Visibility seen) {
    return new ChunkRange(seen.xmin(), seen);
  }

  /** Whether what this transaction wrote is meant. */
  public boolean holds(long xid) {
    return xid >= from && (seen == null || !seen.shows(xid));
  }
}
