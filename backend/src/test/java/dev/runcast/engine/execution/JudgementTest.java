package dev.runcast.engine.execution;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runcast.engine.RunChange;
import dev.runcast.engine.execution.Completion.Failure;
import dev.runcast.engine.execution.Completion.Retry;
import dev.runcast.engine.execution.Verdict.Told;
import dev.runcast.run.RunStatus;
import dev.runcast.store.execution.AssignmentReads.Repetition;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JudgementTest {
  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
  private static final Retry SOON = new Retry(NOW.plusSeconds(1), 1_000);
  private static final Retry LATER = new Retry(NOW.plusSeconds(60), 60_000);
  private static final Repetition THRICE = new Repetition(3, null);

  private static Verdict judge(Completion completion, int attempt, Repetition repetition) {
    return new Judgement(Duration.ofSeconds(30), NOW, 0.5).of(completion, attempt, repetition);
  }

  private static Completion failed(@Nullable String code, @Nullable Retry retry) {
    return failed(code, retry, false);
  }

  private static Completion failed(@Nullable String code, @Nullable Retry retry, boolean skipping) {
    return new Completion(
        Optional.empty(), new Failure("{}", code, retry, skipping), RunChange.Metadata.NONE);
  }

  @Test
  void successIsTheEnd() {
    Completion ok = new Completion(Optional.empty(), null, RunChange.Metadata.NONE);

    assertThat(judge(ok, 1, THRICE)).isEqualTo(Verdict.over(RunStatus.COMPLETED_SUCCESSFULLY));
  }

  @Test
  void theWorkersWordDecidesWhetherAndWhenToTryAgain() {
    assertThat(judge(failed(null, SOON), 1, THRICE).told()).isEqualTo(Told.RETRY_IMMEDIATELY);
    assertThat(judge(failed(null, LATER), 2, THRICE)).isEqualTo(Verdict.againLater(LATER.at()));
    assertThat(judge(failed(null, null), 1, THRICE).told()).isEqualTo(Told.RUN_FINISHED);
    assertThat(judge(failed(null, SOON, true), 1, THRICE).told()).isEqualTo(Told.RUN_FINISHED);
  }

  @Test
  void theLastAttemptIsTheEnd() {
    Verdict failure = Verdict.over(RunStatus.COMPLETED_WITH_ERRORS);

    assertThat(judge(failed(null, SOON), 3, THRICE)).isEqualTo(failure);
    assertThat(judge(failed(null, SOON), 1, new Repetition(null, null))).isEqualTo(failure);
  }

  @Test
  void aTimeThatHasPassedLeavesItsWorkerAMomentAllTheSame() {
    Retry past = new Retry(NOW.minusSeconds(5), 60_000);

    assertThat(judge(failed(null, past), 1, THRICE).again()).isEqualTo(NOW.plusMillis(250));
  }

  @ParameterizedTest
  @CsvSource({
    "1, '{\"minTimeoutInMs\":1000,\"factor\":2,\"randomize\":false}', 1000",
    "2, '{\"minTimeoutInMs\":1000,\"factor\":2,\"randomize\":false}', 2000",
    "2, '{\"minTimeoutInMs\":1000,\"factor\":2,\"randomize\":true}', 3000",
    "2, '{\"minTimeoutInMs\":9000,\"factor\":9,\"maxTimeoutInMs\":5000}', 5000",
    "1, '{\"minTimeoutInMs\":\"x\",\"factor\":[],\"randomize\":false}', 1000",
    "2, '{\"minTimeoutInMs\":1e300,\"factor\":1e300,\"maxTimeoutInMs\":1e300}', 31622400000",
    "1, '{}', 1500",
  })
  void afterACrashTheTasksOwnWordsSayWhen(int attempt, String retry, long delay) {
    Completion crash = failed("TASK_PROCESS_SIGSEGV", null);

    assertThat(judge(crash, attempt, new Repetition(5, retry)).again())
        .isEqualTo(NOW.plusMillis(delay));
  }

  @ParameterizedTest
  @CsvSource({
    "TASK_PROCESS_OOM_KILLED, CRASHED",
    "MAX_DURATION_EXCEEDED, TIMED_OUT",
    "COULD_NOT_FIND_EXECUTOR, SYSTEM_FAILURE",
    "TASK_RUN_CANCELLED, CANCELED",
    "RECURSIVE_WAIT_DEADLOCK, COMPLETED_WITH_ERRORS",
  })
  void someFailuresAreTheEndWhateverIsSaid(String code, RunStatus status) {
    assertThat(judge(failed(code, SOON), 1, THRICE)).isEqualTo(Verdict.over(status));
  }
}
