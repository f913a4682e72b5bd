package dev.runcast.wal;

import java.util.Arrays;
import java.util.List;

/**
 * Where each {@link RunColumn} stands in the rows of {@code run}, as the table looks at the moment.
 * Found by name, so that a column that another version of the service added, moved or has not added
 * yet disturbs nothing. Immutable.
 */
// The ordinals never leave this process.
@SuppressWarnings("EnumOrdinal")
final class RunLayout {
  static final int ABSENT = -1;

  private final int[] places = new int[RunColumn.values().length];

  RunLayout(List<String> columns) {
    Arrays.setAll(places, i -> columns.indexOf(RunColumn.values()[i].columnName()));
  }

  /** Its place among the values of a row, {@link #ABSENT} when the table lacks it. */
  int place(RunColumn column) {
    return places[column.ordinal()];
  }
}
