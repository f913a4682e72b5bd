package dev.runcast.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PreflightTest {

  @ParameterizedTest
  @ValueSource(ints = {15, 16, 17, 18})
  void takesTheVersionsItKnows(int major) {
    assertThat(Preflight.versionProblem(major)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(ints = {9, 14, 19})
  void refusesOthersWithTheCure(int major) {
    assertThat(Preflight.versionProblem(major))
        .hasValueSatisfying(
            problem ->
                assertThat(problem).contains("Postgres " + major, "15 to 18", "DATABASE_URL"));
  }
}
