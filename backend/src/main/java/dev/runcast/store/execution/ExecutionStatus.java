package dev.runcast.store.execution;

import java.util.EnumSet;
import java.util.Set;

/** Where a run stands with the engine, by the names that workers know. */
public enum ExecutionStatus {
  /** No build has its task, or none of the version that it is bound to. */
  PENDING_VERSION,
  /** It has been tried and will be tried again at a time. */
  DELAYED,
  QUEUED,
  /** A worker has it and has not begun. */
  PENDING_EXECUTING,
  EXECUTING,
  EXECUTING_WITH_WAITPOINTS,
  /** It has ended, and its worker is to let go of it. */
  PENDING_CANCEL,
  FINISHED;

  private static final Set<ExecutionStatus> HELD =
      EnumSet.of(PENDING_EXECUTING, EXECUTING, EXECUTING_WITH_WAITPOINTS, PENDING_CANCEL);

  /** Whether a worker has it. */
  public boolean isHeld() {
    return HELD.contains(this);
  }

  /** Whether this one may follow another. */
  public boolean mayFollow(ExecutionStatus before) {
    return before.next().contains(this);
  }

  private Set<ExecutionStatus> next() {
    return switch (this) {
      case PENDING_VERSION -> EnumSet.of(QUEUED, FINISHED);
      case DELAYED -> EnumSet.of(QUEUED, FINISHED);
      case QUEUED -> EnumSet.of(PENDING_EXECUTING, PENDING_VERSION, FINISHED);
      case PENDING_EXECUTING -> EnumSet.of(EXECUTING, QUEUED, PENDING_CANCEL, FINISHED);
      case EXECUTING ->
          EnumSet.of(
              EXECUTING, EXECUTING_WITH_WAITPOINTS, DELAYED, QUEUED, PENDING_CANCEL, FINISHED);
      case EXECUTING_WITH_WAITPOINTS ->
          EnumSet.of(EXECUTING, DELAYED, QUEUED, PENDING_CANCEL, FINISHED);
      case PENDING_CANCEL -> EnumSet.of(FINISHED);
      case FINISHED -> EnumSet.noneOf(ExecutionStatus.class);
    };
  }
}
