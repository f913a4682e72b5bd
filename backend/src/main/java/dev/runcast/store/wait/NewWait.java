package dev.runcast.store.wait;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Something that a run is to wait for.
 *
 * @param id by which whoever waits is told of its end
 * @param target the run, waitpoint or batch; null for a time
 * @param index the batch and the place in it, of a run that is waited for as one of a batch
 * @param until of a time; null otherwise
 */
public record NewWait(
    String id, Kind kind, @Nullable String target, @Nullable Index index, @Nullable Instant until) {

  /** What it is. */
  public enum Kind {
    RUN,
    DATETIME,
    MANUAL,
    BATCH
  }

  /** A place in a batch. */
  public record Index(String batch, int place) {}
}
