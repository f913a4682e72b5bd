package dev.runcast.run;

import dev.runcast.run.place.Position;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One write of one run, as the stream tells it.
 *
 * @param position where it stands in the stream
 * @param committedAt when its transaction committed, by Postgres's clock
 * @param inserted whether the row is new
 * @param prevStatus the status before this write; null when it did not change or the row is new
 * @param prevTagCount how many of the tags were there before (tags are only added, at the end);
 *     null when none was added or the row is new
 */
public record RunChanged(
    Position position,
    Instant committedAt,
    Run run,
    boolean inserted,
    @Nullable RunStatus prevStatus,
    @Nullable Integer prevTagCount) {

  public long xid() {
    return run.changedXid();
  }

  /** The status that the row had before; only meaningful when it was not inserted. */
  public RunStatus statusBefore() {
    return prevStatus == null ? run.status() : prevStatus;
  }

  /** The tags that the row had before; none when it was inserted. */
  public List<String> tagsBefore() {
    if (inserted) {
      return List.of();
    }
    return prevTagCount == null ? run.tags() : run.tags().subList(0, prevTagCount);
  }

  /** The same without the wide columns. */
  public RunChanged withoutContents() {
    return new RunChanged(
        position, committedAt, run.withoutContents(), inserted, prevStatus, prevTagCount);
  }
}
