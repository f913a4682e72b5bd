package dev.runcast.http.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.runcast.http.ApiError;
import dev.runcast.http.ApiException;
import dev.runcast.run.BatchId;
import dev.runcast.run.EnvironmentId;
import dev.runcast.run.RunId;
import dev.runcast.tokens.Scope;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AuthorizerTest {
  private static final List<Scope> RUN =
      Authorizer.readRun(
          new RunId("run_1"), "mail", List.of("user:1", "vip"), new BatchId("batch_1"));

  @ParameterizedTest
  @CsvSource({
    "read:runs:run_1, true",
    "read:runs, true",
    "read:runs:run_2, false",
    "read:tasks:mail, true",
    "read:tasks:other, false",
    "read:tags:user:1, true",
    "read:tags:user, false",
    "read:batch:batch_1, true",
    "read:batch:batch_2, false",
    "write:runs:run_1, false",
    "read:all, true",
    "admin, true",
  })
  void letsARunBeReadByAnyOfItsNames(String granted, boolean allowed) {
    assertThat(lets(granted, RUN)).isEqualTo(allowed);
  }

  @ParameterizedTest
  @CsvSource({
    "read:runs, true",
    "read:tags, true",
    "read:tags:b, true",
    "read:tags:c, false",
    "read:runs:run_1, false",
  })
  void letsTagsBeReadByAnyOneOfThem(String granted, boolean allowed) {
    assertThat(lets(granted, Authorizer.readTags(List.of("a", "b")))).isEqualTo(allowed);
  }

  @ParameterizedTest
  @CsvSource({
    "read:batch:batch_1, true",
    "read:batch, true",
    "read:runs, true",
    "read:batch:batch_2, false",
    "write:batch:batch_1, false",
  })
  void letsABatchBeReadByItsNameOrWithAllRuns(String granted, boolean allowed) {
    assertThat(lets(granted, Authorizer.readBatch(new BatchId("batch_1")))).isEqualTo(allowed);
  }

  @ParameterizedTest
  @CsvSource({"read:runs, true", "read:tags, false", "read:runs:run_1, false", "admin, true"})
  void letsAllRunsBeReadOnlyWithThatVeryScope(String granted, boolean allowed) {
    assertThat(lets(granted, Authorizer.readRuns())).isEqualTo(allowed);
  }

  @Test
  void letsTheSecretKeyDoEverything() {
    Principal owner = Principal.ofSecretKey(new EnvironmentId("env"), "00", null);

    Authorizer.requireAny(owner, RUN);
    Authorizer.requireAll(owner, Authorizer.trigger("mail"));
    Authorizer.requireSecretKey(owner);
  }

  @Test
  void refusesATokenWhereTheSecretKeyIsNeeded() {
    assertThatThrownBy(() -> Authorizer.requireSecretKey(bearer("admin")))
        .isInstanceOfSatisfying(
            ApiException.class, e -> assertThat(e.error()).isEqualTo(ApiError.FORBIDDEN));
  }

  @Test
  void saysWhichKindsOfScopeWouldDoButNotTheRunsOwnTags() {
    assertThatThrownBy(() -> Authorizer.requireAny(bearer("read:runs:other"), RUN))
        .isInstanceOfSatisfying(
            ApiException.class,
            e -> {
              assertThat(e.error().status()).isEqualTo(403);
              assertThat(e.param()).isEqualTo("access_token");
              assertThat(e.sentence()).contains("read:runs", "read:tags").doesNotContain("user:1");
            });
  }

  private static boolean lets(String granted, List<Scope> needed) {
    try {
      Authorizer.requireAny(bearer(granted), needed);
      return true;
    } catch (ApiException refused) {
      assertThat(refused.error()).isEqualTo(ApiError.FORBIDDEN);
      return false;
    }
  }

  private static Principal bearer(String scope) {
    return Principals.bearer(new EnvironmentId("env"), scope);
  }
}
