package dev.runcast.run.place;

/**
 * A place in the stream of changes of one incarnation: the commit LSN of a transaction and the
 * index of the change within it. {@link #END} as index stands for "the whole transaction".
 */
public record Position(Lsn lsn, int index) implements Comparable<Position> {
  public static final int END = Integer.MAX_VALUE;

  /** The place behind all changes of the transaction that committed at this LSN. */
  public static Position endOf(Lsn lsn) {
    return new Position(lsn, END);
  }

  public boolean isEnd() {
    return index == END;
  }

  /** The greatest place before this one. Only meaningful for a change's own position. */
  public Position before() {
    return new Position(lsn, index - 1);
  }

  public boolean isAfter(Position other) {
    return compareTo(other) > 0;
  }

  @Override
  public int compareTo(Position other) {
    int byLsn = lsn.compareTo(other.lsn);
    return byLsn != 0 ? byLsn : Integer.compare(index, other.index);
  }
}
