package dev.runcast.http.stream;

import dev.runcast.http.ApiException;
import dev.runcast.http.auth.Authorizer;
import dev.runcast.http.auth.Principal;
import dev.runcast.http.realtime.FeedAccess;
import dev.runcast.http.realtime.sse.SseHandler;
import dev.runcast.hub.stream.StreamReader;
import dev.runcast.run.RunId;
import dev.runcast.run.stream.StreamKey;
import dev.runcast.subscribe.Limits;
import dev.runcast.subscribe.StreamFlow;
import io.vertx.core.Future;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Serves streams as server-sent events. Confined to its event loop. */
public final class StreamReadHandler {
  private static final int MOST_SECONDS = 600;
  private static final Duration USUAL_PATIENCE = Duration.ofMinutes(1);

  /** {@code <milliseconds>-<number>} as an event's id is, or the number alone, which may be -1. */
  private static final Pattern LAST_EVENT = Pattern.compile("(?:[0-9]{1,18}-)?([0-9]{1,18})|(-1)");

  private final StreamFlow flow;
  private final Limits limits;
  private final FeedAccess access;
  private final StreamLoop loop;

  /** On the event loop of the flow's hub. */
  public StreamReadHandler(StreamFlow flow, Limits limits, FeedAccess access, StreamLoop loop) {
    this.flow = flow;
    this.limits = limits;
    this.access = access;
    this.loop = loop;
  }

  /** {@code GET /realtime/v1/streams/:runId/:key} */
  public void output(RoutingContext context) {
    RunId run = FeedAccess.runId(context.pathParam("runId"));
    if (StreamKey.isTrace(context.pathParam("key"))) {
      trace(context, run);
      return;
    }
    String key = StreamWriteHandler.key(context.pathParam("key"));
    serve(context, new StreamKey(Principal.of(context).environment(), run, key));
  }

  /** {@code GET /realtime/v1/streams/:runId/input/:streamId} */
  public void input(RoutingContext context) {
    RunId run = FeedAccess.runId(context.pathParam("runId"));
    String name = StreamWriteHandler.key(context.pathParam("streamId"));
    serve(context, StreamKey.input(Principal.of(context).environment(), run, name));
  }

  private void trace(RoutingContext context, RunId run) {
    Principal principal = Principal.of(context);
    Authorizer.requireAny(principal, Authorizer.readTrace(run));
    StreamKey stream = StreamKey.trace(principal.environment(), run);
    serve(context, stream, access.exists(principal, run));
  }

  private void serve(RoutingContext context, StreamKey stream) {
    serve(context, stream, access.run(Principal.of(context), stream.run(), false));
  }

  private void serve(RoutingContext context, StreamKey stream, Future<Void> allowed) {
    HttpServerRequest request = context.request();
    Duration patience = patience(request.getHeader("timeout-seconds"));
    long from =
        from(request.getHeader("last-event-id"), request.getHeader("x-trigger-stream-start"));
    allowed
        .map(
            yes -> {
              open(context, stream, from, patience);
              return null;
            })
        .onFailure(context::fail);
  }

  private void open(RoutingContext context, StreamKey stream, long from, Duration patience) {
    HttpServerRequest request = context.request();
    HttpServerResponse response = request.response();
    if (response.closed()) {
      return;
    }
    Principal principal = Principal.of(context);
    Limits.Lease lease =
        limits
            .take(principal.environment(), principal.token() == null ? null : principal.digest())
            .orElseThrow(() -> FeedAccess.tooMany(limits));
    StreamConnection connection =
        new StreamConnection(
            loop, loop.events().writer(request), lease, patience, principal.bearer());
    response.closeHandler(closed -> connection.gone());
    try {
      response.putHeader("x-stream-version", "v1");
      SseHandler.writeHead(request);
      connection.greet();
      connection.serve(flow.open(stream, from, connection));
    } catch (RuntimeException | OutOfMemoryError broken) {
      connection.breakOff();
    }
  }

  private static Duration patience(@Nullable String header) {
    if (header == null) {
      return USUAL_PATIENCE;
    }
    if (header.matches("[0-9]{1,3}")) {
      int seconds = Integer.parseInt(header);
      if (seconds >= 1 && seconds <= MOST_SECONDS) {
        return Duration.ofSeconds(seconds);
      }
    }
    throw ApiException.badRequest(
        "timeout-seconds", "Timeout-Seconds must be a number from 1 to " + MOST_SECONDS + ".");
  }

  private static long from(@Nullable String lastEventId, @Nullable String start) {
    if (lastEventId == null || lastEventId.isBlank()) {
      return "latest".equals(start) ? StreamReader.LATEST : 0;
    }
    Matcher form = LAST_EVENT.matcher(lastEventId.trim());
    if (!form.matches()) {
      throw ApiException.badRequest(
          "last-event-id", "Last-Event-ID must be the id of an event of this stream, or a number.");
    }
    return form.group(1) == null ? 0 : Long.parseLong(form.group(1)) + 1;
  }
}
