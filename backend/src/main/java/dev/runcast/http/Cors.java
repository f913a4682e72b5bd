package dev.runcast.http;

import io.vertx.core.Handler;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import org.jspecify.annotations.Nullable;

/**
 * Lets pages of any origin call the API. Requests carry their token in a header or the URL, never
 * in a cookie, so any origin is safe; what a preflight asks to send is granted as asked, because a
 * wildcard would not cover {@code Authorization}. The headers are on every response, errors too.
 *
 * @see <a href="https://fetch.spec.whatwg.org/#http-cors-protocol">The CORS protocol</a>
 */
public final class Cors implements Handler<RoutingContext> {
  private static final String METHODS = "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS";

  private static final String DEFAULT_HEADERS =
      "authorization, content-type, last-event-id, if-match, if-none-match, cache-control,"
          + " idempotency-key, idempotency-key-ttl, trigger-version, x-trigger-api-version, x-trigger-electric-version, x-trigger-source, x-trigger-client,"
          + " x-trigger-branch, x-trigger-realtime-streams-version,"
          + " x-trigger-request-idempotency-key, timeout-seconds, x-trigger-stream-start, x-part-id,"
          + " traceparent, tracestate";

  private static final String EXPOSED =
      "etag, x-runcast-cursor, x-runcast-position, x-trigger-jwt, x-trigger-jwt-claims,"
          + " x-should-retry, x-ratelimit-reset, retry-after, electric-offset, electric-handle,"
          + " electric-schema, electric-cursor, electric-up-to-date, electric-has-data,"
          + " x-stream-version, x-session-settled";

  /** Lets a page read this response. */
  static void allowAnyOrigin(HttpServerResponse response) {
    response.putHeader("access-control-allow-origin", "*");
  }

  @Override
  public void handle(RoutingContext context) {
    HttpServerResponse response = context.response();
    allowAnyOrigin(response);
    if (context.request().method().equals(HttpMethod.OPTIONS)) {
      preflight(response, context.request().getHeader("access-control-request-headers"));
    } else {
      response.putHeader("access-control-expose-headers", EXPOSED);
      context.next();
    }
  }

  private static void preflight(HttpServerResponse response, @Nullable String asked) {
    response
        .putHeader("access-control-allow-methods", METHODS)
        .putHeader(
            "access-control-allow-headers",
            asked == null || asked.isBlank() ? DEFAULT_HEADERS : asked)
        .putHeader("access-control-max-age", "86400")
        .putHeader("vary", "access-control-request-headers")
        .setStatusCode(204)
        .end();
  }
}
