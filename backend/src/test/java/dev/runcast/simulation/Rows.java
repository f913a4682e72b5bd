package dev.runcast.simulation;

import dev.runcast.run.BatchId;
import dev.runcast.run.Column;
import dev.runcast.run.Run;
import dev.runcast.run.RunChanged;
import dev.runcast.run.RunId;
import dev.runcast.run.RunStatus;
import dev.runcast.run.place.Position;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * Rows of the model: all in one batch, tagged or not, with two wide columns that an update may
 * leave alone, change or make null.
 */
final class Rows {
  static final String TAG = "tag";
  static final String TASK = "task";
  static final BatchId BATCH = new BatchId("batch");
  private static final Run.Times TIMES =
      new Run.Times(Instant.EPOCH, Instant.EPOCH, null, null, null, null, null);

  private static Run.Facts facts(List<String> streams) {
    return new Run.Facts(
        null, null, null, null, null, null, 0, null, null, "trigger", false, 0, 0, 0, 0, streams);
  }

  /** The wide columns as one write tells them. */
  record Wide(Column<String> payload, Column<String> metadata) {
    Wide over(Wide older) {
      return new Wide(payload.over(older.payload), metadata.over(older.metadata));
    }
  }

  private Rows() {}

  static Wide wide(Run run) {
    return new Wide(run.contents().payload(), run.contents().metadata());
  }

  static Run inserted(RunId id, long xid, RunStatus status, boolean tag, Wide wide) {
    return row(id, 1, xid, status, tag, wide, List.of());
  }

  /**
   * @param status null to leave it as it is
   */
  static Run updated(Run before, long xid, RunStatus status, boolean tag, Wide written) {
    return row(
        before.id(),
        before.version() + 1,
        xid,
        status == null ? before.status() : status,
        tag || !before.tags().isEmpty(),
        written.over(wide(before)),
        before.facts().realtimeStreams());
  }

  /** It names one more stream. */
  static Run naming(Run before, long xid, String stream) {
    List<String> streams = new ArrayList<>(before.facts().realtimeStreams());
    streams.add(stream);
    return row(
        before.id(),
        before.version() + 1,
        xid,
        before.status(),
        !before.tags().isEmpty(),
        wide(before),
        streams);
  }

  /** The change as the log tells it: a wide column that was left alone is not told. */
  static RunChanged change(Position position, Run now, Run before, Wide written) {
    Run told =
        row(
            now.id(),
            now.version(),
            now.changedXid(),
            now.status(),
            !now.tags().isEmpty(),
            written,
            now.facts().realtimeStreams());
    return new RunChanged(
        position,
        Instant.EPOCH,
        told,
        before == null,
        before != null && before.status() != now.status() ? before.status() : null,
        before != null && before.tags().size() != now.tags().size() ? before.tags().size() : null);
  }

  private static Run row(
      RunId id,
      long version,
      long xid,
      RunStatus status,
      boolean tag,
      Wide wide,
      List<String> streams) {
    return new Run(
        ModelPostgres.ENVIRONMENT,
        id,
        version,
        xid,
        status,
        TASK,
        tag ? List.of(TAG) : List.of(),
        new Run.Links(BATCH, null, null, 0),
        TIMES,
        facts(streams),
        new Run.Contents(
            null,
            null,
            null,
            Column.known(null),
            wide.payload(),
            Column.known(null),
            wide.metadata(),
            Column.known(null),
            Column.known(null)));
  }
}
