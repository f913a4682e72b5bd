package dev.runcast.wal;

import dev.runcast.wal.change.RunColumn;
import dev.runcast.wal.change.Table;
import dev.runcast.wal.change.TableLayout;
import dev.runcast.wal.change.TableRow;
import dev.runcast.wal.pgoutput.PgOutputDecoder;
import dev.runcast.wal.pgoutput.PgOutputMessage;
import dev.runcast.wal.pgoutput.PgOutputMessage.Insert;
import dev.runcast.wal.pgoutput.PgOutputMessage.Update;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** A row of {@code run} as the log would tell it: an ordinary one, but for what a test sets. */
public final class RunValues {
  public static final int OID = 16_400;
  public static final List<String> COLUMNS =
      Arrays.stream(RunColumn.values()).map(RunColumn::columnName).toList();

  private final Map<RunColumn, String> values = new EnumMap<>(RunColumn.class);

  private RunValues() {}

  public static RunValues of(String environment, String id, long xid) {
    return new RunValues()
        .with(RunColumn.ENVIRONMENT_ID, environment)
        .with(RunColumn.ID, id)
        .with(RunColumn.VERSION, "1")
        .with(RunColumn.CHANGED_XID, Long.toString(xid))
        .with(RunColumn.STATUS, "PENDING")
        .with(RunColumn.TASK_IDENTIFIER, "hello")
        .with(RunColumn.TAGS, "{}")
        .with(RunColumn.DEPTH, "0")
        .with(RunColumn.CREATED_AT, "2026-01-02 03:04:05+00")
        .with(RunColumn.UPDATED_AT, "2026-01-02 03:04:05.5+00")
        .with(RunColumn.PRIORITY, "0")
        .with(RunColumn.TRIGGER_FUNCTION, "trigger")
        .with(RunColumn.IS_TEST, "f")
        .with(RunColumn.ATTEMPT_COUNT, "0")
        .with(RunColumn.USAGE_DURATION_MS, "0")
        .with(RunColumn.COST_IN_CENTS, "0")
        .with(RunColumn.BASE_COST_IN_CENTS, "0")
        .with(RunColumn.REALTIME_STREAMS, "{}");
  }

  public RunValues with(RunColumn column, String value) {
    values.put(column, value);
    return this;
  }

  public static ByteBuffer relation() {
    return PgOutputBytes.relation(OID, "run", COLUMNS);
  }

  public ByteBuffer insert() {
    return PgOutputBytes.insert(OID, inOrder(COLUMNS));
  }

  public ByteBuffer update() {
    return PgOutputBytes.update(OID, inOrder(COLUMNS));
  }

  public List<String> inOrder(List<String> columns) {
    List<String> row = new ArrayList<>();
    for (String column : columns) {
      row.add(
          COLUMNS.contains(column)
              ? values.get(RunColumn.valueOf(column.toUpperCase(Locale.ROOT)))
              : "?");
    }
    return row;
  }

  /** The row as the assembler hands it on. */
  public TableRow row(boolean inserted) {
    PgOutputMessage message = PgOutputDecoder.decode(inserted ? insert() : update());
    return new TableRow(
        new TableLayout(Table.RUN, COLUMNS),
        message instanceof Insert insert ? insert.row() : ((Update) message).row(),
        inserted);
  }
}
