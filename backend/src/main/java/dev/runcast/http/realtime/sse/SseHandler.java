package dev.runcast.http.realtime.sse;

import dev.runcast.http.ApiException;
import dev.runcast.http.auth.Principal;
import dev.runcast.http.realtime.FeedAccess;
import dev.runcast.http.realtime.FeedAdmission;
import dev.runcast.http.realtime.FeedQuery;
import dev.runcast.http.realtime.FeedRequest;
import dev.runcast.subscribe.Limits;
import dev.runcast.subscribe.SubscribeFlow;
import dev.runcast.wire.CloseCode;
import io.vertx.core.Future;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;
import io.vertx.ext.web.RoutingContext;
import java.time.Instant;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Opens subscriptions. What can be refused is refused before the head of the response is out, in
 * this order: the form of the request, the scope, what is not there, a limit. Confined to its event
 * loop.
 */
public final class SseHandler {
  private final SubscribeFlow flow;
  private final Limits limits;
  private final FeedAdmission admission;
  private final SseLoop loop;

  /** On the event loop of the flow's hub. */
  public SseHandler(SubscribeFlow flow, Limits limits, FeedAdmission admission, SseLoop loop) {
    this.flow = flow;
    this.limits = limits;
    this.admission = admission;
    this.loop = loop;
  }

  /** {@code GET /realtime/v1/runs/:runId} */
  public void run(RoutingContext context) {
    FeedQuery query = query(context);
    openAfter(admission.run(Principal.of(context), context.pathParam("runId"), query), context);
  }

  /** {@code GET /realtime/v1/batches/:batchId} */
  public void batch(RoutingContext context) {
    FeedQuery query = query(context);
    openAfter(admission.batch(Principal.of(context), context.pathParam("batchId"), query), context);
  }

  /** {@code GET /realtime/v1/runs} */
  public void runs(RoutingContext context) {
    openAfter(admission.runs(Principal.of(context), query(context)), context);
  }

  private void openAfter(Future<FeedRequest> admitted, RoutingContext context) {
    admitted
        .map(
            feed -> {
              open(context, feed);
              return null;
            })
        .onFailure(context::fail);
  }

  private void open(RoutingContext context, FeedRequest feed) {
    HttpServerRequest request = context.request();
    if (request.response().closed()) {
      return;
    }
    SseSink sink = sink(request, feed, Principal.of(context));
    HttpServerResponse response = request.response();
    response.closeHandler(closed -> sink.gone());
    try {
      writeHead(request);
      // So that not all come back at once; and the first bytes, which some proxies wait for.
      sink.greet(loop.feeds().comeBackAfter());
      sink.serve(flow.open(feed.subscribe(), sink));
    } catch (RuntimeException | OutOfMemoryError broken) {
      sink.breakOff(broken);
    }
  }

  private SseSink sink(HttpServerRequest request, FeedRequest feed, Principal principal) {
    return new SseSink(
        loop, loop.writer(request), feed, end(principal.expiresAt()), lease(principal));
  }

  private Limits.Lease lease(Principal principal) {
    return limits
        .take(principal.environment(), principal.token() == null ? null : principal.digest())
        .orElseThrow(() -> FeedAccess.tooMany(limits));
  }

  /** Begins a response of events, beside what headers it has. */
  public static void writeHead(HttpServerRequest request) {
    HttpServerResponse response = request.response();
    response
        .putHeader("content-type", "text/event-stream; charset=utf-8")
        .putHeader("cache-control", "no-cache, no-transform")
        .putHeader("x-accel-buffering", "no");
    if (request.version() == HttpVersion.HTTP_1_0) {
      // Without chunks only the end of the connection ends the body, whatever the client asked for.
      response.headersEndHandler(head -> response.headers().set("connection", "close"));
    } else {
      response.setChunked(true).writeHead().onSuccess(written -> forgetHeaders(request));
    }
  }

  /** They would be kept as long as the connection, and are a fifth of what an idle one takes. */
  private static void forgetHeaders(HttpServerRequest request) {
    if (request.version() == HttpVersion.HTTP_1_1) {
      request.headers().clear();
      request.response().headers().clear();
    }
  }

  private SseSink.End end(@Nullable Instant tokenExpiry) {
    long age = loop.feeds().endOfAge();
    return tokenExpiry == null || tokenExpiry.toEpochMilli() > age
        ? new SseSink.End(age, CloseCode.MAX_AGE)
        : new SseSink.End(tokenExpiry.toEpochMilli(), CloseCode.TOKEN_EXPIRED);
  }

  private static FeedQuery query(RoutingContext context) {
    FeedQuery query =
        new FeedQuery(context.queryParams(), context.request().getHeader("last-event-id"));
    String accept = context.request().getHeader("accept");
    if (accept == null || !accept.toLowerCase(Locale.ROOT).contains("text/event-stream")) {
      throw ApiException.badRequest(
          "accept",
          "Ask for one of two protocols: Accept: text/event-stream for server-sent events, or the"
              + " parameter offset for the long poll of the official clients.");
    }
    return query;
  }
}
