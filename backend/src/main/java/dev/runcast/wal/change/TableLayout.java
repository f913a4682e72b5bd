package dev.runcast.wal.change;

import java.util.Arrays;
import java.util.List;

/**
 * Where the columns that the tail reads stand in the rows of a table, as it looks at the moment.
 * Found by name, so that a column that another version of the service added, moved or has not added
 * yet disturbs nothing. Immutable.
 */
// The ordinals never leave this process.
@SuppressWarnings("EnumOrdinal")
public final class TableLayout {
  static final int ABSENT = -1;

  private final Table table;
  private final int[] places;

  public TableLayout(Table table, List<String> columns) {
    this.table = table;
    List<Table.Column> read = table.columns();
    this.places = new int[read.size()];
    Arrays.setAll(places, i -> columns.indexOf(read.get(i).columnName()));
  }

  public Table table() {
    return table;
  }

  /**
   * The place of one of its table's columns among the values of a row, {@link #ABSENT} when the
   * table lacks it.
   */
  public int place(Table.Column column) {
    return places[column.ordinal()];
  }
}
