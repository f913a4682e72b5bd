package dev.runcast.store.feed;

import dev.runcast.run.EnvironmentId;
import dev.runcast.run.Filter;
import dev.runcast.run.Run;
import dev.runcast.run.RunId;
import dev.runcast.run.place.Visibility;
import dev.runcast.store.Database;
import dev.runcast.store.RunRows;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import java.util.ArrayList;
import java.util.List;

/**
 * The table as subscriptions read it. Each read is one statement, hence one snapshot: its rows,
 * what {@code pg_current_snapshot()} says beside them and the purge watermark belong together, as
 * they would in a REPEATABLE READ transaction, for one round trip instead of three.
 */
public final class RunFeeds implements FeedReader {

  /**
   * How much one page may hold. It is cut before the row that would pass {@code bytes}, counted
   * over the wide columns in UTF-8, but has at least one row.
   */
  public record PageSize(int rows, long bytes) {
    public static final PageSize DEFAULT = new PageSize(500, 4L << 20);

    PageSize times(int pages) {
      return new PageSize(rows * pages, bytes * pages);
    }
  }

  /** A second's worth of changes of a busy feed, and yet something that memory can hold. */
  private static final int PAGES_OF_A_TAIL = 16;

  private final Database database;
  private final PageSize pageSize;
  private final ChunkFeeds chunks;

  public RunFeeds(Database database, PageSize pageSize) {
    this.database = database;
    this.pageSize = pageSize;
    this.chunks = new ChunkFeeds(ChunkFeeds.PageSize.DEFAULT);
  }

  @Override
  public Future<Rows> page(Filter filter, Key after, long below) {
    return read(FeedQuery.page(filter, after, below, pageSize));
  }

  @Override
  public Future<Rows> tail(Filter filter, Key after, boolean whole) {
    return read(tailQuery(filter, after, whole));
  }

  private FeedQuery tailQuery(Filter filter, Key after, boolean whole) {
    return whole
        ? FeedQuery.tail(filter, after)
        : FeedQuery.boundedTail(filter, after, pageSize.times(PAGES_OF_A_TAIL));
  }

  @Override
  public Future<Chunks> chunks(Filter filter, Wanted wanted, ChunkKey after) {
    return chunks.read(database.autocommit(), filter, wanted, after);
  }

  @Override
  public Future<Both> tail(Filter filter, Wanted wanted, Key after, boolean whole) {
    return database.snapshot(
        transaction ->
            chunks
                .read(transaction, filter, wanted, ChunkKey.START)
                .compose(
                    found -> {
                      if (!found.complete()) {
                        return Future.succeededFuture(new Both(found, null));
                      }
                      FeedQuery rows = tailQuery(filter, after, whole);
                      return transaction
                          .query(rows.sql(), rows.parameters())
                          .map(result -> new Both(found, rows(result)));
                    }));
  }

  /** As the seam says; a tombstone that is not yet purged is given as the row it is. */
  @Override
  public Future<One> one(EnvironmentId environment, RunId run) {
    Filter alone = new Filter.ByRun(environment, run, Filter.Narrowing.NONE);
    return tail(alone, Key.START, true)
        .map(rows -> new One(rows.visibility(), rows.runs().isEmpty() ? null : rows.runs().get(0)));
  }

  private Future<Rows> read(FeedQuery query) {
    return database.query(query.sql(), query.parameters()).map(RunFeeds::rows);
  }

  private static Rows rows(RowSet<Row> result) {
    Row head = result.iterator().next();
    List<Run> runs = new ArrayList<>(result.size());
    boolean complete = true;
    if (head.getString("id") != null) {
      for (Row row : result) {
        runs.add(RunRows.read(row));
        complete = row.getBoolean("last");
      }
    }
    Visibility visibility = Visibility.parse(head.getString("snapshot"));
    return new Rows(visibility, head.getLong("watermark"), runs, complete);
  }
}
