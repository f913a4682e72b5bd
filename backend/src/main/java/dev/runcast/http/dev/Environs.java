package dev.runcast.http.dev;

import dev.runcast.engine.variable.Variables;
import dev.runcast.http.Origin;
import dev.runcast.run.EnvironmentId;
import dev.runcast.store.Database;
import io.vertx.core.Future;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonObject;

/** The environment variables that a task runs with: the user's, and where this service is. */
record Environs(Database database, Variables variables) {

  /** Before the user's, which may be others on purpose. */
  Future<JsonObject> of(EnvironmentId environment, HttpServerRequest request) {
    String origin = Origin.of(request);
    String telemetry = origin + "/otel";
    JsonObject all =
        new JsonObject()
            .put("TRIGGER_API_URL", origin)
            .put("TRIGGER_STREAM_URL", origin)
            .put("TRIGGER_OTEL_EXPORTER_OTLP_ENDPOINT", telemetry)
            .put("OTEL_EXPORTER_OTLP_ENDPOINT", telemetry)
            .put("TRIGGER_REALTIME_STREAM_VERSION", "v1");
    return variables
        .values(database.autocommit(), environment)
        .map(
            own -> {
              own.forEach(all::put);
              return all;
            });
  }
}
