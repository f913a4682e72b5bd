package dev.runcast.http.realtime.shape;

import dev.runcast.http.AfterPosition;
import dev.runcast.http.realtime.FeedQuery;
import dev.runcast.http.realtime.SubscribeParser;
import dev.runcast.subscribe.turn.TurnOffset;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What a client of the long poll says of itself, beside the feed that it asks for.
 *
 * @param offset where it is; null at its beginning, and where it can't be understood
 * @param handle what it holds; null if it says nothing that can be understood
 * @param begins whether it holds nothing yet
 * @param fromNow whether it begins with what happens from now on
 * @param live whether it waits for news, rather than wants to know at once how things stand
 * @param cursor what it was told last to tell its requests apart by
 * @param legacy whether it is of the generation before the last
 */
record ShapeRequest(
    @Nullable TurnOffset offset,
    @Nullable ShapeHandle handle,
    boolean begins,
    boolean fromNow,
    boolean live,
    @Nullable String cursor,
    boolean legacy) {
  private static final String BEGINNING = "-1";
  private static final String NOW = "now";

  static ShapeRequest of(RoutingContext context) {
    FeedQuery query = query(context);
    // Its client waits by itself: what it is told then is never older than what it had.
    query.refuse("the long poll", AfterPosition.PARAMETER);
    String offset = query.one("offset");
    boolean fromNow = NOW.equals(offset);
    boolean begins = BEGINNING.equals(offset) || fromNow;
    String live = query.one("live");
    return new ShapeRequest(
        begins || offset == null ? null : offset(offset),
        ShapeHandle.parse(query.one("handle")),
        begins,
        fromNow,
        !begins && live != null && !live.equals("false"),
        query.one("cursor"),
        isLegacy(context.request()));
  }

  static FeedQuery query(RoutingContext context) {
    FeedQuery query = new FeedQuery(context.queryParams(), null);
    query.refuse("the long poll, which tells what has changed by then", "sample");
    query.refuse("the long poll", "include", "rows", "buckets", "streams");
    return query;
  }

  /** The bound of the first request outlives even a new beginning, so that it never slides. */
  SubscribeParser.Start start() {
    Instant bound = handle == null ? null : handle.createdAfter();
    return offset == null
        ? new SubscribeParser.Start(null, bound, fromNow)
        : new SubscribeParser.Start(
            offset.bookmark().cursor(), bound, handle != null && handle.fromNow());
  }

  private static @Nullable TurnOffset offset(String text) {
    try {
      return TurnOffset.parse(text);
    } catch (IllegalArgumentException foreign) {
      return null;
    }
  }

  /** Today's SDK names the version of the API, others that speak this protocol are no SDK. */
  private static boolean isLegacy(HttpServerRequest request) {
    return request.headers().contains("x-trigger-electric-version")
        && !request.headers().contains("x-trigger-api-version");
  }
}
