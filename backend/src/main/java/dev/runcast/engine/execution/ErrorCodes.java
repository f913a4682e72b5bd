package dev.runcast.engine.execution;

import dev.runcast.run.RunStatus;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What it means for a run that something else than its task's code went wrong. */
final class ErrorCodes {
  static final String CANCELLED = "TASK_RUN_CANCELLED";

  /** After these the task's own words say when to try again, for the worker could not. */
  private static final Set<String> COMPUTED =
      Set.of(
          "TASK_PROCESS_EXITED_WITH_NON_ZERO_CODE",
          "TASK_PROCESS_SIGTERM",
          "TASK_PROCESS_SIGSEGV",
          "TASK_RUN_UNCAUGHT_EXCEPTION",
          "TASK_MIDDLEWARE_ERROR");

  /** Another attempt would not end otherwise. */
  private static final Set<String> FINAL =
      Set.of(
          CANCELLED,
          "COULD_NOT_FIND_EXECUTOR",
          "COULD_NOT_FIND_TASK",
          "COULD_NOT_IMPORT_TASK",
          "CONFIGURED_INCORRECTLY",
          "TASK_ALREADY_RUNNING",
          "TASK_PROCESS_OOM_KILLED",
          "TASK_PROCESS_MAYBE_OOM_KILLED",
          "TASK_PROCESS_SIGKILL_TIMEOUT",
          "TASK_RUN_HEARTBEAT_TIMEOUT",
          "TASK_RUN_STALLED_EXECUTING",
          "TASK_RUN_STALLED_EXECUTING_WITH_WAITPOINTS",
          "TASK_RUN_DEQUEUED_MAX_RETRIES",
          "MAX_DURATION_EXCEEDED",
          "DISK_SPACE_EXCEEDED",
          "OUTDATED_SDK_VERSION",
          "TASK_DID_CONCURRENT_WAIT",
          "RECURSIVE_WAIT_DEADLOCK");

  private static final Set<String> CRASHES =
      Set.of(
          "TASK_PROCESS_EXITED_WITH_NON_ZERO_CODE",
          "TASK_PROCESS_OOM_KILLED",
          "TASK_PROCESS_MAYBE_OOM_KILLED",
          "TASK_PROCESS_SIGKILL_TIMEOUT",
          "TASK_PROCESS_SIGTERM",
          "TASK_PROCESS_SIGSEGV",
          "TASK_RUN_CRASHED",
          "TASK_RUN_UNCAUGHT_EXCEPTION",
          "DISK_SPACE_EXCEEDED");

  private static final Set<String> OF_THE_TASK =
      Set.of(
          "TASK_INPUT_ERROR",
          "TASK_OUTPUT_ERROR",
          "TASK_MIDDLEWARE_ERROR",
          "TASK_DID_CONCURRENT_WAIT",
          "RECURSIVE_WAIT_DEADLOCK");

  private ErrorCodes() {}

  static boolean isFinal(@Nullable String code) {
    return code != null && FINAL.contains(code);
  }

  static boolean isComputed(@Nullable String code) {
    return code != null && COMPUTED.contains(code);
  }

  /** What a run ends as. */
  static RunStatus end(@Nullable String code) {
    if (code == null || OF_THE_TASK.contains(code)) {
      return RunStatus.COMPLETED_WITH_ERRORS;
    }
    if (code.equals(CANCELLED)) {
      return RunStatus.CANCELED;
    }
    if (code.equals("MAX_DURATION_EXCEEDED")) {
      return RunStatus.TIMED_OUT;
    }
    return CRASHES.contains(code) ? RunStatus.CRASHED : RunStatus.SYSTEM_FAILURE;
  }
}
