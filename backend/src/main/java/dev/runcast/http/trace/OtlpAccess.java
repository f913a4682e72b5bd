package dev.runcast.http.trace;

import dev.runcast.http.ApiError;
import dev.runcast.http.ApiException;
import dev.runcast.http.auth.Authorizer;
import dev.runcast.http.auth.BearerAuth;
import dev.runcast.http.auth.Principal;
import io.vertx.core.Handler;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.SocketAddress;
import io.vertx.ext.web.RoutingContext;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;

/**
 * Who may send spans and logs: who shows a credential for it; and without one, as the exporters of
 * tasks come that run on the same machine, who asks over loopback and is no page and no proxy.
 */
final class OtlpAccess implements Handler<RoutingContext> {
  private static final List<String> OF_OTHERS =
      List.of("forwarded", "x-forwarded-for", "x-real-ip", "via", "origin");

  private final BearerAuth auth;

  OtlpAccess(BearerAuth auth) {
    this.auth = auth;
  }

  @Override
  public void handle(RoutingContext context) {
    if (context.request().getHeader("authorization") != null) {
      auth.handle(context);
    } else if (isLocal(context.request())) {
      context.next();
    } else {
      throw new ApiException(
          ApiError.UNAUTHORIZED,
          "Spans and logs from another machine need a credential: set OTEL_EXPORTER_OTLP_HEADERS to"
              + " authorization=Bearer and a secret key or a public token with write:traces.");
    }
  }

  /** Lets pass who may write traces; who has shown no credential was let in as local. */
  static void requireWrite(RoutingContext context) {
    if (Principal.isIn(context)) {
      Authorizer.requireAny(Principal.of(context), Authorizer.writeTraces());
    }
  }

  private static boolean isLocal(HttpServerRequest request) {
    SocketAddress from = request.remoteAddress();
    if (from == null || from.hostAddress() == null) {
      return false;
    }
    try {
      return InetAddress.getByName(from.hostAddress()).isLoopbackAddress()
          && OF_OTHERS.stream().allMatch(header -> request.getHeader(header) == null);
    } catch (UnknownHostException e) {
      return false;
    }
  }
}
