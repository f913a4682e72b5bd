package dev.runcast.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.OptionalLong;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
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
      metrics.framesDelivered(5);
      metrics.batchDelivered(Duration.ofMillis(3));
      metrics.subscribersBehind(3);
      metrics.subscribersBehind(-1);
      metrics.watchTail(() -> OptionalLong.of(512));

      assertThat(metrics.scrape())
          .contains(
              "runcast_changes_routed_total 3.0",
              "runcast_routing_lag_seconds_count 1",
              "runcast_transactions_oversized_total 1.0",
              "runcast_subscribers_slow_total 2.0",
              "runcast_batches_missed_total 4.0",
              "runcast_subscriptions 7.0",
              "runcast_frames_delivered_total 5.0",
              "runcast_delivery_lag_seconds_count 1",
              "runcast_subscribers_behind 2.0",
              "runcast_tail_leader 1.0",
              "runcast_slot_retained_bytes 512.0",
              "jvm_memory_used_bytes");
    }
  }

  @Test
  void aNodeThatDoesNotLeadDoesNotKnowTheSlot() {
    try (Metrics metrics = Metrics.prometheus()) {
      metrics.watchTail(OptionalLong::empty);

      assertThat(metrics.scrape())
          .contains("runcast_tail_leader 0.0", "runcast_slot_retained_bytes NaN");
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
  void theDashboardShowsOnlyWhatIsMeasured() throws IOException {
    String dashboard = Files.readString(Path.of("..", "docs", "grafana.json"));
    try (Metrics metrics = Metrics.prometheus()) {
      metrics.watchSubscriptions(() -> 0);
      metrics.watchTail(OptionalLong::empty);
      String measured = metrics.scrape();

      assertThat(Pattern.compile("(runcast|jvm|process)_[a-z_]+[a-z]").matcher(dashboard).results())
          .extracting(MatchResult::group)
          .hasSizeGreaterThan(15)
          .allSatisfy(name -> assertThat(measured).contains("\n" + name));
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
