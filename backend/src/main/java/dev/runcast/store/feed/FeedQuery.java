package dev.runcast.store.feed;

import dev.runcast.run.Filter;
import dev.runcast.run.FilterKey;
import dev.runcast.store.Conditions;
import dev.runcast.store.RunRows;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;

/**
 * The statement of one read, text and parameters. It always gives at least one row, which says what
 * its snapshot shows; the run's columns of that row are null when the range is empty.
 *
 * <p>Order: a bucket is the upper part of a xid, so going by {@code (changed_bucket, changed_xid,
 * id)} is going by the last two, and lets Postgres walk {@code run_by_change} and stop at the
 * limit. Ids compare as {@code "C"}, so that Java orders them as Postgres does.
 */
public record FeedQuery(String sql, Tuple parameters) {
  private static final int BUCKET_BITS = 12;

  private static final String CANDIDATES =
      """
      select %s from run where %s
      order by run.changed_bucket, run.changed_xid, run.id collate "C\"""";

  /** Of a value kept out of line, octet_length reads the length alone. */
  private static final String PAGE =
      """
      select *, place = candidates as last from (
        select *, row_number() over place as place, count(*) over () as candidates,
          sum(coalesce(octet_length(payload), 0) + coalesce(octet_length(output), 0)
            + coalesce(octet_length(metadata), 0) + coalesce(octet_length(error), 0)
            + coalesce(octet_length(options), 0)) over place as bytes
        from (%s limit %s) candidate
        window place as (order by changed_xid, id collate "C" rows unbounded preceding)
      ) numbered
      where place <= %s and (place = 1 or bytes <= %s)""";

  private static final String TAIL = "select *, true as last from (%s) candidate";

  private static final String READ =
      """
      select pg_current_snapshot()::text as snapshot,
        coalesce((select xid::text::bigint from purge_watermark where environment_id = $1), 0)
          as watermark,
        found.*
      from (select) once left join (%s) found on true
      order by changed_xid, id collate "C\"""";

  /** The rows after a key whose xid is below a bound, cut at the page's size. */
  public static FeedQuery page(
      Filter filter, FeedReader.Key after, long below, RunFeeds.PageSize size) {
    Conditions conditions = scope(filter, after);
    conditions.and("run.changed_xid < %s::text::xid8", Long.toString(below));
    conditions.and("run.changed_bucket <= %s", below >> BUCKET_BITS);
    return bounded(conditions, size);
  }

  /** The rows after a key, cut at a size. */
  public static FeedQuery boundedTail(Filter filter, FeedReader.Key after, RunFeeds.PageSize size) {
    return bounded(scope(filter, after), size);
  }

  private static FeedQuery bounded(Conditions conditions, RunFeeds.PageSize size) {
    String candidates = candidates(conditions);
    String limit = conditions.bind(size.rows() + 1L);
    String rows = conditions.bind((long) size.rows());
    return read(PAGE.formatted(candidates, limit, rows, conditions.bind(size.bytes())), conditions);
  }

  /** Every row after a key. */
  public static FeedQuery tail(Filter filter, FeedReader.Key after) {
    Conditions conditions = scope(filter, after);
    return read(TAIL.formatted(candidates(conditions)), conditions);
  }

  private static String candidates(Conditions conditions) {
    return CANDIDATES.formatted(RunRows.COLUMNS, conditions.where());
  }

  private static FeedQuery read(String found, Conditions conditions) {
    return new FeedQuery(READ.formatted(found), conditions.parameters());
  }

  /** What holds of every run in the scope of a filter. */
  static Conditions scope(Filter filter) {
    Conditions conditions = new Conditions();
    conditions.and("run.environment_id = %s", filter.environment().value());
    found(conditions, filter.keys());
    narrow(conditions, filter.narrowing());
    return conditions;
  }

  private static Conditions scope(Filter filter, FeedReader.Key after) {
    Conditions conditions = scope(filter);
    if (!after.equals(FeedReader.Key.START)) {
      conditions.and("run.changed_bucket >= %s", after.xid() >> BUCKET_BITS);
      String xid = conditions.bind(Long.toString(after.xid()));
      conditions.and(
          "(run.changed_xid, run.id collate \"C\") > (" + xid + "::text::xid8, %s)", after.run());
    }
    return conditions;
  }

  private static void found(Conditions conditions, List<FilterKey> keys) {
    String value = keys.get(0).value();
    switch (keys.get(0).kind()) {
      case RUN -> conditions.and("run.id = %s", value);
      case BATCH -> conditions.and("run.batch_id = %s", value);
      case PARENT -> conditions.and("run.parent_id = %s", value);
      case TAG ->
          conditions.and(
              "run.tags @> %s", keys.stream().map(FilterKey::value).toArray(String[]::new));
      case ENVIRONMENT, CHUNKS -> {}
    }
  }

  private static void narrow(Conditions conditions, Filter.Narrowing narrowing) {
    Instant createdAfter = narrowing.createdAfter();
    if (createdAfter != null) {
      conditions.and("run.created_at >= %s", createdAfter.atOffset(ZoneOffset.UTC));
    }
    if (!narrowing.tasks().isEmpty()) {
      conditions.and("run.task_identifier = any(%s)", narrowing.tasks().toArray(String[]::new));
    }
    Filter.Slice slice = narrowing.slice();
    if (slice != null) {
      String from = conditions.bind(Long.toString(slice.changedFrom()));
      conditions.and(
          "(run.changed_xid >= " + from + "::text::xid8 or " + RunTallies.BUCKET + " = any(%s))",
          slice.buckets().toArray(Integer[]::new));
    }
  }
}
