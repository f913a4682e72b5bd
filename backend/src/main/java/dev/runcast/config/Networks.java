package dev.runcast.config;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** Some addresses and networks, as in {@code 127.0.0.1, 10.0.0.0/8, fd00::/8}. Never asks DNS. */
public final class Networks {
  /** None at all. */
  public static final Networks NONE = new Networks(List.of());

  /** What can only be an address in digits: anything else would be looked up. */
  private static final Pattern LITERAL =
      Pattern.compile("\\d{1,3}(\\.\\d{1,3}){3}|[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*");

  private final List<Network> networks;

  private static final class Network {
    private final byte[] address;
    private final int bits;

    Network(byte[] address, int bits) {
      this.address = address;
      this.bits = bits;
    }

    boolean holds(byte[] other) {
      if (other.length != address.length) {
        return false;
      }
      for (int bit = 0; bit < bits; bit++) {
        int mask = 0x80 >> (bit % 8);
        if ((address[bit / 8] & mask) != (other[bit / 8] & mask)) {
          return false;
        }
      }
      return true;
    }
  }

  private Networks(List<Network> networks) {
    this.networks = List.copyOf(networks);
  }

  /**
   * Reads a list with commas.
   *
   * @throws IllegalArgumentException with the part that is neither an address nor a network
   */
  public static Networks parse(String text) {
    List<Network> parsed = new ArrayList<>();
    for (String part : text.split(",", -1)) {
      if (!part.isBlank()) {
        parsed.add(network(part.trim()));
      }
    }
    return new Networks(parsed);
  }

  /** Whether an address, as text, is one of these; what is no address is not. */
  public boolean holds(String address) {
    return bytes(address)
        .map(bytes -> networks.stream().anyMatch(network -> network.holds(bytes)))
        .orElse(false);
  }

  private static Network network(String part) {
    int slash = part.indexOf('/');
    byte[] address =
        bytes(slash < 0 ? part : part.substring(0, slash))
            .orElseThrow(() -> new IllegalArgumentException(part));
    int most = address.length * 8;
    try {
      int bits = slash < 0 ? most : Integer.parseInt(part.substring(slash + 1));
      if (bits < 0 || bits > most) {
        throw new IllegalArgumentException(part);
      }
      return new Network(address, bits);
    } catch (NumberFormatException noNumber) {
      throw new IllegalArgumentException(part);
    }
  }

  private static Optional<byte[]> bytes(String text) {
    try {
      return LITERAL.matcher(text).matches()
          ? Optional.of(InetAddress.getByName(text).getAddress())
          : Optional.empty();
    } catch (UnknownHostException noAddress) {
      return Optional.empty();
    }
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Networks that && toString().equals(that.toString());
  }

  @Override
  public int hashCode() {
    return toString().hashCode();
  }

  @Override
  public String toString() {
    return networks.stream()
        .map(network -> Arrays.toString(network.address) + "/" + network.bits)
        .toList()
        .toString();
  }
}
