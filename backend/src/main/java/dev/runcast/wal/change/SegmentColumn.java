package dev.runcast.wal.change;

import java.util.Locale;

/** The columns of {@code stream_segment} that the tail reads; the constant is the column's name. */
public enum SegmentColumn implements Table.Column {
  ENVIRONMENT_ID,
  RUN_ID,
  KEY,
  FIRST_SEQ,
  REVISION,
  COUNT,
  CHUNKS,
  WRITERS,
  CHANGED_XID,
  APPENDED_AT;

  private final String columnName = name().toLowerCase(Locale.ROOT);

  @Override
  public String columnName() {
    return columnName;
  }
}
