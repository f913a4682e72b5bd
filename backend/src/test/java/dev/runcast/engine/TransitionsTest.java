package dev.runcast.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runcast.run.RunStatus;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class TransitionsTest {
  /** The whole table, a row a status: each may become what stands behind it. */
  private static final String TABLE =
      """
      DELAYED: CANCELED EXPIRED PENDING PENDING_VERSION SYSTEM_FAILURE WAITING_FOR_DEPLOY
      PENDING_VERSION: CANCELED EXPIRED PENDING SYSTEM_FAILURE WAITING_FOR_DEPLOY
      WAITING_FOR_DEPLOY: CANCELED EXPIRED PENDING PENDING_VERSION SYSTEM_FAILURE
      PENDING: CANCELED COMPLETED_SUCCESSFULLY COMPLETED_WITH_ERRORS CRASHED DEQUEUED EXECUTING \
      EXPIRED INTERRUPTED PENDING_VERSION SYSTEM_FAILURE TIMED_OUT WAITING_FOR_DEPLOY
      DEQUEUED: CANCELED COMPLETED_SUCCESSFULLY COMPLETED_WITH_ERRORS CRASHED EXECUTING \
      INTERRUPTED PENDING SYSTEM_FAILURE TIMED_OUT
      EXECUTING: CANCELED COMPLETED_SUCCESSFULLY COMPLETED_WITH_ERRORS CRASHED INTERRUPTED PAUSED \
      PENDING RETRYING_AFTER_FAILURE SYSTEM_FAILURE TIMED_OUT WAITING_TO_RESUME
      RETRYING_AFTER_FAILURE: CANCELED COMPLETED_SUCCESSFULLY COMPLETED_WITH_ERRORS CRASHED \
      DEQUEUED EXECUTING INTERRUPTED PENDING SYSTEM_FAILURE TIMED_OUT WAITING_TO_RESUME
      WAITING_TO_RESUME: CANCELED COMPLETED_SUCCESSFULLY COMPLETED_WITH_ERRORS CRASHED DEQUEUED \
      EXECUTING INTERRUPTED PAUSED PENDING RETRYING_AFTER_FAILURE SYSTEM_FAILURE TIMED_OUT
      PAUSED: CANCELED COMPLETED_SUCCESSFULLY COMPLETED_WITH_ERRORS CRASHED DEQUEUED EXECUTING \
      INTERRUPTED PENDING SYSTEM_FAILURE TIMED_OUT WAITING_TO_RESUME
      COMPLETED_SUCCESSFULLY: DELETED
      COMPLETED_WITH_ERRORS: DELETED
      INTERRUPTED: DELETED
      CANCELED: DELETED
      CRASHED: DELETED
      SYSTEM_FAILURE: DELETED
      EXPIRED: DELETED
      TIMED_OUT: DELETED
      DELETED:
      """;

  @Test
  void theTableIsWhatItIs() {
    String table =
        Arrays.stream(RunStatus.values())
            .map(from -> (from + ": " + String.join(" ", after(from))).strip())
            .collect(Collectors.joining("\n", "", "\n"));

    assertThat(table).isEqualTo(TABLE);
  }

  private static Set<String> after(RunStatus from) {
    return Arrays.stream(RunStatus.values())
        .filter(to -> Transitions.allows(from, to))
        .map(RunStatus::name)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  @Test
  void whatIsRefusedIsSaidInWordsAndWhatIsNotIsNot() {
    for (RunStatus from : RunStatus.values()) {
      for (RunStatus to : RunStatus.values()) {
        assertThat(Transitions.refusal(from, to).isEmpty()).isEqualTo(Transitions.allows(from, to));
      }
    }
    assertThat(Transitions.refusal(RunStatus.CANCELED, RunStatus.EXECUTING))
        .contains(
            "A run in status CANCELED can't become EXECUTING: a finished run does not come back;"
                + " trigger a new one.");
  }

  @Test
  void anAttemptBeginsWithWorkAndNotWithGoingOn() {
    assertThat(Transitions.starts(RunStatus.PENDING, RunStatus.EXECUTING)).isTrue();
    assertThat(Transitions.starts(RunStatus.DEQUEUED, RunStatus.EXECUTING)).isTrue();
    assertThat(Transitions.starts(RunStatus.RETRYING_AFTER_FAILURE, RunStatus.EXECUTING)).isTrue();
    assertThat(Transitions.starts(RunStatus.PENDING, RunStatus.COMPLETED_SUCCESSFULLY)).isTrue();
    assertThat(Transitions.starts(RunStatus.WAITING_TO_RESUME, RunStatus.EXECUTING)).isFalse();
    assertThat(Transitions.starts(RunStatus.PAUSED, RunStatus.EXECUTING)).isFalse();
    assertThat(Transitions.starts(RunStatus.EXECUTING, RunStatus.COMPLETED_SUCCESSFULLY)).isFalse();
    assertThat(Transitions.starts(RunStatus.PENDING, RunStatus.CANCELED)).isFalse();
    assertThat(Transitions.starts(RunStatus.PENDING, RunStatus.DEQUEUED)).isFalse();
  }

  @Test
  void onlyWhatIsUntouchedExpires() {
    assertThat(Transitions.before(RunStatus.EXPIRED)).isEqualTo(Transitions.UNTOUCHED);
    assertThat(Transitions.before(RunStatus.DELETED))
        .isEqualTo(
            EnumSet.copyOf(
                Arrays.stream(RunStatus.values())
                    .filter(status -> status.isFinal() && status != RunStatus.DELETED)
                    .toList()));
  }
}
