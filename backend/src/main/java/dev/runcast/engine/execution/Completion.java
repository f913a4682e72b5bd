package dev.runcast.engine.execution;

import dev.runcast.engine.RunChange;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How an attempt has ended, as its worker tells it.
 *
 * @param output of one that succeeded; empty for none
 * @param failure null for one that succeeded
 * @param metadata what the task has changed and not told before
 */
public record Completion(
    Optional<RunChange.Output> output, @Nullable Failure failure, RunChange.Metadata metadata) {

  /**
   * Why it failed.
   *
   * @param error as JSON
   * @param code of a failure that is none of the task's code; null for one that is
   * @param retry when the worker would try again; null when it says nothing of it
   * @param skippingRetry whether it says that it is not to be tried again
   */
  public record Failure(
      String error, @Nullable String code, @Nullable Retry retry, boolean skippingRetry) {}

  /** When an attempt is to follow. */
  public record Retry(Instant at, long delayMs) {}

  boolean isCancellation() {
    return failure != null && ErrorCodes.CANCELLED.equals(failure.code());
  }
}
