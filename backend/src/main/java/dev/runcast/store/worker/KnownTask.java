package dev.runcast.store.worker;

import dev.runcast.run.RunStatus;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A task that a build has, or that runs were triggered of.
 *
 * @param build how the newest build has it that does; null when none does
 * @param last its newest run; null when there is none
 */
public record KnownTask(String id, @Nullable Build build, @Nullable LastRun last) {

  /**
   * How a build has it.
   *
   * @param current whether that is the newest build of all; else the task was taken out of the code
   * @param source what triggers it, if not only code
   * @param schema JSON Schema of its payload, as JSON; null for none
   */
  public record Build(
      Worker worker,
      boolean current,
      NewWorker.Place place,
      String queue,
      @Nullable String source,
      NewWorker.Bounds bounds,
      @Nullable String schema) {}

  /** A run, in short. */
  public record LastRun(String id, RunStatus status, Instant createdAt) {}
}
