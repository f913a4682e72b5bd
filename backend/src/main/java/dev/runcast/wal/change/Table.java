package dev.runcast.wal.change;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** The tables whose rows the tail tells, under the names that they have in Postgres. */
public enum Table {
  RUN("run"),
  STREAM_SEGMENT("stream_segment"),
  REVOCATION("revocation");

  /** A column that the tail reads. */
  public interface Column {
    /** Its name in Postgres. */
    String columnName();

    /** Its place among the columns that are read. */
    int ordinal();
  }

  private final String tableName;

  Table(String tableName) {
    this.tableName = tableName;
  }

  /** Empty for one that tells nothing of ours. */
  public static Optional<Table> named(String name) {
    return Arrays.stream(values()).filter(table -> table.tableName.equals(name)).findFirst();
  }

  public String tableName() {
    return tableName;
  }

  /** Each at the place that its ordinal says. */
  public List<Column> columns() {
    return switch (this) {
      case RUN -> List.of(RunColumn.values());
      case STREAM_SEGMENT -> List.of(SegmentColumn.values());
      case REVOCATION -> List.of(RevocationColumn.values());
    };
  }

  /** Which holds the transaction that has written a row. */
  Column xid() {
    return switch (this) {
      case RUN -> RunColumn.CHANGED_XID;
      case STREAM_SEGMENT -> SegmentColumn.CHANGED_XID;
      case REVOCATION -> RevocationColumn.CHANGED_XID;
    };
  }

  /** Which holds the environment that a row is of. */
  Column environment() {
    return switch (this) {
      case RUN -> RunColumn.ENVIRONMENT_ID;
      case STREAM_SEGMENT -> SegmentColumn.ENVIRONMENT_ID;
      case REVOCATION -> RevocationColumn.ENVIRONMENT_ID;
    };
  }
}
