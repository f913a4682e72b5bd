package dev.runcast.http.dev.execution;

import dev.runcast.http.ApiException;
import dev.runcast.run.RunId;
import io.vertx.ext.web.RoutingContext;

/** The run that a path names. */
final class PathRun {
  private PathRun() {}

  static RunId of(RoutingContext context) {
    String named = context.pathParam("runId");
    if (!RunId.accepts(named)) {
      throw ApiException.notFound("There is no such run in this environment.");
    }
    return new RunId(named);
  }
}
