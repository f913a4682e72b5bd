package dev.runcast.wal;

import dev.runcast.run.Lsn;
import java.time.Instant;
import java.util.List;

/**
 * A whole committed transaction, as far as it wrote runs and streams.
 *
 * @param xid the low 32 bits
 * @param endLsn behind its commit record
 */
record Transaction(int xid, Lsn endLsn, Instant committedAt, Rows rows) {

  /** What is left of its rows. */
  sealed interface Rows {}

  /** All of them, in the order of writing; at least one. */
  record Whole(List<TableRow> rows) implements Rows {}

  /** Too much to keep: only what must be read again. */
  record Reduced(ConcernedFilters concerned) implements Rows {}
}
