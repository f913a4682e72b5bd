package dev.runcast.http.dev.execution;

import dev.runcast.http.api.answer.Repeats;
import io.vertx.ext.web.RoutingContext;
import org.jspecify.annotations.Nullable;

/** By what a request is known when it comes again, where its answer must not be stored. */
final class RequestKey {
  private RequestKey() {}

  /** Null when it has none. */
  static @Nullable String of(RoutingContext context) {
    return Repeats.of(context).map(repeatable -> repeatable.identity().key()).orElse(null);
  }
}
