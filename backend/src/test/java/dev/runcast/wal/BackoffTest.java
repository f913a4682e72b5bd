package dev.runcast.wal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runcast.testing.Seeds;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class BackoffTest {
  private final Backoff backoff = new Backoff(Duration.ofMillis(100), Duration.ofSeconds(2));

  @Test
  void doublesUpToTheCap() {
    assertThat(backoff.delay(1, 1)).isEqualTo(Duration.ofMillis(100));
    assertThat(backoff.delay(2, 1)).isEqualTo(Duration.ofMillis(200));
    assertThat(backoff.delay(5, 1)).isEqualTo(Duration.ofMillis(1_600));
    assertThat(backoff.delay(6, 1)).isEqualTo(Duration.ofSeconds(2));
  }

  @Test
  void staysBetweenHalfAndAllOfTheCapForEver() {
    Seeds.each(
        1_000,
        random ->
            assertThat(
                    backoff.delay(6 + random.nextInt(Integer.MAX_VALUE - 6), random.nextDouble()))
                .isBetween(Duration.ofSeconds(1), Duration.ofSeconds(2)));
  }

  @Test
  void countsNoFailureAsTheFirst() {
    assertThat(backoff.delay(0, 0)).isEqualTo(Duration.ofMillis(50));
  }
}
