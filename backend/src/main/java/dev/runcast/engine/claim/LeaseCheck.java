package dev.runcast.engine.claim;

import dev.runcast.engine.RefusedException;
import dev.runcast.engine.execution.Hold;
import dev.runcast.run.RunStatus;
import dev.runcast.store.execution.Execution;
import dev.runcast.store.execution.Execution.Lease;
import dev.runcast.store.execution.ExecutionStatus;
import java.util.Optional;

/** Whether a lease is the one of a run that is held, and what those are told whose is not. */
final class LeaseCheck {
  private LeaseCheck() {}

  static void require(Hold hold, String lease) {
    if (!Optional.ofNullable(hold.execution().lease())
        .map(Lease::id)
        .filter(lease::equals)
        .isPresent()) {
      throw lapsed(hold);
    }
  }

  /** Why a lease does not go on; that the time of its run is over need not have been acted upon. */
  static RefusedException ended(Hold hold, String lease) {
    require(hold, lease);
    return hold.execution().status() == ExecutionStatus.EXECUTING
        ? RefusedException.lapsed(
            "The run has taken as long as its maxDuration lets it: stop working on it.")
        : lapsed(hold);
  }

  static RefusedException lapsed(Hold hold) {
    Execution execution = hold.execution();
    return RefusedException.lapsed(
        execution.status() == ExecutionStatus.PENDING_CANCEL
            ? "The run was ended meanwhile, it is %s: stop working on it, and release it."
                .formatted(hold.run().status())
            : lapsed(hold.run().status()).sentence());
  }

  static RefusedException lapsed(RunStatus status) {
    return RefusedException.lapsed(
        "This lease is not the run's, or not any more; the run is %s: nothing was changed, stop working on it."
            .formatted(status));
  }
}
