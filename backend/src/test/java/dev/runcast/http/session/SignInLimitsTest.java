package dev.runcast.http.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class SignInLimitsTest {
  private Instant now = Instant.parse("2026-01-01T00:00:00Z");
  private final SignInLimits limits = new SignInLimits(() -> now);

  private void fail(int times, String address) {
    for (int i = 0; i < times; i++) {
      assertThat(limits.count(address)).as("%s for the %dth time", address, i).isEmpty();
    }
  }

  @Test
  void anAddressMayFailTenTimesAMinute() {
    fail(10, "192.0.2.1");

    assertThat(limits.count("192.0.2.1")).contains(Duration.ofMinutes(1));
    assertThat(limits.count("192.0.2.2")).as("another one").isEmpty();

    now = now.plusSeconds(60);
    fail(10, "192.0.2.1");
  }

  @Test
  void aTryThatDoesNotFailDoesNotCount() {
    for (int i = 0; i < 1_000; i++) {
      assertThat(limits.count("192.0.2.1")).isEmpty();
      limits.forget("192.0.2.1");
    }
  }

  @Test
  void askingAgainAndAgainDoesNotMakeTheWaitLonger() {
    fail(10, "192.0.2.1");
    for (int i = 0; i < 100; i++) {
      assertThat(limits.count("192.0.2.1")).isPresent();
    }

    now = now.plusSeconds(59);
    assertThat(limits.count("192.0.2.1")).contains(Duration.ofSeconds(1));
    now = now.plusSeconds(1);
    assertThat(limits.count("192.0.2.1")).isEmpty();
  }

  @Test
  void theAddressesOfOneNetworkOfVersionSixAreOne() {
    fail(5, "2001:db8:0:1::1");
    fail(5, "2001:db8:0:1::2");

    assertThat(limits.count("2001:db8:0:1:ffff::3")).isPresent();
    assertThat(limits.count("2001:db8:0:2::1")).isEmpty();
  }

  @Test
  void allAddressesTogetherMayFailThreeHundredTimes() {
    for (int i = 0; i < 300; i++) {
      fail(1, "10.0." + i / 250 + "." + i % 250);
    }

    assertThat(limits.count("10.1.0.1")).contains(Duration.ofMinutes(1));
    now = now.plusSeconds(60);
    assertThat(limits.count("10.1.0.1")).isEmpty();
  }

  @Test
  void whoIsUnknownIsOneSource() {
    fail(10, "nonsense");

    assertThat(limits.count(null)).isPresent();
  }
}
