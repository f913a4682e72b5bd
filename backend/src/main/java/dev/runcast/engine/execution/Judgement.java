package dev.runcast.engine.execution;

import dev.runcast.engine.execution.Completion.Failure;
import dev.runcast.engine.execution.Completion.Retry;
import dev.runcast.run.RunStatus;
import dev.runcast.store.execution.AssignmentReads.Repetition;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;

/**
 * Decides what comes of the end of an attempt. Pure.
 *
 * @param shortDelay a retry that is sooner than this is left to the holder
 * @param jitter at random from 0 to 1
 */
record Judgement(Duration shortDelay, Instant now, double jitter) {
  private static final double FACTOR = 2;
  private static final Duration LONGEST = Duration.ofDays(366);
  private static final double LEAST_MS = 1_000;
  private static final double MOST_MS = 60_000;

  /** The worker that has it must have let go of it before it can be given it again. */
  private static final Duration GAP = Duration.ofMillis(250);

  Verdict of(Completion completion, int attempt, Repetition repetition) {
    Failure failure = completion.failure();
    if (failure == null) {
      return Verdict.over(RunStatus.COMPLETED_SUCCESSFULLY);
    }
    Integer most = repetition.maxAttempts();
    Retry retry = failure.retry();
    boolean tried = most == null || attempt >= most || failure.skippingRetry();
    if (ErrorCodes.isFinal(failure.code()) || tried) {
      return Verdict.over(ErrorCodes.end(failure.code()));
    }
    if (retry != null) {
      return retry.delayMs() < shortDelay.toMillis() ? Verdict.againByHolder() : later(retry.at());
    }
    return ErrorCodes.isComputed(failure.code())
        ? later(now.plusMillis(delay(repetition, attempt)))
        : Verdict.over(ErrorCodes.end(failure.code()));
  }

  /** Back to the queue then, though not at once. */
  Verdict later(Instant at) {
    Instant earliest = now.plus(GAP);
    return Verdict.againLater(at.isBefore(earliest) ? earliest : at);
  }

  /** Until the next attempt, in milliseconds, by the task's own words or what is usual. */
  long delay(Repetition repetition, int attempt) {
    String words = repetition.retry();
    JsonObject retry = words == null ? new JsonObject() : new JsonObject(words);
    double factor = number(retry, "factor", FACTOR);
    double least = number(retry, "minTimeoutInMs", LEAST_MS);
    double most = Math.min(number(retry, "maxTimeoutInMs", MOST_MS), (double) LONGEST.toMillis());
    double spread = Boolean.FALSE.equals(retry.getValue("randomize")) ? 1 : 1 + jitter;
    return (long) Math.max(0, Math.min(most, spread * least * Math.pow(factor, attempt - 1.0)));
  }

  private static double number(JsonObject retry, String name, double otherwise) {
    return retry.getValue(name) instanceof Number number ? number.doubleValue() : otherwise;
  }
}
