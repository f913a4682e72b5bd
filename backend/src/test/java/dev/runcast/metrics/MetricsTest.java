package dev.runcast.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class MetricsTest {

  @Test
  void tellsPrometheusEachFact() {
    try (Metrics metrics = Metrics.prometheus()) {
      metrics.changesRouted(3, Duration.ofMillis(2));
      metrics.transactionOversized();
      metrics.subscribersSlow(2);
      metrics.batchesMissed(4);
      metrics.watchSubscriptions(() -> 7);

      assertThat(metrics.scrape())
          .contains(
              "runcast_changes_routed_total 3.0",
              "runcast_routing_lag_seconds_count 1",
              "runcast_transactions_oversized_total 1.0",
              "runcast_subscribers_slow_total 2.0",
              "runcast_batches_missed_total 4.0",
              "runcast_subscriptions 7.0",
              "jvm_memory_used_bytes");
    }
  }

  @Test
  void theHorizonHasNoAgeBeforeItWasSeen() {
    try (Metrics metrics = Metrics.prometheus()) {
      assertThat(metrics.scrape()).contains("runcast_horizon_age_seconds NaN");

      metrics.horizonPassed(Instant.now().minusSeconds(100));

      assertThat(metrics.scrape()).containsPattern("runcast_horizon_age_seconds 1\\d\\d\\.");
    }
  }

  @Test
  void nothingIsKeptWhereNobodyReads() {
    try (Metrics metrics = Metrics.none()) {
      metrics.changesRouted(1, Duration.ZERO);

      assertThat(metrics.scrape()).isEmpty();
    }
  }
}
