package dev.runcast.http;

import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.HostAndPort;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Where a client reaches this service, by the request that it has sent: links begin with it. */
public final class Origin {
  private static final Pattern AUTHORITY =
      Pattern.compile("(?:[A-Za-z0-9._-]{1,253}|\\[[0-9A-Fa-f:.]{2,45}])(?::[0-9]{1,5})?");

  private Origin() {}

  /**
   * Scheme and authority. Behind a proxy that speaks TLS for us, or asks for us by another name,
   * only the proxy knows what the client sees.
   */
  public static String of(HttpServerRequest request) {
    return scheme(request) + "://" + authority(request);
  }

  private static String scheme(HttpServerRequest request) {
    String forwarded = request.getHeader("x-forwarded-proto");
    return "https".equals(forwarded) || "http".equals(forwarded) ? forwarded : request.scheme();
  }

  private static String authority(HttpServerRequest request) {
    String forwarded = request.getHeader("x-forwarded-host");
    if (forwarded != null && AUTHORITY.matcher(forwarded).matches()) {
      return forwarded;
    }
    @Nullable HostAndPort authority = request.authority();
    return authority == null ? "localhost" : authority.toString();
  }
}
