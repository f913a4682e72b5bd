package dev.runcast.store.table;

import dev.runcast.run.BatchId;
import dev.runcast.run.EnvironmentId;
import dev.runcast.run.RunId;
import dev.runcast.run.RunStatus;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What must be known of a run to change it, read under its row's lock: it stays true until the
 * transaction ends.
 *
 * @param xid the transaction that wrote it last
 */
public record LockedRun(
    EnvironmentId environment,
    RunId id,
    long version,
    long xid,
    RunStatus status,
    String task,
    List<String> tags,
    Links links,
    @Nullable String metadata) {

  public record Links(@Nullable BatchId batch, @Nullable RunId parent, @Nullable RunId root) {}

  public LockedRun {
    tags = List.copyOf(tags);
  }
}
