package dev.runcast.wal.change;

import dev.runcast.wal.change.Transaction.Reduced;
import dev.runcast.wal.change.Transaction.Rows;
import dev.runcast.wal.change.Transaction.Whole;
import dev.runcast.wal.pgoutput.MalformedMessageException;
import dev.runcast.wal.pgoutput.PgOutputMessage;
import dev.runcast.wal.pgoutput.PgOutputMessage.Begin;
import dev.runcast.wal.pgoutput.PgOutputMessage.Commit;
import dev.runcast.wal.pgoutput.PgOutputMessage.Insert;
import dev.runcast.wal.pgoutput.PgOutputMessage.Relation;
import dev.runcast.wal.pgoutput.PgOutputMessage.Update;
import dev.runcast.wal.pgoutput.Tuple;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Gathers the messages from Begin to Commit into one {@link Transaction}. A transaction whose rows
 * weigh more than the cap is reduced, while it still streams in, to what must be read again, so
 * that memory stays bounded. Owned by the reader's thread.
 */
public final class TransactionAssembler {
  private final RelationCache relations = new RelationCache();
  private final long maxBytes;
  private final int maxKeys;

  private @Nullable Begin open;
  private List<TableRow> rows = new ArrayList<>();
  private long bytes;

  /** Non-null once the open transaction went over the cap; {@code rows} is then empty. */
  private @Nullable ConcernedFilters concerned;

  /**
   * @param maxBytes what the rows of one transaction may take, in bytes
   * @param maxKeys how many filter keys are kept of one that takes more
   */
  public TransactionAssembler(long maxBytes, int maxKeys) {
    this.maxBytes = maxBytes;
    this.maxKeys = maxKeys;
  }

  /** Whether a transaction has begun whose end has not come. */
  public boolean isOpen() {
    return open != null;
  }

  /**
   * Takes the next message.
   *
   * @return at a Commit, the transaction, unless it wrote nothing of ours; else null
   * @throws MalformedMessageException when the messages are out of order or a row's environment
   *     can't be told
   */
  public @Nullable Transaction accept(PgOutputMessage message) {
    if (message instanceof Insert insert) {
      add(insert.relation(), insert.row(), true);
    } else if (message instanceof Update update) {
      add(update.relation(), update.row(), false);
    } else if (message instanceof Begin begin) {
      begin(begin);
    } else if (message instanceof Commit commit) {
      return commit(commit);
    } else if (message instanceof Relation relation) {
      relations.accept(relation);
    }
    return null;
  }

  private void begin(Begin begin) {
    if (open != null) {
      throw new MalformedMessageException("a transaction begins inside another one");
    }
    open = begin;
  }

  private void add(int relation, Tuple tuple, boolean inserted) {
    if (open == null) {
      throw new MalformedMessageException("a row outside any transaction");
    }
    TableLayout layout = relations.layout(relation);
    if (layout == null) {
      return;
    }
    TableRow row = new TableRow(layout, tuple, inserted);
    if (concerned != null) {
      concerned.add(row);
      return;
    }
    rows.add(row);
    bytes += row.weight();
    if (bytes > maxBytes) {
      concerned = new ConcernedFilters(maxKeys, rows);
      rows = new ArrayList<>();
    }
  }

  private @Nullable Transaction commit(Commit commit) {
    if (open == null) {
      throw new MalformedMessageException("a commit outside any transaction");
    }
    Rows told = concerned == null ? new Whole(rows) : new Reduced(concerned);
    boolean isEmpty = concerned == null && rows.isEmpty();
    int xid = open.xid();
    open = null;
    concerned = null;
    bytes = 0;
    if (isEmpty) {
      return null;
    }
    rows = new ArrayList<>();
    return new Transaction(xid, commit.endLsn(), commit.committedAt(), told);
  }
}
