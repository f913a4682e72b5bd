package dev.runcast.http.realtime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runcast.http.ApiError;
import dev.runcast.http.ApiException;
import dev.runcast.http.auth.Principals;
import dev.runcast.run.BatchId;
import dev.runcast.run.EnvironmentId;
import dev.runcast.run.RunId;
import dev.runcast.store.Targets.RunTarget;
import io.vertx.core.Future;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class FeedAccessTest {
  private static final EnvironmentId ENV = new EnvironmentId("env");
  private static final EnvironmentId OTHER = new EnvironmentId("other");
  private static final RunId RUN = new RunId("run_1");
  private static final RunId GONE = new RunId("run_gone");

  private final FeedAccess access =
      new FeedAccess(
          (environment, run) -> Future.succeededFuture(find(environment, run)),
          (environment, batch) ->
              Future.succeededFuture(environment.equals(ENV) && batch.value().equals("batch_1")));

  private static Optional<RunTarget> find(EnvironmentId environment, RunId run) {
    return environment.equals(ENV) && (run.equals(RUN) || run.equals(GONE))
        ? Optional.of(
            new RunTarget("mail", List.of("vip"), new BatchId("batch_1"), run.equals(GONE)))
        : Optional.empty();
  }

  @Test
  void letsARunBeFollowedByWhoeverMayReadIt() {
    assertThat(access.run(Principals.owner(ENV), RUN, false).succeeded()).isTrue();
    assertThat(access.run(Principals.bearer(ENV, "read:tags:vip"), RUN, false).succeeded())
        .isTrue();
  }

  @Test
  void tellsAForbiddenRunFromAnUnknownOne() {
    assertThat(error(access.run(Principals.bearer(ENV, "read:tags:x"), RUN, false)))
        .isEqualTo(ApiError.FORBIDDEN);
    assertThat(error(access.run(Principals.owner(ENV), new RunId("run_2"), false)))
        .isEqualTo(ApiError.NOT_FOUND);
  }

  @Test
  void knowsNothingOfOtherEnvironments() {
    assertThat(error(access.run(Principals.owner(OTHER), RUN, false)))
        .isEqualTo(ApiError.NOT_FOUND);
    assertThat(error(access.batch(Principals.owner(OTHER), new BatchId("batch_1"))))
        .isEqualTo(ApiError.NOT_FOUND);
  }

  @Test
  void letsOnlyAResumingClientHearThatARunWasDeleted() {
    assertThat(error(access.run(Principals.owner(ENV), GONE, false))).isEqualTo(ApiError.NOT_FOUND);
    assertThat(access.run(Principals.owner(ENV), GONE, true).succeeded()).isTrue();
  }

  @Test
  void findsBatches() {
    assertThat(access.batch(Principals.owner(ENV), new BatchId("batch_1")).succeeded()).isTrue();
    assertThat(error(access.batch(Principals.owner(ENV), new BatchId("batch_2"))))
        .isEqualTo(ApiError.NOT_FOUND);
  }

  private static ApiError error(Future<?> answer) {
    assertThat(answer.cause()).isInstanceOf(ApiException.class);
    return ((ApiException) answer.cause()).error();
  }
}
