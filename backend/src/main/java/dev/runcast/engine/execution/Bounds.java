package dev.runcast.engine.execution;

import java.time.Duration;

/**
 * What the engine bears.
 *
 * @param concurrentRuns of an environment, with workers at once; those that wait not counted
 * @param beginWithin how long a worker may have a run without beginning it
 * @param heardWithin how long nothing may be heard of a run's worker
 * @param cancelWithin how long a worker may take to let go of a run
 * @param shortDelay a retry that is sooner than this is left to the worker that has the run
 */
public record Bounds(
    int concurrentRuns,
    Duration beginWithin,
    Duration heardWithin,
    Duration cancelWithin,
    Duration shortDelay) {
  public static final Bounds DEFAULT =
      new Bounds(
          100,
          Duration.ofMinutes(1),
          Duration.ofMinutes(5),
          Duration.ofMinutes(1),
          Duration.ofSeconds(30));
}
