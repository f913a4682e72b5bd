package dev.runcast.store.waitpoint;

import dev.runcast.run.WaitpointId;
import dev.runcast.store.waitpoint.Waitpoint.End;
import dev.runcast.store.waitpoint.Waitpoint.Output;
import dev.runcast.store.waitpoint.Waitpoint.Status;
import dev.runcast.store.waitpoint.Waitpoint.Times;
import io.vertx.sqlclient.Row;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Rows as waitpoints. */
final class WaitpointRows {
  /** Without the output. */
  static final String LIGHT_COLUMNS =
      "id, status, callback, tags, created_at, timeout_at, completed_at, idempotency_key,"
          + " key_expires_at";

  static final String COLUMNS = LIGHT_COLUMNS + ", output, output_type, output_is_error";

  private WaitpointRows() {}

  static Waitpoint read(Row row) {
    return read(row, output(row));
  }

  /** A row of {@link #LIGHT_COLUMNS}. */
  static Waitpoint readLight(Row row) {
    return read(row, null);
  }

  private static Waitpoint read(Row row, @Nullable Output output) {
    String key = row.getString("idempotency_key");
    Instant completed = instant(row, "completed_at");
    return new Waitpoint(
        new WaitpointId(row.getString("id")),
        Status.valueOf(row.getString("status")),
        row.getString("callback"),
        List.of(row.getArrayOfStrings("tags")),
        new Times(row.getOffsetDateTime("created_at").toInstant(), instant(row, "timeout_at")),
        key == null ? null : new Waitpoint.Key(key, instant(row, "key_expires_at")),
        completed == null ? null : new End(completed, output));
  }

  private static @Nullable Output output(Row row) {
    String text = row.getString("output");
    String type = row.getString("output_type");
    return text == null || type == null
        ? null
        : new Output(text, type, row.getBoolean("output_is_error"));
  }

  private static @Nullable Instant instant(Row row, String column) {
    OffsetDateTime time = row.getOffsetDateTime(column);
    return time == null ? null : time.toInstant();
  }
}
