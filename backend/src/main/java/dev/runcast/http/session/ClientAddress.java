package dev.runcast.http.session;

import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.SocketAddress;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Where a request comes from: the connection's other end, or, where that is a proxy that is
 * trusted, whom the proxy says to have heard it from. Each hop writes itself behind what it was
 * told, so that only what trusted ones have written counts.
 */
final class ClientAddress {
  private static final String FORWARDED = "x-forwarded-for";

  /** Some proxies add a port, and square brackets with it. */
  private static final Pattern WITH_PORT =
      Pattern.compile("\\[([0-9A-Fa-f:.]+)](?::\\d+)?|([0-9.]+):\\d+");

  private final Predicate<String> trusted;

  /**
   * @param trusted whether an address, as text, is that of a proxy of ours
   */
  ClientAddress(Predicate<String> trusted) {
    this.trusted = trusted;
  }

  /** As text; null if it is not known. */
  @Nullable String of(HttpServerRequest request) {
    SocketAddress address = request.remoteAddress();
    String connection = address == null ? null : address.hostAddress();
    return of(connection, String.join(",", request.headers().getAll(FORWARDED)));
  }

  @Nullable String of(@Nullable String connection, String forwarded) {
    String nearest = connection;
    Deque<String> hops = new ArrayDeque<>();
    for (String hop : forwarded.split(",", -1)) {
      if (!hop.isBlank()) {
        hops.push(withoutPort(hop.trim()));
      }
    }
    while (nearest != null && trusted.test(nearest) && !hops.isEmpty()) {
      nearest = hops.pop();
    }
    return nearest;
  }

  private static String withoutPort(String hop) {
    Matcher parts = WITH_PORT.matcher(hop);
    if (!parts.matches()) {
      return hop;
    }
    return parts.group(1) == null ? parts.group(2) : parts.group(1);
  }
}
