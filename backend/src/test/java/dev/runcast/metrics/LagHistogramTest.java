package dev.runcast.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class LagHistogramTest {
  private final LagHistogram histogram = new LagHistogram();

  @Test
  void tellsWhatAShareOfTheLagsDoesNotExceed() {
    for (int ms = 1; ms <= 1000; ms++) {
      histogram.record(Duration.ofMillis(ms));
    }

    LagHistogram.Drained drained = histogram.drain();

    assertThat(drained.quantile(0.5).orElseThrow()).isCloseTo(500, within(50.0));
    assertThat(drained.quantile(0.99).orElseThrow()).isCloseTo(990, within(99.0));
    assertThat(drained.quantile(1).orElseThrow()).isBetween(1000.0, 1100.0);
  }

  @Test
  void beginsAnewWhenItIsDrained() {
    histogram.record(Duration.ofMillis(3));
    histogram.drain();

    assertThat(histogram.drain().quantile(0.5)).isEmpty();
  }

  @Test
  void holdsTheShortestAndTheLongest() {
    histogram.record(Duration.ZERO);
    assertThat(histogram.drain().quantile(0.99)).hasValue(0.1);

    histogram.record(Duration.ofDays(1));
    assertThat(histogram.drain().quantile(0.01).orElseThrow()).isGreaterThan(90_000);
  }
}
