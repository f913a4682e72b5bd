package dev.runcast.wal.pgoutput;

import dev.runcast.run.place.Lsn;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.List;

/**
 * One message of protocol version 1. An xid is given as its low 32 bits, as the protocol has it.
 *
 * @see PgOutputDecoder#decode
 */
public sealed interface PgOutputMessage {

  /**
   * A committed transaction begins.
   *
   * @param commitLsn where its commit record starts
   */
  record Begin(Lsn commitLsn, Instant committedAt, int xid) implements PgOutputMessage {}

  /**
   * The transaction has been told whole.
   *
   * @param endLsn behind its commit record; what is acknowledged once the transaction is told
   */
  record Commit(Lsn commitLsn, Lsn endLsn, Instant committedAt) implements PgOutputMessage {}

  /** What the rows of a table look like from here on; comes before the first row that needs it. */
  record Relation(int oid, String namespace, String name, List<String> columns)
      implements PgOutputMessage {
    public Relation {
      columns = List.copyOf(columns);
    }
  }

  record Insert(int relation, Tuple row) implements PgOutputMessage {}

  /** The new row; the old one, where it is sent at all, is skipped. */
  record Update(int relation, Tuple row) implements PgOutputMessage {}

  /**
   * What {@code pg_logical_emit_message} wrote.
   *
   * @param transactional whether it belongs to the transaction around it; else it stands alone, at
   *     its own place in the log
   * @param lsn where its record starts
   */
  record Message(boolean transactional, Lsn lsn, String prefix, ByteBuffer content)
      implements PgOutputMessage {}

  /** A message that tells us nothing: Delete, Truncate, Origin or Type. */
  record Other(char kind) implements PgOutputMessage {}
}
