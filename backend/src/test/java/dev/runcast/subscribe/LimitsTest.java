package dev.runcast.subscribe;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runcast.run.EnvironmentId;
import org.junit.jupiter.api.Test;

class LimitsTest {
  private static final EnvironmentId ENVIRONMENT = new EnvironmentId("env");
  private static final EnvironmentId OTHER = new EnvironmentId("other");

  @Test
  void refusesTheOneTooManyOfAnEnvironmentAndAdmitsAgainAfterARelease() {
    Limits limits = new Limits(2, 10);
    Limits.Lease first = limits.take(ENVIRONMENT, null).orElseThrow();

    assertThat(limits.take(ENVIRONMENT, null)).isPresent();
    assertThat(limits.take(ENVIRONMENT, null)).isEmpty();
    assertThat(limits.take(OTHER, null)).isPresent();
    first.release();
    first.release();
    assertThat(limits.take(ENVIRONMENT, null)).isPresent();
    assertThat(limits.take(ENVIRONMENT, null)).isEmpty();
  }

  @Test
  void aTokenAtItsLimitTakesNothingFromItsEnvironment() {
    Limits limits = new Limits(3, 1);

    assertThat(limits.take(ENVIRONMENT, "a")).isPresent();
    assertThat(limits.take(ENVIRONMENT, "a")).isEmpty();
    assertThat(limits.take(ENVIRONMENT, "a")).isEmpty();
    assertThat(limits.take(ENVIRONMENT, "b")).isPresent();
    assertThat(limits.take(ENVIRONMENT, null)).isPresent();
    assertThat(limits.take(ENVIRONMENT, null)).isEmpty();
  }

  @Test
  void countsEachOpenSubscriptionOnce() {
    Limits limits = new Limits(10, 10);
    Limits.Lease first = limits.take(ENVIRONMENT, "a").orElseThrow();
    assertThat(limits.take(OTHER, null)).isPresent();

    assertThat(limits.openSubscriptions()).isEqualTo(2);
    first.release();
    assertThat(limits.openSubscriptions()).isEqualTo(1);
  }
}
