package dev.runcast.wal;

import dev.runcast.run.ChangeBatch;
import dev.runcast.run.ChangeBatch.Committed;
import dev.runcast.run.ChangeBatch.Entry;
import dev.runcast.run.ChangeBatch.Horizon;
import dev.runcast.run.ChangeBatch.Oversized;
import dev.runcast.run.place.Lsn;
import dev.runcast.wal.change.ChangeMapper;
import dev.runcast.wal.change.Transaction;
import dev.runcast.wal.change.TransactionAssembler;
import dev.runcast.wal.pgoutput.PgOutputDecoder;
import dev.runcast.wal.pgoutput.PgOutputMessage;
import dev.runcast.wal.pgoutput.PgOutputMessage.Message;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The reader without its connection: messages of one replication session in, linked batches out.
 * Owned by the reader's thread.
 *
 * <p>The LSN of an entry is the place right behind its record (a transaction's commit, a horizon's
 * message), so that all of it has been told exactly when {@code last} is at or beyond it, and the
 * next record, which may start at that very place, has not.
 */
final class ChangeStream {
  private final ReplicationSession session;
  private final ReplicationSettings.Limits limits;
  private final TransactionAssembler assembler;
  private final ChangeMapper mapper;

  private List<Entry> entries = new ArrayList<>();
  private long bytes;
  private int rows;

  /** The {@code last} of the batch taken before. */
  private Lsn prev;

  /** Up to where everything has come in. */
  private Lsn last;

  /** The greatest xid of a transaction told in this session. */
  private long greatestXid;

  ChangeStream(ReplicationSession session, ReplicationSettings.Limits limits) {
    this.session = session;
    this.limits = limits;
    this.assembler = new TransactionAssembler(limits.transactionBytes(), limits.transactionKeys());
    this.mapper = new ChangeMapper(limits.transactionKeys(), session.newestXid());
    this.prev = session.start();
    this.last = session.start();
  }

  /**
   * Takes the next message of the plugin.
   *
   * @throws dev.runcast.wal.pgoutput.MalformedMessageException when the session can't go on
   */
  void accept(ByteBuffer payload) {
    bytes += payload.remaining();
    PgOutputMessage message = PgOutputDecoder.decode(payload);
    if (message instanceof Message told) {
      acceptMessage(told);
      return;
    }
    Transaction transaction = assembler.accept(message);
    if (transaction != null) {
      add(mapper.toEntry(transaction));
    }
    if (message instanceof PgOutputMessage.Commit commit) {
      advance(commit.endLsn());
    }
  }

  /** Learns from Postgres that it has sent everything up to here. */
  void acceptKeepalive(Lsn sent) {
    if (!assembler.isOpen()) {
      advance(sent);
    }
  }

  private void acceptMessage(Message message) {
    if (message.transactional()) {
      return;
    }
    // Any place inside the record is behind every earlier record and before every later one.
    Lsn inside = new Lsn(message.lsn().value() + 1);
    if (message.prefix().equals(HorizonMark.PREFIX)) {
      HorizonMark mark = HorizonMark.parse(message.content());
      if (mark != null) {
        addHorizon(mark, inside);
      }
    }
    advance(inside);
  }

  /**
   * A mark whose place is before the start of the session says nothing about the transactions that
   * an earlier session told, so it is left out.
   */
  private void addHorizon(HorizonMark mark, Lsn lsn) {
    mapper.sawXid(mark.xid());
    if (!session.start().isAfter(mark.place())) {
      entries.add(new Horizon(lsn, mark.xmin(), Math.max(mark.xid(), greatestXid) + 1));
    }
  }

  private void add(Entry entry) {
    entries.add(entry);
    if (entry instanceof Committed committed) {
      greatestXid = Math.max(greatestXid, committed.xid());
      rows += committed.changes().size() + committed.segments().size();
      rows += committed.revocations().size();
    } else if (entry instanceof Oversized oversized) {
      greatestXid = Math.max(greatestXid, oversized.xid());
    }
  }

  private void advance(Lsn to) {
    if (to.isAfter(last)) {
      last = to;
    }
  }

  /** Whether the batch has grown to where it should be told before more is read. */
  boolean isFull() {
    return !entries.isEmpty() && (rows >= limits.batchRows() || bytes >= limits.batchBytes());
  }

  /** Whether there is a horizon or a change to tell. */
  boolean hasNews() {
    return !entries.isEmpty();
  }

  /** Whether anything has come in since the last batch, be it only that the log went on. */
  boolean hasMoved() {
    return last.isAfter(prev);
  }

  /** Everything since the batch before; without entries, that nothing of ours was written. */
  ChangeBatch take() {
    ChangeBatch batch =
        new ChangeBatch(session.incarnation(), session.number(), prev, last, entries);
    entries = new ArrayList<>();
    bytes = 0;
    rows = 0;
    prev = last;
    return batch;
  }

  /** Why rows were told as oversized though they were not; null when there were none. */
  @Nullable String unreadable() {
    return mapper.unreadable();
  }
}
