package dev.runcast.subscribe;

import dev.runcast.run.Filter;
import dev.runcast.run.Run;
import dev.runcast.run.RunStatus;
import dev.runcast.store.FeedReader.Rows;
import dev.runcast.wire.Frame;
import dev.runcast.wire.SharedFrame;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The rows of one read with the frame that tells them, made once for all who shared the read. Owned
 * by its event loop.
 */
final class ReadRows {

  /**
   * How the rows are told.
   *
   * @param leavesFrom rows that do not match are told as leaves if they changed at or beyond this
   *     xid; of a feed of one run, that it is gone is told too: somebody may wait for its end
   */
  record Telling(boolean full, boolean start, boolean complete, long leavesFrom) {}

  private final Rows rows;
  private @Nullable Telling toldAs;
  private @Nullable SharedFrame frame;

  ReadRows(Rows rows) {
    this.rows = rows;
  }

  Rows rows() {
    return rows;
  }

  SharedFrame frame(Filter filter, Telling telling) {
    if (frame == null || !telling.equals(toldAs)) {
      frame = new SharedFrame(snapshot(filter, telling));
      toldAs = telling;
    }
    return frame;
  }

  private Frame snapshot(Filter filter, Telling telling) {
    List<Run> runs = new ArrayList<>(rows.runs().size());
    List<Frame.Leave> left = new ArrayList<>();
    for (Run run : rows.runs()) {
      if (filter.matches(run)) {
        runs.add(run);
      } else if (run.changedXid() >= telling.leavesFrom()) {
        left.add(leave(run));
      }
    }
    if (telling.complete() && rows.runs().isEmpty() && filter instanceof Filter.ByRun one) {
      left.add(new Frame.Leave(one.run(), Long.MAX_VALUE, Frame.Leave.Reason.DELETED));
    }
    return new Frame.Snapshot(telling.full(), telling.start(), telling.complete(), runs, left);
  }

  private static Frame.Leave leave(Run run) {
    boolean deleted = run.status() == RunStatus.DELETED;
    return new Frame.Leave(
        run.id(), run.version(), deleted ? Frame.Leave.Reason.DELETED : Frame.Leave.Reason.FILTER);
  }
}
