package dev.runcast.wal.change;

import dev.runcast.run.BatchId;
import dev.runcast.run.ChangeBatch.Committed;
import dev.runcast.run.ChangeBatch.Entry;
import dev.runcast.run.ChangeBatch.Oversized;
import dev.runcast.run.EnvironmentId;
import dev.runcast.run.Run;
import dev.runcast.run.RunChanged;
import dev.runcast.run.RunId;
import dev.runcast.run.place.Position;
import dev.runcast.run.revocation.Revocation;
import dev.runcast.run.revocation.Revoked;
import dev.runcast.run.stream.SegmentAppended;
import dev.runcast.run.stream.StreamKey;
import dev.runcast.run.stream.StreamSegment;
import dev.runcast.wal.pgoutput.MalformedMessageException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Turns a transaction of rows into the entry of a batch: the only class that knows both the columns
 * and {@link Run} or {@link StreamSegment}.
 *
 * <p>Nothing is lost to a row that it can't read (a value that was not sent where one must be, a
 * status of a later version): the whole transaction is then told as {@link Oversized}, so that
 * whoever it concerns reads the table. Owned by the reader's thread.
 */
public final class ChangeMapper {
  private final int maxKeys;
  private EnvironmentId lastEnvironment = new EnvironmentId("none");

  /** An xid that was newest a moment ago: what a 32-bit one is widened by. */
  private long newestXid;

  /** Why a row could not be read, the last time; null as long as all could. */
  private @Nullable String unreadable;

  public ChangeMapper(int maxKeys, long newestXid) {
    this.maxKeys = maxKeys;
    this.newestXid = newestXid;
  }

  /** Learns how far the xids have come. */
  public void sawXid(long xid) {
    newestXid = Math.max(newestXid, xid);
  }

  /** What a row lacked that could not be read; null when there was none. Carries no values. */
  public @Nullable String unreadable() {
    return unreadable;
  }

  public Entry toEntry(Transaction transaction) {
    if (transaction.rows() instanceof Transaction.Reduced reduced) {
      return oversized(transaction, reduced.concerned());
    }
    List<TableRow> rows = ((Transaction.Whole) transaction.rows()).rows();
    try {
      return committed(transaction, rows);
    } catch (IllegalArgumentException e) {
      unreadable = e.getMessage();
      return oversized(transaction, new ConcernedFilters(maxKeys, rows));
    }
  }

  private Committed committed(Transaction transaction, List<TableRow> rows) {
    List<RunChanged> changes = new ArrayList<>(rows.size());
    List<SegmentAppended> segments = new ArrayList<>(0);
    List<Revoked> revocations = new ArrayList<>(0);
    int index = 0;
    for (TableRow row : rows) {
      Position position = new Position(transaction.endLsn(), index++);
      requireOwn(transaction.xid(), row);
      switch (row.table()) {
        case RUN -> changes.add(change(row, position, transaction));
        case STREAM_SEGMENT -> segments.add(segment(row, position));
        case REVOCATION -> revocations.add(new Revoked(position, revocation(row)));
      }
    }
    return new Committed(
        transaction.endLsn(),
        rows.get(0).int8(rows.get(0).table().xid()),
        transaction.committedAt(),
        changes,
        segments,
        revocations);
  }

  private RunChanged change(TableRow row, Position position, Transaction transaction) {
    Run run = run(row);
    Integer prevTagCount = row.int4OrNull(RunColumn.PREV_TAG_COUNT);
    if (prevTagCount != null && (prevTagCount < 0 || prevTagCount > run.tags().size())) {
      throw new MalformedMessageException("run.prev_tag_count is not a count of the row's tags");
    }
    return new RunChanged(
        position,
        transaction.committedAt(),
        run,
        row.inserted(),
        row.statusOrNull(RunColumn.PREV_STATUS),
        prevTagCount);
  }

  private SegmentAppended segment(TableRow row, Position position) {
    StreamSegment segment =
        new StreamSegment(
            new StreamKey(
                environment(row.text(SegmentColumn.ENVIRONMENT_ID)),
                new RunId(row.text(SegmentColumn.RUN_ID)),
                row.text(SegmentColumn.KEY)),
            row.int8(SegmentColumn.REVISION),
            row.int8(SegmentColumn.FIRST_SEQ),
            row.int4(SegmentColumn.COUNT),
            row.text(SegmentColumn.CHUNKS),
            row.int4(SegmentColumn.WRITERS),
            row.time(SegmentColumn.APPENDED_AT));
    return new SegmentAppended(position, row.int8(SegmentColumn.CHANGED_XID), segment);
  }

  private Revocation revocation(TableRow row) {
    return new Revocation(
        new Revocation.Identity(
            environment(row.text(RevocationColumn.ENVIRONMENT_ID)),
            Revocation.Kind.valueOf(row.text(RevocationColumn.KIND)),
            row.text(RevocationColumn.SUBJECT)),
        row.timeOrNull(RevocationColumn.AT),
        row.timeOrNull(RevocationColumn.EXPIRES_AT),
        row.time(RevocationColumn.WRITTEN_AT));
  }

  private static void requireOwn(int xid, TableRow row) {
    if (!Xids.isSame(xid, row.int8(row.table().xid()))) {
      throw new MalformedMessageException(
          row.table().tableName() + ".changed_xid was not set by the writing transaction");
    }
  }

  private Oversized oversized(Transaction transaction, ConcernedFilters concerned) {
    return new Oversized(
        transaction.endLsn(),
        fullXid(transaction.xid(), concerned.first()),
        concerned.environments(),
        concerned.keys());
  }

  private long fullXid(int xid, TableRow row) {
    try {
      long written = row.int8(row.table().xid());
      return Xids.isSame(xid, written) ? written : Xids.widen(xid, newestXid);
    } catch (MalformedMessageException e) {
      return Xids.widen(xid, newestXid);
    }
  }

  private Run run(TableRow row) {
    return new Run(
        environment(row.text(RunColumn.ENVIRONMENT_ID)),
        new RunId(row.text(RunColumn.ID)),
        row.int8(RunColumn.VERSION),
        row.int8(RunColumn.CHANGED_XID),
        row.status(RunColumn.STATUS),
        row.text(RunColumn.TASK_IDENTIFIER),
        row.texts(RunColumn.TAGS),
        links(row),
        times(row),
        facts(row),
        contents(row));
  }

  /** Rows of one environment mostly come in a row; its id is checked once for them all. */
  private EnvironmentId environment(String id) {
    if (!lastEnvironment.value().equals(id)) {
      lastEnvironment = new EnvironmentId(id);
    }
    return lastEnvironment;
  }

  public static Run.Links links(TableRow row) {
    String batch = row.textOrNull(RunColumn.BATCH_ID);
    String parent = row.textOrNull(RunColumn.PARENT_ID);
    String root = row.textOrNull(RunColumn.ROOT_ID);
    return new Run.Links(
        batch == null ? null : new BatchId(batch),
        parent == null ? null : new RunId(parent),
        root == null ? null : new RunId(root),
        row.int4(RunColumn.DEPTH));
  }

  private static Run.Times times(TableRow row) {
    return new Run.Times(
        row.time(RunColumn.CREATED_AT),
        row.time(RunColumn.UPDATED_AT),
        row.timeOrNull(RunColumn.QUEUED_AT),
        row.timeOrNull(RunColumn.DELAY_UNTIL),
        row.timeOrNull(RunColumn.STARTED_AT),
        row.timeOrNull(RunColumn.EXPIRED_AT),
        row.timeOrNull(RunColumn.COMPLETED_AT));
  }

  private static Run.Facts facts(TableRow row) {
    return new Run.Facts(
        row.textOrNull(RunColumn.QUEUE),
        row.textOrNull(RunColumn.CONCURRENCY_KEY),
        row.textOrNull(RunColumn.MACHINE),
        row.textOrNull(RunColumn.REGION),
        row.textOrNull(RunColumn.TTL),
        row.textOrNull(RunColumn.LOCKED_VERSION),
        row.int4(RunColumn.PRIORITY),
        row.int4OrNull(RunColumn.MAX_ATTEMPTS),
        row.int4OrNull(RunColumn.MAX_DURATION_SECONDS),
        row.text(RunColumn.TRIGGER_FUNCTION),
        row.bool(RunColumn.IS_TEST),
        row.int4(RunColumn.ATTEMPT_COUNT),
        row.int4(RunColumn.USAGE_DURATION_MS),
        row.float8(RunColumn.COST_IN_CENTS),
        row.float8(RunColumn.BASE_COST_IN_CENTS),
        row.texts(RunColumn.REALTIME_STREAMS));
  }

  private static Run.Contents contents(TableRow row) {
    return new Run.Contents(
        row.textOrNull(RunColumn.PAYLOAD_TYPE),
        row.textOrNull(RunColumn.OUTPUT_TYPE),
        row.textOrNull(RunColumn.METADATA_TYPE),
        row.wide(RunColumn.IDEMPOTENCY_KEY),
        row.wide(RunColumn.PAYLOAD),
        row.wide(RunColumn.OUTPUT),
        row.wide(RunColumn.METADATA),
        row.wide(RunColumn.ERROR),
        row.wide(RunColumn.OPTIONS));
  }
}
