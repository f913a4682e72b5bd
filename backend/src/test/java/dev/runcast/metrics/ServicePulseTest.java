package dev.runcast.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.OptionalLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ServicePulseTest {
  private static final Instant START = Instant.parse("2026-01-02T03:04:05Z");

  private final Metrics metrics = Metrics.prometheus();
  private final ServicePulse pulse = new ServicePulse(metrics);

  @AfterEach
  void close() {
    metrics.close();
  }

  @Test
  void tellsWhatHappenedWithinEachInterval() {
    metrics.watchSubscriptions(() -> 7);
    metrics.watchTail(() -> OptionalLong.of(4096));
    metrics.connectionsOpen(3);
    metrics.changesRouted(50, Duration.ZERO);
    metrics.framesDelivered(500);
    metrics.batchDelivered(Duration.ofMillis(8));
    metrics.subscribersSlow(2);
    pulse.beat(START);
    metrics.changesRouted(20, Duration.ZERO);
    metrics.connectionsOpen(-1);
    pulse.beat(START.plusSeconds(10));

    ServiceSample first = pulse.samples().get(0);
    assertThat(first.flow()).isEqualTo(new ServiceSample.Flow(10, 100));
    assertThat(first.lag().p50()).isBetween(8.0, 8.8);
    assertThat(first.audience()).isEqualTo(new ServiceSample.Audience(3, 7, 0, 2, 0));
    assertThat(first.log()).isEqualTo(new ServiceSample.Log(4096L, null));
    ServiceSample second = pulse.samples().get(1);
    assertThat(second.at()).isEqualTo(START.plusSeconds(10));
    assertThat(second.flow()).isEqualTo(new ServiceSample.Flow(2, 0));
    assertThat(second.lag()).isEqualTo(new ServiceSample.Lag(null, null));
    assertThat(second.audience()).isEqualTo(new ServiceSample.Audience(2, 7, 0, 0, 0));
  }

  @Test
  void keepsAQuarterOfAnHour() {
    for (int i = 0; i < 200; i++) {
      pulse.beat(START.plus(ServicePulse.EVERY.multipliedBy(i)));
    }

    assertThat(pulse.samples()).hasSize(180);
    assertThat(pulse.samples().get(0).at())
        .isEqualTo(START.plus(ServicePulse.EVERY.multipliedBy(20)));
  }
}
