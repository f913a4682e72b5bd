package dev.runcast.subscribe;

import dev.runcast.run.Filter;
import dev.runcast.run.Run;
import dev.runcast.run.RunStatus;
import dev.runcast.store.feed.FeedReader.Rows;
import dev.runcast.wire.Frame;
import dev.runcast.wire.SharedFrame;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;
import org.jspecify.annotations.Nullable;

/**
 * The rows of one read with the frames that tell them, made once for all who shared the read. Owned
 * by its event loop.
 */
final class ReadRows {

  /**
   * How the rows are told.
   *
   * @param leavesFrom rows that do not match are told as leaves if they changed at or beyond this
   *     xid; of a feed of one run, that it is gone is told too: somebody may wait for its end
   * @param buckets the parts of the feed that it is a repair of; empty for none
   */
  record Telling(
      boolean full, boolean start, boolean complete, long leavesFrom, SortedSet<Integer> buckets) {

    private Telling ofPiece(boolean isFirst, boolean isLast) {
      return new Telling(full, start && isFirst, complete && isLast, leavesFrom, buckets);
    }
  }

  /** One event is no longer than this: clients hold it whole, and some have limits of their own. */
  private static final int MOST_RUNS = 500;

  private static final long MOST_BYTES = 1 << 20;

  private final Rows rows;
  private @Nullable Telling toldAs;
  private List<SharedFrame> frames = List.of();

  ReadRows(Rows rows) {
    this.rows = rows;
  }

  Rows rows() {
    return rows;
  }

  /** At least one, in the order in which they are to be sent. */
  List<SharedFrame> frames(Filter filter, Telling telling) {
    if (!telling.equals(toldAs)) {
      frames = told(filter, telling);
      toldAs = telling;
    }
    return frames;
  }

  private List<SharedFrame> told(Filter filter, Telling telling) {
    List<SharedFrame> told = new ArrayList<>(1);
    List<List<Run>> pieces = pieces(rows.runs());
    for (int i = 0; i < pieces.size(); i++) {
      boolean isLast = i == pieces.size() - 1;
      Telling piece = telling.ofPiece(i == 0, isLast);
      told.add(new SharedFrame(snapshot(filter, pieces.get(i), piece)));
    }
    return told;
  }

  private static List<List<Run>> pieces(List<Run> runs) {
    List<List<Run>> pieces = new ArrayList<>(1);
    long bytes = 0;
    int from = 0;
    for (int i = 0; i < runs.size(); i++) {
      int weight = runs.get(i).weight();
      if (i > from && (i - from == MOST_RUNS || bytes + weight > MOST_BYTES)) {
        pieces.add(runs.subList(from, i));
        from = i;
        bytes = 0;
      }
      bytes += weight;
    }
    pieces.add(runs.subList(from, runs.size()));
    return pieces;
  }

  private static Frame snapshot(Filter filter, List<Run> rows, Telling telling) {
    List<Run> runs = new ArrayList<>(rows.size());
    List<Frame.Leave> left = new ArrayList<>();
    for (Run run : rows) {
      if (filter.matches(run)) {
        runs.add(run);
      } else if (run.changedXid() >= telling.leavesFrom()) {
        left.add(leave(run));
      }
    }
    if (telling.complete() && rows.isEmpty() && filter instanceof Filter.ByRun one) {
      left.add(new Frame.Leave(one.run(), Long.MAX_VALUE, Frame.Leave.Reason.DELETED));
    }
    return new Frame.Snapshot(
        telling.full(), telling.start(), telling.complete(), runs, left, telling.buckets());
  }

  private static Frame.Leave leave(Run run) {
    boolean deleted = run.status() == RunStatus.DELETED;
    return new Frame.Leave(
        run.id(), run.version(), deleted ? Frame.Leave.Reason.DELETED : Frame.Leave.Reason.FILTER);
  }
}
