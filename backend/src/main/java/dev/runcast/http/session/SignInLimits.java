package dev.runcast.http.session;

import dev.runcast.http.ApiError;
import dev.runcast.http.ApiException;
import io.netty.util.NetUtil;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * How often signing in may fail on this node within a minute: by one address, and in all. One
 * instance serves all event loops; it counts with atomic map operations and holds no lock of its
 * own.
 *
 * <p>A key can't be guessed however often one tries. This keeps a swarm of tries from keeping the
 * database busy, and a short key that an operator chose from being found. An address is that of the
 * connection, unless it is a proxy that is trusted to say whom it speaks for: behind any other all
 * people have one, and share its limit.
 */
public final class SignInLimits {
  private static final Duration WINDOW = Duration.ofMinutes(1);
  private static final int BY_ADDRESS = 10;
  private static final int IN_ALL = 300;
  private static final String ALL = "";

  /** Beyond so many addresses within a minute, new ones share one limit. */
  private static final int ADDRESSES = 10_000;

  /** The half of an IPv6 address that a household or a machine has to itself. */
  private static final int NETWORK_BYTES = 8;

  private final Map<String, Tries> tries = new ConcurrentHashMap<>();
  private final InstantSource clock;
  private final ClientAddress addresses;

  /** Believes no header. */
  public SignInLimits(InstantSource clock) {
    this(clock, address -> false);
  }

  /**
   * @param trusted whether an address is that of a proxy that is believed
   */
  public SignInLimits(InstantSource clock, Predicate<String> trusted) {
    this.clock = clock;
    this.addresses = new ClientAddress(trusted);
  }

  /** Whose try a request is, as text; null if it is not known. */
  @Nullable String source(HttpServerRequest request) {
    return addresses.of(request);
  }

  private record Tries(int count, Instant until) {}

  /**
   * Counts a try from an address.
   *
   * @param address as text; null if it is not known
   * @return how long to wait before it; empty if it may be made now, and then it counts until
   *     {@link #forget}
   */
  Optional<Duration> count(@Nullable String address) {
    Instant now = clock.instant();
    if (tries.size() > ADDRESSES) {
      tries.values().removeIf(each -> !now.isBefore(each.until));
    }
    String source = tries.size() > ADDRESSES ? "others" : source(address);
    Optional<Duration> wait = count(source, BY_ADDRESS, now);
    return wait.isPresent() ? wait : count(ALL, IN_ALL, now);
  }

  /**
   * Counts a try from an address.
   *
   * @throws ApiException 429, when there were too many
   */
  void requireOneMore(RoutingContext context, @Nullable String address) {
    count(address)
        .ifPresent(
            wait -> {
              long seconds = wait.toSeconds() + 1;
              context.response().putHeader("retry-after", Long.toString(seconds));
              throw new ApiException(
                  ApiError.TOO_MANY,
                  "Signing in failed too often; try again in %d seconds.".formatted(seconds));
            });
  }

  private Optional<Duration> count(String source, int limit, Instant now) {
    Tries counted =
        tries.merge(
            source,
            new Tries(1, now.plus(WINDOW)),
            (known, one) ->
                now.isBefore(known.until)
                    ? new Tries(Math.min(known.count, limit) + 1, known.until)
                    : one);
    return counted.count > limit
        ? Optional.of(Duration.between(now, counted.until))
        : Optional.empty();
  }

  /** Takes back a try that did not fail. */
  void forget(@Nullable String address) {
    takeBack(source(address));
    takeBack(ALL);
  }

  private void takeBack(String source) {
    tries.computeIfPresent(
        source, (same, known) -> known.count <= 1 ? null : new Tries(known.count - 1, known.until));
  }

  private static String source(@Nullable String address) {
    byte @Nullable [] bytes =
        address == null ? null : NetUtil.createByteArrayFromIpAddressString(address);
    if (bytes == null) {
      return "unknown";
    }
    int length = bytes.length > Integer.BYTES ? NETWORK_BYTES : bytes.length;
    return HexFormat.of().formatHex(bytes, 0, length);
  }
}
