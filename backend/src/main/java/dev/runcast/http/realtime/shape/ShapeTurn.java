package dev.runcast.http.realtime.shape;

import dev.runcast.http.realtime.FeedRequest;
import dev.runcast.wire.ShapeForm;

/**
 * One request of the long poll, understood: what the client says of itself, and the feed.
 *
 * @param handle what it will hold with the answer
 */
record ShapeTurn(ShapeRequest request, FeedRequest feed, ShapeForm form, ShapeHandle handle) {

  /** Whether what the client says it holds is of this feed, so that its offset means something. */
  boolean goesOn() {
    ShapeHandle held = request.handle();
    return request.begins()
        || (request.offset() != null && held != null && held.isOf(feed, request.legacy()));
  }
}
