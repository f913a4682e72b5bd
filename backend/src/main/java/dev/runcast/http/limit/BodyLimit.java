package dev.runcast.http.limit;

import io.vertx.ext.web.RoutingContext;

/**
 * How large the body of a request may be, and what a client whose body is larger is told of it.
 *
 * @param meaning what stands behind the number, as the end of a sentence
 */
public record BodyLimit(int bytes, String meaning) {
  private static final String KEY = BodyLimit.class.getName();

  /** The limit that an operator chose. */
  public static BodyLimit chosen(int bytes) {
    return new BodyLimit(
        bytes, "the limit of this server, which --max-body / RUNCAST_MAX_BODY raises");
  }

  /** Notes that this request is held to it. */
  public void of(RoutingContext context) {
    context.put(KEY, this);
  }

  /** What a request is told whose body was too large. */
  public static String sentence(RoutingContext context) {
    BodyLimit limit = context.get(KEY);
    return limit == null
        ? "The request body is larger than this server accepts."
        : "The request body has more than %d bytes, %s.".formatted(limit.bytes, limit.meaning);
  }
}
