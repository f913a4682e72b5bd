package dev.runcast.run;

import java.util.Arrays;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Where a run stands. The constants are named as the {@code run.status} column stores them; {@link
 * #apiName} is the name that REST answers and native frames show.
 */
public enum RunStatus {
  DELAYED("DELAYED"),
  PENDING_VERSION("PENDING_VERSION", "WAITING_FOR_DEPLOY"),
  WAITING_FOR_DEPLOY("PENDING_VERSION", "WAITING_FOR_DEPLOY"),
  PENDING("QUEUED"),
  DEQUEUED("DEQUEUED", "EXECUTING"),
  EXECUTING("EXECUTING"),
  RETRYING_AFTER_FAILURE("EXECUTING", "REATTEMPTING"),
  WAITING_TO_RESUME("WAITING", "FROZEN"),
  PAUSED("WAITING", "FROZEN"),
  COMPLETED_SUCCESSFULLY("COMPLETED"),
  COMPLETED_WITH_ERRORS("FAILED"),
  INTERRUPTED("FAILED", "INTERRUPTED"),
  CANCELED("CANCELED"),
  CRASHED("CRASHED"),
  SYSTEM_FAILURE("SYSTEM_FAILURE"),
  EXPIRED("EXPIRED"),
  TIMED_OUT("TIMED_OUT"),
  /** The tombstone: told to subscribers as a leave, answered as unknown, purged later. */
  DELETED("DELETED");

  private static final Set<RunStatus> FINAL =
      Set.of(
          COMPLETED_SUCCESSFULLY,
          COMPLETED_WITH_ERRORS,
          INTERRUPTED,
          CANCELED,
          CRASHED,
          SYSTEM_FAILURE,
          EXPIRED,
          TIMED_OUT,
          DELETED);

  private final String apiName;
  private final String legacyName;

  RunStatus(String name) {
    this(name, name);
  }

  RunStatus(String apiName, String legacyName) {
    this.apiName = apiName;
    this.legacyName = legacyName;
  }

  /** The name in REST answers and native frames; several stored statuses may share one. */
  public String apiName() {
    return apiName;
  }

  /** All that are shown under this name; none if no run can be. */
  public static Set<RunStatus> shownAs(String apiName) {
    return Arrays.stream(values())
        .filter(status -> status != DELETED && status.apiName.equals(apiName))
        .collect(Collectors.toUnmodifiableSet());
  }

  /** The name in answers to clients of the generation before, which know no other. */
  public String legacyName() {
    return legacyName;
  }

  /** Whether a run in this status never changes status again, other than to be deleted. */
  public boolean isFinal() {
    return FINAL.contains(this);
  }
}
