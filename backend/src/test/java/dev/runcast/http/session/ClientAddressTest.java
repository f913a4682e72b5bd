package dev.runcast.http.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import org.junit.jupiter.api.Test;

class ClientAddressTest {
  private final ClientAddress addresses =
      new ClientAddress(Set.of("10.0.0.1", "10.0.0.2")::contains);

  @Test
  void isTheConnectionsWhateverAStrangerSays() {
    assertThat(addresses.of("192.0.2.7", "198.51.100.1")).isEqualTo("192.0.2.7");
    assertThat(addresses.of(null, "198.51.100.1")).isNull();
  }

  @Test
  void isWhomATrustedProxyHeard() {
    assertThat(addresses.of("10.0.0.1", "198.51.100.1")).isEqualTo("198.51.100.1");
    assertThat(addresses.of("10.0.0.1", "198.51.100.1, 10.0.0.2")).isEqualTo("198.51.100.1");
    assertThat(addresses.of("10.0.0.1", "")).isEqualTo("10.0.0.1");
  }

  @Test
  void isNotWhatTheClientWroteItself() {
    assertThat(addresses.of("10.0.0.1", "203.0.113.9, 198.51.100.1")).isEqualTo("198.51.100.1");
    assertThat(addresses.of("10.0.0.1", "10.0.0.2,198.51.100.1")).isEqualTo("198.51.100.1");
  }

  @Test
  void isWithoutThePortThatSomeProxiesAdd() {
    assertThat(addresses.of("10.0.0.1", "198.51.100.1:4711")).isEqualTo("198.51.100.1");
    assertThat(addresses.of("10.0.0.1", "[2001:db8::1]:4711")).isEqualTo("2001:db8::1");
    assertThat(addresses.of("10.0.0.1", "2001:db8::1")).isEqualTo("2001:db8::1");
  }
}
