package dev.runcast.store;

import dev.runcast.run.BatchId;
import dev.runcast.run.EnvironmentId;
import dev.runcast.run.RunId;
import dev.runcast.run.RunStatus;
import dev.runcast.run.place.Visibility;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowIterator;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Batches as a page about one of them needs them. */
public final class BatchReads {
  /** Runs that were there before count as the items that stand for them; deleted ones are done. */
  private static final String FIND =
      """
      with member as (
        select id, batch_index, status, updated_at, completed_at from run
          where environment_id = $1 and batch_id = $2
        union all
        select run.id, item.batch_index, run.status, run.updated_at, run.completed_at
          from batch_reused_item item join run
            on run.environment_id = item.environment_id and run.id = item.run_id
          where item.environment_id = $1 and item.batch_id = $2)
      select pg_current_snapshot()::text as snapshot,
        batch.idempotency_key, batch.run_count, batch.created_at, batch.sealed_at,
        (select coalesce(array_agg(id order by batch_index, id), '{}') from member
          where status <> 'DELETED') as runs,
        exists (select from member where status <> all($3)) as unfinished,
        (select max(updated_at) from member) as changed_at,
        (select max(completed_at) from member) as completed_at
      from batch where environment_id = $1 and id = $2""";

  /** How far a batch has come. */
  public enum Progress {
    /** Not all of its items have come. */
    PENDING,
    /** Not all of its runs have finished. */
    PROCESSING,
    COMPLETED
  }

  /**
   * A batch and its runs, in one snapshot.
   *
   * @param runs in the order of their indexes
   */
  public record BatchState(
      Visibility visibility,
      Progress progress,
      @Nullable String idempotencyKey,
      int runCount,
      Times times,
      List<RunId> runs) {}

  /**
   * When it came about.
   *
   * @param updatedAt of the batch or the run that changed last
   * @param completedAt null until it has
   */
  public record Times(Instant createdAt, Instant updatedAt, @Nullable Instant completedAt) {}

  private final Database database;

  public BatchReads(Database database) {
    this.database = database;
  }

  /** A batch; empty if there is none. */
  public Future<Optional<BatchState>> find(EnvironmentId environment, BatchId batch) {
    String[] finished =
        Arrays.stream(RunStatus.values())
            .filter(RunStatus::isFinal)
            .map(RunStatus::name)
            .toArray(String[]::new);
    return database
        .query(FIND, Tuple.of(environment.value(), batch.value()).addArrayOfString(finished))
        .map(BatchReads::state);
  }

  private static Optional<BatchState> state(RowSet<Row> rows) {
    RowIterator<Row> found = rows.iterator();
    if (!found.hasNext()) {
      return Optional.empty();
    }
    Row row = found.next();
    Instant sealed = instant(row, "sealed_at");
    Progress progress = progress(sealed, row.getBoolean("unfinished"));
    return Optional.of(
        new BatchState(
            Visibility.parse(row.getString("snapshot")),
            progress,
            row.getString("idempotency_key"),
            row.getInteger("run_count"),
            times(row, sealed, progress),
            Arrays.stream(row.getArrayOfStrings("runs")).map(RunId::new).toList()));
  }

  private static Progress progress(@Nullable Instant sealed, boolean unfinished) {
    if (sealed == null) {
      return Progress.PENDING;
    }
    return unfinished ? Progress.PROCESSING : Progress.COMPLETED;
  }

  private static Times times(Row row, @Nullable Instant sealed, Progress progress) {
    Instant created = row.getOffsetDateTime("created_at").toInstant();
    Instant known = later(created, sealed);
    return new Times(
        created,
        later(known, instant(row, "changed_at")),
        progress == Progress.COMPLETED ? later(known, instant(row, "completed_at")) : null);
  }

  private static Instant later(Instant one, @Nullable Instant other) {
    return other == null || other.isBefore(one) ? one : other;
  }

  private static @Nullable Instant instant(Row row, String column) {
    OffsetDateTime time = row.getOffsetDateTime(column);
    return time == null ? null : time.toInstant();
  }
}
