package dev.runcast.engine;

import static dev.runcast.run.RunStatus.CANCELED;
import static dev.runcast.run.RunStatus.COMPLETED_SUCCESSFULLY;
import static dev.runcast.run.RunStatus.COMPLETED_WITH_ERRORS;
import static dev.runcast.run.RunStatus.CRASHED;
import static dev.runcast.run.RunStatus.DELAYED;
import static dev.runcast.run.RunStatus.DELETED;
import static dev.runcast.run.RunStatus.DEQUEUED;
import static dev.runcast.run.RunStatus.EXECUTING;
import static dev.runcast.run.RunStatus.EXPIRED;
import static dev.runcast.run.RunStatus.INTERRUPTED;
import static dev.runcast.run.RunStatus.PAUSED;
import static dev.runcast.run.RunStatus.PENDING;
import static dev.runcast.run.RunStatus.PENDING_VERSION;
import static dev.runcast.run.RunStatus.RETRYING_AFTER_FAILURE;
import static dev.runcast.run.RunStatus.SYSTEM_FAILURE;
import static dev.runcast.run.RunStatus.TIMED_OUT;
import static dev.runcast.run.RunStatus.WAITING_FOR_DEPLOY;
import static dev.runcast.run.RunStatus.WAITING_TO_RESUME;

import dev.runcast.run.RunStatus;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Which status of a run may follow which. A finished run does not come back; one that is delayed or
 * waits for a version must enter the queue before it starts; one that started can't expire any
 * more. A worker may tell the beginning and the end of a run at once.
 */
public final class Transitions {
  /** Statuses of a run that no worker has touched. */
  public static final Set<RunStatus> UNTOUCHED =
      Set.of(DELAYED, PENDING_VERSION, WAITING_FOR_DEPLOY, PENDING);

  /** Ends that free a run's idempotency key, so that another try may be made. */
  public static final Set<RunStatus> FREES_KEY =
      Set.of(
          COMPLETED_WITH_ERRORS, INTERRUPTED, CRASHED, SYSTEM_FAILURE, EXPIRED, TIMED_OUT, DELETED);

  /** Ends that only work leads to. */
  private static final Set<RunStatus> WORKED =
      Set.of(COMPLETED_SUCCESSFULLY, COMPLETED_WITH_ERRORS, INTERRUPTED, CRASHED, TIMED_OUT);

  private Transitions() {}

  /** Whether the second status may follow the first. No status follows itself. */
  public static boolean allows(RunStatus from, RunStatus to) {
    return after(from).contains(to);
  }

  /** Every status that this one may follow. */
  public static Set<RunStatus> before(RunStatus to) {
    return Arrays.stream(RunStatus.values())
        .filter(from -> allows(from, to))
        .collect(Collectors.toUnmodifiableSet());
  }

  /** Why the second status may not follow the first, as a sentence; empty when it may. */
  public static Optional<String> refusal(RunStatus from, RunStatus to) {
    if (allows(from, to)) {
      return Optional.empty();
    }
    String cure =
        from.isFinal()
            ? "a finished run does not come back; trigger a new one"
            : "it can become one of "
                + after(from).stream()
                    .map(RunStatus::name)
                    .sorted()
                    .collect(Collectors.joining(", "));
    return Optional.of(
        "A run in status %s can't become %s: %s.".formatted(from.name(), to.name(), cure));
  }

  /** Whether an attempt begins with this step. */
  static boolean starts(RunStatus from, RunStatus to) {
    boolean idle = UNTOUCHED.contains(from) || from == DEQUEUED || from == RETRYING_AFTER_FAILURE;
    boolean untold = UNTOUCHED.contains(from) || from == DEQUEUED;
    return (idle && to == EXECUTING) || (untold && WORKED.contains(to));
  }

  private static Set<RunStatus> after(RunStatus from) {
    return switch (from) {
      case DELAYED -> unstarted(PENDING, PENDING_VERSION, WAITING_FOR_DEPLOY);
      case PENDING_VERSION -> unstarted(PENDING, WAITING_FOR_DEPLOY);
      case WAITING_FOR_DEPLOY -> unstarted(PENDING, PENDING_VERSION);
      case PENDING -> {
        Set<RunStatus> next = unstarted(PENDING_VERSION, WAITING_FOR_DEPLOY, DEQUEUED, EXECUTING);
        next.addAll(WORKED);
        yield next;
      }
      case DEQUEUED -> started(PENDING, EXECUTING);
      case EXECUTING -> started(PENDING, RETRYING_AFTER_FAILURE, WAITING_TO_RESUME, PAUSED);
      case RETRYING_AFTER_FAILURE -> started(PENDING, DEQUEUED, EXECUTING, WAITING_TO_RESUME);
      case WAITING_TO_RESUME ->
          started(PENDING, DEQUEUED, EXECUTING, RETRYING_AFTER_FAILURE, PAUSED);
      case PAUSED -> started(PENDING, DEQUEUED, EXECUTING, WAITING_TO_RESUME);
      case COMPLETED_SUCCESSFULLY,
          COMPLETED_WITH_ERRORS,
          INTERRUPTED,
          CANCELED,
          CRASHED,
          SYSTEM_FAILURE,
          EXPIRED,
          TIMED_OUT ->
          Set.of(DELETED);
      case DELETED -> Set.of();
    };
  }

  private static Set<RunStatus> unstarted(RunStatus... next) {
    Set<RunStatus> all = EnumSet.of(CANCELED, SYSTEM_FAILURE, EXPIRED);
    all.addAll(Arrays.asList(next));
    return all;
  }

  private static Set<RunStatus> started(RunStatus... next) {
    Set<RunStatus> all = EnumSet.of(CANCELED, SYSTEM_FAILURE);
    all.addAll(WORKED);
    all.addAll(Arrays.asList(next));
    return all;
  }
}
