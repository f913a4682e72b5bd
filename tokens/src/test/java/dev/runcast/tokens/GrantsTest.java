package dev.runcast.tokens;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GrantsTest {

  @ParameterizedTest
  @CsvSource({
    "admin, read:runs:run_1",
    "admin, trigger:tasks",
    "read:runs, read:runs:run_1",
    "read:runs, read:runs",
    "read:runs:run_1, read:runs:run_1",
    "read:tags:user:1, read:tags:user:1",
    "read:all, read:batch:batch_1",
    "read:all, read:runs",
    "*:runs, write:runs:run_1",
    "*:all, trigger:tasks:t",
    "admin:runs, admin:runs:run_1",
  })
  void allows(String granted, String needed) {
    assertThat(Grants.of(granted).allows(Scope.parse(needed))).isTrue();
  }

  @ParameterizedTest
  @CsvSource({
    "read:runs:run_1, read:runs:run_2",
    "read:runs:run_1, read:runs",
    "read:runs:run_1, read:runs:run_1x",
    "read:runs, write:runs",
    "read:runs, read:tags:run_1",
    "read:all, write:runs:run_1",
    "write:tasks:t, trigger:tasks:t",
    "trigger:tasks:t, batchTrigger:tasks:t",
    "admin:runs, read:runs:run_1",
    "admin:all, read:runs:run_1",
    "read, read:runs:run_1",
    "*, read:runs:run_1",
    "all, read:runs:run_1",
    "read:*, read:runs:run_1",
    "read:runs:*, read:runs:run_1",
    "READ:runs, read:runs:run_1",
    "read:runs, admin",
  })
  void denies(String granted, String needed) {
    assertThat(Grants.of(granted).allows(Scope.parse(needed))).isFalse();
  }

  @Test
  void noScopesAllowNothing() {
    assertThat(Grants.none().allows(Scope.of("read", "runs"))).isFalse();
  }

  @Test
  void oneOfTheWaysToAThingSuffices() {
    Grants grants = Grants.of("read:tags:user:1");
    Scope run = Scope.of("read", "runs", "run_1");
    Scope tag = Scope.of("read", "tags", "user:1");

    assertThat(grants.allowsAny(List.of(run, tag))).isTrue();
    assertThat(grants.allowsAny(List.of(run))).isFalse();
    assertThat(grants.allowsAny(List.of())).isFalse();
  }

  @Test
  void everyNeededScopeMustBeCoveredWhereAllAreNeeded() {
    Grants grants = Grants.of("batchTrigger:tasks:a", "batchTrigger:tasks:b");
    Scope a = Scope.of("batchTrigger", "tasks", "a");
    Scope b = Scope.of("batchTrigger", "tasks", "b");
    Scope c = Scope.of("batchTrigger", "tasks", "c");

    assertThat(grants.allowsAll(List.of(a, b))).isTrue();
    assertThat(grants.allowsAll(List.of(a, c))).isFalse();
    assertThat(grants.allowsAll(List.of())).isFalse();
  }

  @Test
  void keepsTheOrderAndDropsRepetitions() {
    assertThat(Grants.of("read:tags:b", "read:tags:a", "read:tags:b").texts())
        .containsExactly("read:tags:b", "read:tags:a");
  }
}
