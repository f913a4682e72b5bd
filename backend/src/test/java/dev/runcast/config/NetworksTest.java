package dev.runcast.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NetworksTest {

  @Test
  void holdsWhatIsWithin() {
    Networks networks = Networks.parse("127.0.0.1, 10.20.0.0/15,fd00::/8");

    assertThat(networks.holds("127.0.0.1")).isTrue();
    assertThat(networks.holds("127.0.0.2")).isFalse();
    assertThat(networks.holds("10.21.255.255")).isTrue();
    assertThat(networks.holds("10.22.0.0")).isFalse();
    assertThat(networks.holds("fd12::1")).isTrue();
    assertThat(networks.holds("fe80::1")).isFalse();
    assertThat(networks.holds("::ffff:127.0.0.1")).as("the same, written as IPv6").isTrue();
  }

  @Test
  void holdsNothingThatIsNoAddress() {
    assertThat(Networks.parse("0.0.0.0/0,::/0").holds("localhost")).isFalse();
    assertThat(Networks.parse("0.0.0.0/0").holds("8.8.8.8")).isTrue();
    assertThat(Networks.NONE.holds("127.0.0.1")).isFalse();
    assertThat(Networks.parse(" ").holds("127.0.0.1")).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"localhost", "10.0.0.0/33", "10.0.0.0/x", "10.0.0/8", "::1/129", "/8"})
  void refusesWhatIsNeither(String wrong) {
    assertThatThrownBy(() -> Networks.parse("127.0.0.1," + wrong))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(wrong);
  }
}
