package dev.runcast.store.feed;

import dev.runcast.run.EnvironmentId;
import dev.runcast.run.Filter;
import dev.runcast.run.Run;
import dev.runcast.run.RunId;
import dev.runcast.run.place.Visibility;
import dev.runcast.run.stream.ChunkRange;
import dev.runcast.run.stream.StreamSegment;
import dev.runcast.run.stream.StreamSelection;
import io.vertx.core.Future;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a subscription reads from the table: the seam between the delivery algorithm and SQL, so
 * that the simulation can drive the same algorithm over a model of Postgres.
 *
 * <p>Every read goes by {@code (changed_xid, run id)} over the scope of a filter ({@link
 * Filter#inScope}, its status aside: the caller tells matches from leaves), and says what its
 * snapshot shows and up to which xid rows of the environment have been purged, both read in the
 * very transaction of the rows.
 */
public interface FeedReader {

  /** A place in the order of a read; the empty run id stands before the first row of the xid. */
  public record Key(long xid, String run) {
    public static final Key START = new Key(0, "");
  }

  /**
   * Rows of one read, ascending by key.
   *
   * @param watermark the greatest {@code changed_xid} of any purged run of the environment, else 0
   * @param complete whether the asked range holds nothing after these rows
   */
  public record Rows(Visibility visibility, long watermark, List<Run> runs, boolean complete) {
    public Rows {
      runs = List.copyOf(runs);
    }
  }

  /** One run read on its own; null when the snapshot shows none. */
  public record One(Visibility visibility, @Nullable Run run) {}

  /**
   * The next rows after {@code after} with {@code changed_xid < below}, in a short transaction,
   * bounded by the store's page size in rows and bytes (at least one row, if there is any).
   */
  Future<Rows> page(Filter filter, Key after, long below);

  /**
   * The rows after {@code after}, however new, under one REPEATABLE READ snapshot.
   *
   * @param whole all of them, whatever memory that takes; else no more than some pages, and if
   *     there are more, the answer is not complete
   */
  Future<Rows> tail(Filter filter, Key after, boolean whole);

  /**
   * Chunks that a feed tells, beside its rows.
   *
   * @param streams which of its runs' streams
   */
  record Wanted(StreamSelection streams, ChunkRange range) {}

  /** A place in the order of chunks: by run, stream and number. */
  record ChunkKey(String run, String stream, long seq) {
    public static final ChunkKey START = new ChunkKey("", "", 0);
  }

  /**
   * Segments of one read, ascending by key; none that is empty.
   *
   * @param complete whether the asked range holds nothing after these
   */
  record Chunks(Visibility visibility, List<StreamSegment> segments, boolean complete) {
    public Chunks {
      segments = List.copyOf(segments);
    }
  }

  /**
   * Chunks and rows of one snapshot.
   *
   * @param rows null where the chunks are not complete: then they come first
   */
  record Both(Chunks chunks, @Nullable Rows rows) {}

  /**
   * The next chunks after {@code after}, of runs that match the filter, bounded by the store's page
   * size (at least one segment, if there is any). Those of one stream are in the order of their
   * numbers, with none left out before the last that the snapshot shows.
   */
  Future<Chunks> chunks(Filter filter, Wanted wanted, ChunkKey after);

  /** The same from the start and, if that is all, {@link #tail}, under one snapshot. */
  Future<Both> tail(Filter filter, Wanted wanted, Key after, boolean whole);

  /** One run as a fresh snapshot shows it. */
  Future<One> one(EnvironmentId environment, RunId run);
}
