package dev.runcast.store.stream;

import dev.runcast.run.RunStatus;
import dev.runcast.run.place.Visibility;
import dev.runcast.run.stream.StreamKey;
import dev.runcast.run.stream.StreamPage;
import dev.runcast.run.stream.StreamSegment;
import dev.runcast.store.Database;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What is stored of streams, as their readers read it: each page is one statement and snapshot. */
public final class StreamPages {
  /** Chunks of one page, so that a reader takes a bounded piece at a time. */
  private static final int PAGE_BYTES = 256 * 1024;

  private static final int PAGE_SEGMENTS = 500;

  /**
   * A writer that has stored nothing for this long is gone: a connection that says nothing for as
   * long is given up.
   */
  private static final String SILENCE = "interval '16 minutes'";

  /** The segment that holds a number may begin before it. */
  private static final String PAGE =
      """
      select pg_current_snapshot()::text as snapshot, run.status, s.next_seq, s.revision,
        case when s.touched_at < now() - %s then 0 else s.writers end as writers, g.*
      from (select) once
        left join run on run.environment_id = $1 and run.id = $2
        left join stream s on s.environment_id = $1 and s.run_id = $2 and s.key = $3
        left join lateral (
          select * from (
            select first_seq, count, chunks, appended_at,
              sum(octet_length(chunks)) over (order by first_seq, revision) - octet_length(chunks)
                as before
            from (
              select * from stream_segment
              where environment_id = $1 and run_id = $2 and key = $3 and count > 0
                and first_seq >= coalesce(
                  (select max(first_seq) from stream_segment where environment_id = $1
                    and run_id = $2 and key = $3 and count > 0 and first_seq <= $4), 0)
                and first_seq + count > $4
              order by first_seq, revision limit %d) few
            ) page where before < %d) g on true
      order by g.first_seq"""
          .formatted(SILENCE, PAGE_SEGMENTS, PAGE_BYTES);

  private final Database database;

  public StreamPages(Database database) {
    this.database = database;
  }

  /**
   * What is stored from a chunk on.
   *
   * @param from its number; beyond the end nothing is read
   */
  public Future<StreamPage> page(StreamKey stream, long from) {
    return database
        .autocommit()
        .query(
            PAGE, Tuple.of(stream.environment().value(), stream.run().value(), stream.key(), from))
        .map(rows -> page(stream, from, rows));
  }

  private static StreamPage page(StreamKey stream, long from, RowSet<Row> rows) {
    Row head = rows.iterator().next();
    long nextSeq = orZero(head.getLong("next_seq"));
    long revision = orZero(head.getLong("revision"));
    int writers = (int) orZero(head.getLong("writers"));
    List<StreamSegment> segments = new ArrayList<>(rows.size());
    long reached = from;
    for (Row row : rows) {
      if (row.getString("chunks") != null) {
        StreamSegment segment =
            new StreamSegment(
                stream,
                0,
                row.getLong("first_seq"),
                row.getInteger("count"),
                row.getString("chunks"),
                writers,
                row.getOffsetDateTime("appended_at").toInstant());
        segments.add(segment);
        reached = segment.nextSeq();
      }
    }
    String status = head.getString("status");
    return new StreamPage(
        Visibility.parse(head.getString("snapshot")),
        segments,
        segments.isEmpty() || reached >= nextSeq,
        nextSeq,
        revision,
        writers,
        status == null || RunStatus.valueOf(status).isFinal());
  }

  private static long orZero(@Nullable Long value) {
    return value == null ? 0 : value;
  }
}
