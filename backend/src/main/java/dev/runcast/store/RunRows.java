package dev.runcast.store;

import dev.runcast.run.BatchId;
import dev.runcast.run.Column;
import dev.runcast.run.EnvironmentId;
import dev.runcast.run.Run;
import dev.runcast.run.RunId;
import dev.runcast.run.RunStatus;
import io.vertx.sqlclient.Row;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A row of {@code run} as a {@link Run}: the twin of the tail's mapping, which reads the same
 * columns out of the log. Times keep the microseconds of Postgres.
 */
public final class RunRows {
  /**
   * What every statement that reads runs selects. The client has no codec for {@code xid8}, hence
   * the cast.
   */
  public static final String COLUMNS =
      """
      environment_id, id, version, changed_xid::text::bigint as changed_xid, status,
      task_identifier, tags, batch_id, parent_id, root_id, depth,
      created_at, updated_at, queued_at, delay_until, started_at, expired_at, completed_at,
      queue, concurrency_key, machine, region, ttl, locked_version, priority, max_attempts,
      max_duration_seconds, trigger_function, is_test, attempt_count, usage_duration_ms,
      cost_in_cents, base_cost_in_cents, realtime_streams,
      payload_type, output_type, metadata_type,
      idempotency_key, payload, output, metadata, error, options""";

  /** The same columns for lists: what is wide there, but for the metadata, reads as null. */
  static final String LIGHT_COLUMNS =
      COLUMNS.replace(
          "payload, output, metadata, error, options",
          "null::text as payload, null::text as output, metadata, null::text as error,"
              + " null::text as options");

  private RunRows() {}

  /** Reads a row that has at least {@link #COLUMNS}. */
  public static Run read(Row row) {
    return new Run(
        new EnvironmentId(row.getString("environment_id")),
        new RunId(row.getString("id")),
        row.getLong("version"),
        row.getLong("changed_xid"),
        RunStatus.valueOf(row.getString("status")),
        row.getString("task_identifier"),
        List.of(row.getArrayOfStrings("tags")),
        links(row),
        times(row),
        facts(row),
        contents(row));
  }

  private static Run.Links links(Row row) {
    String batch = row.getString("batch_id");
    String parent = row.getString("parent_id");
    String root = row.getString("root_id");
    return new Run.Links(
        batch == null ? null : new BatchId(batch),
        parent == null ? null : new RunId(parent),
        root == null ? null : new RunId(root),
        row.getInteger("depth"));
  }

  private static Run.Times times(Row row) {
    return new Run.Times(
        row.getOffsetDateTime("created_at").toInstant(),
        row.getOffsetDateTime("updated_at").toInstant(),
        instant(row, "queued_at"),
        instant(row, "delay_until"),
        instant(row, "started_at"),
        instant(row, "expired_at"),
        instant(row, "completed_at"));
  }

  private static Run.Facts facts(Row row) {
    return new Run.Facts(
        row.getString("queue"),
        row.getString("concurrency_key"),
        row.getString("machine"),
        row.getString("region"),
        row.getString("ttl"),
        row.getString("locked_version"),
        row.getInteger("priority"),
        row.getInteger("max_attempts"),
        row.getInteger("max_duration_seconds"),
        row.getString("trigger_function"),
        row.getBoolean("is_test"),
        row.getInteger("attempt_count"),
        row.getInteger("usage_duration_ms"),
        row.getDouble("cost_in_cents"),
        row.getDouble("base_cost_in_cents"),
        List.of(row.getArrayOfStrings("realtime_streams")));
  }

  private static Run.Contents contents(Row row) {
    return new Run.Contents(
        row.getString("payload_type"),
        row.getString("output_type"),
        row.getString("metadata_type"),
        Column.known(row.getString("idempotency_key")),
        Column.known(row.getString("payload")),
        Column.known(row.getString("output")),
        Column.known(row.getString("metadata")),
        Column.known(row.getString("error")),
        Column.known(row.getString("options")));
  }

  private static @Nullable Instant instant(Row row, String column) {
    OffsetDateTime time = row.getOffsetDateTime(column);
    return time == null ? null : time.toInstant();
  }
}
