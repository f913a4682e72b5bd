package dev.runcast.tokens;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ExpiryTest {
  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

  /** The seconds were computed by jose 5.10.0 from the same texts. */
  @ParameterizedTest
  @CsvSource({
    "15m, 900",
    "2h, 7200",
    "7 days, 604800",
    "1 SECOND, 1",
    "90 secs, 90",
    "30 min, 1800",
    "5minutes, 300",
    "3 hrs, 10800",
    "1d, 86400",
    "2 weeks, 1209600",
    "1 year, 31557600",
    "1.5 hours, 5400",
    "0.1m, 6",
    "1.5s, 2",
    "+ 1h, 3600",
    "1 week from now, 604800",
  })
  void readsDurations(String text, long seconds) {
    assertThat(Expiry.parse(text).from(NOW)).isEqualTo(NOW.plusSeconds(seconds));
  }

  @Test
  void onlyDigitsAreAbsoluteUnixSeconds() {
    assertThat(Expiry.parse("1767300000")).isEqualTo(Expiry.atUnixSeconds(1767300000));
    assertThat(Expiry.atUnixSeconds(1767300000).from(NOW))
        .isEqualTo(Instant.ofEpochSecond(1767300000));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "m",
        "1 fortnight",
        "15m ",
        " 15m",
        "-1h",
        "1h ago",
        "1h 5m",
        "PT1H",
        "0m",
        "0.2s",
        "101 years",
        "99999999999999999999999999999 years",
        "1e3s",
        "١٥m",
        ".5h",
        "1000000000000000000000000000000000000000000000h",
        "9999999999999999999"
      })
  void refusesEverythingElse(String text) {
    assertThatIllegalArgumentException().isThrownBy(() -> Expiry.parse(text));
  }

  @Test
  void refusesALifeThatIsNotPositiveOrTooLong() {
    assertThatIllegalArgumentException().isThrownBy(() -> Expiry.after(Duration.ZERO));
    assertThatIllegalArgumentException().isThrownBy(() -> Expiry.after(Duration.ofHours(-1)));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Expiry.after(Expiry.MAX_LIFE.plusSeconds(1)));
  }

  @Test
  void refusesUnixSecondsThatNoInstantHolds() {
    assertThatIllegalArgumentException().isThrownBy(() -> Expiry.atUnixSeconds(Long.MAX_VALUE));
    assertThatIllegalArgumentException().isThrownBy(() -> Expiry.atUnixSeconds(Long.MIN_VALUE));
  }
}
