package dev.runcast.wal.change;

import dev.runcast.run.place.Lsn;
import java.time.Instant;
import java.util.List;

/**
 * A whole committed transaction, as far as it wrote runs and streams.
 *
 * @param xid the low 32 bits
 * @param endLsn behind its commit record
 */
public record Transaction(int xid, Lsn endLsn, Instant committedAt, Rows rows) {

  /** What is left of its rows. */
  public sealed interface Rows {}

  /** All of them, in the order of writing; at least one. */
  public record Whole(List<TableRow> rows) implements Rows {}

  /** Too much to keep: only what must be read again. */
  public record Reduced(ConcernedFilters concerned) implements Rows {}
}
