package dev.runcast.wal.change;

import dev.runcast.run.Column;
import dev.runcast.run.RunStatus;
import dev.runcast.wal.pgoutput.MalformedMessageException;
import dev.runcast.wal.pgoutput.Tuple;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One written row of {@code run} or of another table that is told, still as bytes, with its columns
 * found by name. A column that the table lacks reads as null. All accessors but {@link #wide} throw
 * {@link MalformedMessageException} for a value that was not sent or has an unknown form, and those
 * that cannot answer null for null too.
 */
public record TableRow(TableLayout layout, Tuple tuple, boolean inserted) {
  private static final RunStatus[] STATUSES = RunStatus.values();

  /** A value that may be left out when an update did not touch it. */
  public Column<String> wide(Table.Column column) {
    int place = layout.place(column);
    if (place == TableLayout.ABSENT) {
      return Column.known(null);
    }
    checkWidth(place);
    return tuple.isUnchanged(place) ? Column.unchanged() : Column.known(tuple.textOrNull(place));
  }

  public @Nullable String textOrNull(Table.Column column) {
    int place = placeOrNull(column);
    return place == TableLayout.ABSENT ? null : tuple.text(place);
  }

  public String text(Table.Column column) {
    return tuple.text(place(column));
  }

  public RunStatus status(Table.Column column) {
    int place = place(column);
    for (RunStatus status : STATUSES) {
      if (tuple.isAscii(place, status.name())) {
        return status;
      }
    }
    throw unreadable(column, "is not a status that this version knows");
  }

  public @Nullable RunStatus statusOrNull(Table.Column column) {
    return placeOrNull(column) == TableLayout.ABSENT ? null : status(column);
  }

  public long int8(Table.Column column) {
    return tuple.int8(place(column));
  }

  public int int4(Table.Column column) {
    return tuple.int4(place(column));
  }

  public @Nullable Integer int4OrNull(Table.Column column) {
    int place = placeOrNull(column);
    return place == TableLayout.ABSENT ? null : tuple.int4(place);
  }

  public double float8(Table.Column column) {
    return tuple.float8(place(column));
  }

  public boolean bool(Table.Column column) {
    return tuple.bool(place(column));
  }

  public Instant time(Table.Column column) {
    return tuple.timestamptz(place(column));
  }

  public @Nullable Instant timeOrNull(Table.Column column) {
    int place = placeOrNull(column);
    return place == TableLayout.ABSENT ? null : tuple.timestamptz(place);
  }

  public List<String> texts(Table.Column column) {
    List<@Nullable String> texts = tuple.textArray(place(column));
    for (String text : texts) {
      if (text == null) {
        throw unreadable(column, "has a null among its elements");
      }
    }
    return List.copyOf(texts);
  }

  public Table table() {
    return layout.table();
  }

  public int weight() {
    return tuple.weight();
  }

  private int place(Table.Column column) {
    int place = placeOrNull(column);
    if (place == TableLayout.ABSENT) {
      throw unreadable(column, "is null");
    }
    return place;
  }

  /** The place of a text; that of an absent column when it is null. */
  private int placeOrNull(Table.Column column) {
    int place = layout.place(column);
    if (place == TableLayout.ABSENT) {
      return place;
    }
    checkWidth(place);
    if (tuple.isUnchanged(place)) {
      throw unreadable(column, "was not sent");
    }
    return tuple.isNull(place) ? TableLayout.ABSENT : place;
  }

  private void checkWidth(int place) {
    if (place >= tuple.size()) {
      throw new MalformedMessageException("a row has fewer columns than its relation");
    }
  }

  private MalformedMessageException unreadable(Table.Column column, String what) {
    return new MalformedMessageException(
        layout.table().tableName() + "." + column.columnName() + " " + what);
  }
}
