package dev.runcast.engine.due;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class PaceTest {
  private static final Pace PACE =
      new Pace(Duration.ofSeconds(2), Duration.ofMillis(250), Duration.ofSeconds(30));

  @Test
  void waitsForTheEarliest() {
    assertThat(PACE.untilDue(Optional.of(Duration.ofMillis(7)))).isEqualTo(Duration.ofMillis(7));
  }

  @Test
  void looksAtLeastAsOftenAsThePoll() {
    assertThat(PACE.untilDue(Optional.empty())).isEqualTo(Duration.ofSeconds(2));
    assertThat(PACE.untilDue(Optional.of(Duration.ofDays(3)))).isEqualTo(Duration.ofSeconds(2));
  }

  @Test
  void goesOnAtOnceWhileItGetsAnywhereAndElsePauses() {
    assertThat(PACE.afterWork(true)).isZero();
    assertThat(PACE.afterWork(false)).isEqualTo(Duration.ofMillis(250));
  }

  @Test
  void triesFailuresAgainEverMoreSlowlyUpToALimit() {
    assertThat(PACE.afterFailure(1, 1)).isEqualTo(Duration.ofMillis(250));
    assertThat(PACE.afterFailure(4, 1)).isEqualTo(Duration.ofSeconds(2));
    assertThat(PACE.afterFailure(4, 0)).isEqualTo(Duration.ofSeconds(1));
    assertThat(PACE.afterFailure(1_000_000, 1)).isEqualTo(Duration.ofSeconds(30));
  }
}
