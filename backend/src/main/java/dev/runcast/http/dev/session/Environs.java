package dev.runcast.http.dev.session;

import dev.runcast.engine.variable.Variables;
import dev.runcast.http.Origin;
import dev.runcast.run.EnvironmentId;
import dev.runcast.store.Database;
import dev.runcast.store.tenant.BranchTable;
import io.vertx.core.Future;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonObject;

/** The environment variables that a task runs with: the user's, and where this service is. */
public record Environs(Database database, Variables variables, BranchTable branches) {

  /**
   * Before the user's, which may be others on purpose; those of a branch after those of what it is
   * one of. By TRIGGER_DEV_BRANCH a task says in which it is, whatever it asks.
   */
  public Future<JsonObject> of(EnvironmentId environment, HttpServerRequest request) {
    String origin = Origin.of(request);
    String telemetry = origin + "/otel";
    JsonObject all =
        new JsonObject()
            .put("TRIGGER_API_URL", origin)
            .put("TRIGGER_STREAM_URL", origin)
            .put("TRIGGER_OTEL_EXPORTER_OTLP_ENDPOINT", telemetry)
            .put("OTEL_EXPORTER_OTLP_ENDPOINT", telemetry)
            .put("TRIGGER_REALTIME_STREAM_VERSION", "v1");
    return branches
        .place(environment)
        .compose(
            place ->
                place.isEmpty()
                    ? Future.succeededFuture(all)
                    : put(all, place.get().of())
                        .map(told -> all.put("TRIGGER_DEV_BRANCH", place.get().name())))
        .compose(begun -> put(all, environment));
  }

  private Future<JsonObject> put(JsonObject all, EnvironmentId environment) {
    return variables
        .values(database.autocommit(), environment)
        .map(
            own -> {
              own.forEach(all::put);
              return all;
            });
  }
}
