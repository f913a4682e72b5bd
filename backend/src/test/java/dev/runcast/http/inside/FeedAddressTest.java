package dev.runcast.http.inside;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runcast.run.BatchId;
import dev.runcast.run.EnvironmentId;
import dev.runcast.run.Filter;
import dev.runcast.run.Filter.Narrowing;
import dev.runcast.run.RunId;
import dev.runcast.run.RunStatus;
import java.time.Instant;
import java.util.Set;
import org.junit.jupiter.api.Test;

class FeedAddressTest {
  private static final EnvironmentId ENVIRONMENT = new EnvironmentId("env_dev");

  @Test
  void isWhatTheFeedIsAskedForBy() {
    assertThat(FeedAddress.of(new Filter.ByRun(ENVIRONMENT, new RunId("run_a"), Narrowing.NONE)))
        .isEqualTo("/realtime/v1/runs/run_a");
    assertThat(
            FeedAddress.of(new Filter.ByBatch(ENVIRONMENT, new BatchId("batch_a"), Narrowing.NONE)))
        .isEqualTo("/realtime/v1/batches/batch_a");
    assertThat(FeedAddress.of(new Filter.ByParent(ENVIRONMENT, new RunId("run_a"), Narrowing.NONE)))
        .isEqualTo("/realtime/v1/runs?parent=run_a");
    assertThat(FeedAddress.of(new Filter.ByTags(ENVIRONMENT, Set.of("user:1&x"), Narrowing.NONE)))
        .isEqualTo("/realtime/v1/runs?tag=user:1%26x");
  }

  @Test
  void saysWhatItIsNarrowedTo() {
    Narrowing narrowing =
        new Narrowing(
            Instant.parse("2026-01-02T03:04:05Z"),
            Set.of(RunStatus.EXECUTING, RunStatus.DELAYED),
            Set.of("b", "a c"));

    assertThat(FeedAddress.of(new Filter.ByEnvironment(ENVIRONMENT, narrowing)))
        .isEqualTo(
            "/realtime/v1/runs?createdAt=2026-01-02T03:04:05Z&status=DELAYED,EXECUTING"
                + "&taskIdentifier=a+c,b");
  }
}
