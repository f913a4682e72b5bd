package dev.runcast.store.wait;

import dev.runcast.store.wait.NewWait.Index;
import dev.runcast.store.wait.NewWait.Kind;
import io.vertx.sqlclient.Row;
import java.time.OffsetDateTime;
import org.jspecify.annotations.Nullable;

/** How the end of what a run waited for is read from its row. */
final class EndedWaitRows {
  private static final String CANCELLED =
      "{\"type\":\"INTERNAL_ERROR\",\"code\":\"TASK_RUN_CANCELLED\",\"message\":\"The run was"
          + " cancelled.\"}";

  private static final String UNSAID =
      "{\"type\":\"STRING_ERROR\",\"raw\":\"The run did not succeed, and does not say why.\"}";

  private EndedWaitRows() {}

  static EndedWait read(Row row) {
    Kind kind = Kind.valueOf(row.getString("kind"));
    String batch = row.getString("batch_id");
    OffsetDateTime until = row.getOffsetDateTime("until");
    NewWait wait =
        new NewWait(
            row.getString("id"),
            kind,
            row.getString("target"),
            batch == null ? null : new Index(batch, row.getInteger("batch_index")),
            until == null ? null : until.toInstant());
    return new EndedWait(
        wait,
        row.getOffsetDateTime("ended_at").toInstant(),
        kind == Kind.RUN ? ofRun(row) : other(row));
  }

  private static EndedWait.Output ofRun(Row row) {
    String status = row.getString("run_status");
    if ("COMPLETED_SUCCESSFULLY".equals(status)) {
      return new EndedWait.Output(row.getString("output"), row.getString("type"), false);
    }
    String error = row.getString("error");
    String otherwise = "CANCELED".equals(status) ? CANCELLED : UNSAID;
    return new EndedWait.Output(error == null ? otherwise : error, "application/json", true);
  }

  private static EndedWait.@Nullable Output other(Row row) {
    String output = row.getString("output");
    boolean isError = Boolean.TRUE.equals(row.getBoolean("output_is_error"));
    return output == null && !isError
        ? null
        : new EndedWait.Output(output, row.getString("type"), isError);
  }
}
