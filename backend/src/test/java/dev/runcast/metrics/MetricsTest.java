package dev.runcast.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class MetricsTest {

  @Test
  void tellsPrometheusEachFact() {
    try (Metrics metrics = Metrics.prometheus()) {
      metrics.batchRouted(3, 12, Duration.ofMillis(2));
      metrics.transactionOversized();
      metrics.subscriptionOpened();
      metrics.subscriptionOpened();
      metrics.subscriptionClosed("SHUTDOWN");
      metrics.resynced("gap");
      metrics.requestAnswered("/api/v3/runs/:id", 404, Duration.ofMillis(1));

      assertThat(metrics.scrape())
          .contains(
              "runcast_changes_routed_total 3.0",
              "runcast_deliveries_total 12.0",
              "runcast_routing_lag_seconds_count 1",
              "runcast_transactions_oversized_total 1.0",
              "runcast_subscriptions 1.0",
              "runcast_subscriptions_closed_total{reason=\"SHUTDOWN\"} 1.0",
              "runcast_resyncs_total{cause=\"gap\"} 1.0",
              "runcast_http_requests_seconds_count{route=\"/api/v3/runs/:id\",status=\"404\"} 1",
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
      metrics.batchRouted(1, 1, Duration.ZERO);
      metrics.subscriptionClosed("SHUTDOWN");

      assertThat(metrics.scrape()).isEmpty();
    }
  }
}
