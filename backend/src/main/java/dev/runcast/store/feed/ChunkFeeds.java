package dev.runcast.store.feed;

import dev.runcast.run.EnvironmentId;
import dev.runcast.run.Filter;
import dev.runcast.run.FilterKey;
import dev.runcast.run.RunId;
import dev.runcast.run.RunStatus;
import dev.runcast.run.place.Visibility;
import dev.runcast.run.stream.ChunkRange;
import dev.runcast.run.stream.StreamKey;
import dev.runcast.run.stream.StreamSegment;
import dev.runcast.store.Conditions;
import dev.runcast.store.Transaction;
import dev.runcast.store.feed.FeedReader.ChunkKey;
import dev.runcast.store.feed.FeedReader.Chunks;
import dev.runcast.store.feed.FeedReader.Wanted;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Chunks as feeds read them, by run, stream and number. Each page is one statement, hence one
 * snapshot, and what that shows of a stream has no gap in it.
 */
final class ChunkFeeds {

  /** How much one page may hold; it has at least one segment. Bytes are counted in UTF-8. */
  record PageSize(int segments, long bytes) {
    static final PageSize DEFAULT = new PageSize(1_000, 512 * 1024);
  }

  private static final String ORDER = "run_id, key, first_seq";

  private static final String SEGMENTS =
      """
      select s.run_id, s.key, s.first_seq, s.revision, s.count, s.chunks, s.writers, s.appended_at
      from run join stream_segment s on s.environment_id = run.environment_id and s.run_id = run.id
      where %s and s.environment_id = $1 and s.count > 0 and %s""";

  private static final String PAGE =
      """
      select pg_current_snapshot()::text as snapshot, found.*
      from (select) once left join (
        select *, place = candidates as last from (
          select *, row_number() over place as place, count(*) over () as candidates,
            sum(octet_length(chunks)) over place as bytes
          from (%s order by %s limit %s) candidate
          window place as (order by %s rows unbounded preceding)
        ) numbered
        where place <= %s and (place = 1 or bytes <= %s)) found on true
      order by %s""";

  private final PageSize size;

  ChunkFeeds(PageSize size) {
    this.size = size;
  }

  Future<Chunks> read(Transaction transaction, Filter filter, Wanted wanted, ChunkKey after) {
    Conditions conditions = runs(filter);
    if (!wanted.streams().names().isEmpty()) {
      conditions.and("s.key = any(%s)", wanted.streams().names().toArray(String[]::new));
    }
    conditions.and("not starts_with(s.key, '" + StreamKey.RESERVED + "')");
    if (!after.equals(ChunkKey.START)) {
      String place = conditions.bind(after.run()) + ", " + conditions.bind(after.stream());
      conditions.and("(s.run_id, s.key, s.first_seq) > (" + place + ", %s)", after.seq());
    }
    String sql = page(conditions, segments(conditions, filter, wanted.range()));
    return transaction
        .query(sql, conditions.parameters())
        .map(rows -> chunks(filter.environment(), rows));
  }

  /** Those whose runs are in the feed, whatever it tells of deleted ones. */
  private static Conditions runs(Filter filter) {
    Conditions conditions = FeedQuery.scope(filter);
    Set<RunStatus> statuses = filter.narrowing().statuses();
    conditions.and("run.status <> 'DELETED'");
    if (!statuses.isEmpty()) {
      conditions.and(
          "run.status = any(%s)", statuses.stream().map(RunStatus::name).toArray(String[]::new));
    }
    return conditions;
  }

  private static String segments(Conditions conditions, Filter filter, ChunkRange range) {
    if (range.equals(ChunkRange.ALL)) {
      return SEGMENTS.formatted(conditions.where(), "true");
    }
    String from = conditions.bind(Long.toString(range.from()));
    Visibility seen = range.seen();
    String shown = seen == null ? null : conditions.bind(seen.text());
    String written = written("s.changed_xid", from, shown);
    String segments = SEGMENTS.formatted(conditions.where(), written);
    String entered = entered(filter, from, shown);
    return entered == null
        ? segments
        : segments
            + " union all "
            + SEGMENTS.formatted(conditions.where(), entered + " and not " + written);
  }

  /** What has come into the feed since; null where nothing can but by being inserted. */
  private static @Nullable String entered(Filter filter, String from, @Nullable String shown) {
    List<String> ways = new ArrayList<>(2);
    if (filter.keys().get(0).kind() == FilterKey.Kind.TAG) {
      ways.add(written("run.tags_xid", from, shown));
    }
    if (!filter.narrowing().statuses().isEmpty()) {
      ways.add(written("run.status_xid", from, shown));
    }
    return ways.isEmpty() ? null : "(" + String.join(" or ", ways) + ")";
  }

  private static String written(String xid, String from, @Nullable String shown) {
    String since = xid + " >= " + from + "::text::xid8";
    return shown == null
        ? "(" + since + ")"
        : "(%s and not pg_visible_in_snapshot(%s, %s::text::pg_snapshot))"
            .formatted(since, xid, shown);
  }

  private String page(Conditions conditions, String segments) {
    return PAGE.formatted(
        segments,
        ORDER,
        conditions.bind(size.segments() + 1L),
        ORDER,
        conditions.bind((long) size.segments()),
        conditions.bind(size.bytes()),
        ORDER);
  }

  private static Chunks chunks(EnvironmentId environment, RowSet<Row> rows) {
    Row head = rows.iterator().next();
    List<StreamSegment> segments = new ArrayList<>(rows.size());
    boolean complete = true;
    if (head.getString("run_id") != null) {
      for (Row row : rows) {
        segments.add(segment(environment, row));
        complete = row.getBoolean("last");
      }
    }
    return new Chunks(Visibility.parse(head.getString("snapshot")), segments, complete);
  }

  private static StreamSegment segment(EnvironmentId environment, Row row) {
    return new StreamSegment(
        new StreamKey(environment, new RunId(row.getString("run_id")), row.getString("key")),
        row.getLong("revision"),
        row.getLong("first_seq"),
        row.getInteger("count"),
        row.getString("chunks"),
        row.getInteger("writers"),
        row.getOffsetDateTime("appended_at").toInstant());
  }
}
