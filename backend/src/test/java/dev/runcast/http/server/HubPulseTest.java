package dev.runcast.http.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runcast.hub.Hub;
import dev.runcast.metrics.Metrics;
import dev.runcast.run.ChangeBatch;
import dev.runcast.run.place.Incarnation;
import dev.runcast.run.place.Lsn;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class HubPulseTest {
  private Instant now = Instant.EPOCH;

  @Test
  void countsOnceWhatAHubHasMissedAndHasItLookAtTheClock() {
    Hub hub = new Hub(Hub.Budgets.DEFAULT, () -> now);
    try (Metrics metrics = Metrics.prometheus()) {
      HubPulse pulse = new HubPulse(hub, () -> 0, metrics, () -> now);
      hub.dispatch(batch(1, 2));
      hub.dispatch(batch(5, 6));
      hub.dispatch(batch(9, 10));
      now = now.plus(Duration.ofMinutes(1));

      pulse.beat();
      pulse.beat();

      assertThat(metrics.scrape())
          .contains("runcast_batches_missed_total 2.0", "runcast_subscribers_slow_total 0.0");
      assertThat(hub.isStale()).isTrue();
      hub.dispatch(batch(12, 13));
      pulse.beat();
      assertThat(metrics.scrape()).contains("runcast_batches_missed_total 3.0");
    }
  }

  @Test
  void aBatchThatReachesNobodyIsNotLate() {
    Hub hub = new Hub(Hub.Budgets.DEFAULT, () -> now);
    now = Instant.EPOCH.plusSeconds(3);
    try (Metrics metrics = Metrics.prometheus()) {
      HubPulse pulse = new HubPulse(hub, () -> 0, metrics, () -> now);
      pulse.dispatch(
          new ChangeBatch(
              new Incarnation(1, 1),
              1,
              new Lsn(1),
              new Lsn(2),
              List.of(
                  new ChangeBatch.Committed(new Lsn(2), 7, Instant.EPOCH, List.of(), List.of()))));
      pulse.beat();

      assertThat(metrics.scrape())
          .contains("runcast_delivery_lag_seconds_count 0", "runcast_frames_delivered_total 0.0");
    }
  }

  private static ChangeBatch batch(long prev, long last) {
    return new ChangeBatch(new Incarnation(1, 1), 1, new Lsn(prev), new Lsn(last), List.of());
  }
}
