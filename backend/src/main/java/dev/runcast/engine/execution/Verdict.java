package dev.runcast.engine.execution;

import dev.runcast.run.RunStatus;
import dev.runcast.store.execution.ExecutionStatus;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What comes of the end of an attempt.
 *
 * @param told what the worker is told
 * @param to where the run stands with the engine then
 * @param status what the run is then
 * @param again when it is to be tried again, by whoever is free then; null for never, or by its
 *     holder
 */
record Verdict(
    Told told, ExecutionStatus to, RunStatus status, String description, @Nullable Instant again) {

  /** By the names that workers know. */
  enum Told {
    RUN_FINISHED,
    RETRY_IMMEDIATELY,
    RETRY_QUEUED
  }

  /** The run is over. */
  static Verdict over(RunStatus status) {
    return new Verdict(Told.RUN_FINISHED, ExecutionStatus.FINISHED, status, "Run has ended", null);
  }

  /** Its worker keeps it and tries again. */
  static Verdict againByHolder() {
    return new Verdict(
        Told.RETRY_IMMEDIATELY,
        ExecutionStatus.EXECUTING,
        RunStatus.RETRYING_AFTER_FAILURE,
        "Attempt failed, its worker tries again",
        null);
  }

  /** It is to go back to the queue at a time. */
  static Verdict againLater(Instant at) {
    return new Verdict(
        Told.RETRY_QUEUED,
        ExecutionStatus.DELAYED,
        RunStatus.RETRYING_AFTER_FAILURE,
        "Attempt failed, another one is to follow",
        at);
  }
}
