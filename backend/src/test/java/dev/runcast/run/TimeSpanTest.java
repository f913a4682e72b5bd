package dev.runcast.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class TimeSpanTest {
  @Test
  void readsEveryUnitAloneAndInARow() {
    assertThat(TimeSpan.parse("45s")).contains(Duration.ofSeconds(45));
    assertThat(TimeSpan.parse("1h30m")).contains(Duration.ofMinutes(90));
    assertThat(TimeSpan.parse("2hr")).contains(Duration.ofHours(2));
    assertThat(TimeSpan.parse("1w2d3h4m5s"))
        .contains(Duration.ofDays(9).plusHours(3).plusMinutes(4).plusSeconds(5));
    assertThat(TimeSpan.parse("0s")).contains(Duration.ZERO);
  }

  @Test
  void readsNothingElse() {
    for (String text :
        new String[] {"", "1", "h", "1y", "-1h", "1 h", "1h ", "1H", "1.5h", "PT1H"}) {
      assertThat(TimeSpan.parse(text)).as(text).isEmpty();
    }
  }

  @Test
  void refusesWhatWouldOverflow() {
    assertThat(TimeSpan.parse("36525d")).contains(TimeSpan.MAX);
    assertThat(TimeSpan.parse("36525d1s")).isEmpty();
    assertThat(TimeSpan.parse("9999999999w")).isEmpty();
    assertThat(TimeSpan.parse("9999999999w".repeat(6))).isEmpty();
    assertThat(TimeSpan.parse("1s".repeat(100))).isEmpty();
  }
}
