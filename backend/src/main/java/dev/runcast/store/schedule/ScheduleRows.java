package dev.runcast.store.schedule;

import io.vertx.sqlclient.Row;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.stream.Collectors;

/** Rows of schedules, read. */
final class ScheduleRows {
  private static final List<String> NAMES =
      List.of(
          "id",
          "type",
          "task",
          "cron",
          "timezone",
          "delay_window",
          "deduplication_key",
          "external_id",
          "active",
          "last_at");

  static final String COLUMNS = String.join(", ", NAMES);

  private ScheduleRows() {}

  /** The columns of a table that goes by an alias. */
  static String columns(String alias) {
    return NAMES.stream().map(name -> alias + "." + name).collect(Collectors.joining(", "));
  }

  static Schedule read(Row row) {
    OffsetDateTime lastAt = row.getOffsetDateTime("last_at");
    return new Schedule(
        row.getString("id"),
        row.getString("type").equals("DECLARATIVE"),
        new Schedule.Plan(
            row.getString("task"),
            row.getString("cron"),
            row.getString("timezone"),
            row.getString("delay_window"),
            row.getString("external_id")),
        row.getString("deduplication_key"),
        row.getBoolean("active"),
        lastAt == null ? null : lastAt.toInstant());
  }
}
