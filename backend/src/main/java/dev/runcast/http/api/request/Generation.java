package dev.runcast.http.api.request;

import dev.runcast.run.RunStatus;
import io.vertx.core.http.HttpServerRequest;

/**
 * Of which generation of the API a client is. It decides on names of statuses; an unknown one fails
 * the older client.
 */
public enum Generation {
  TODAY,
  /** The SDK of version 3. */
  LEGACY;

  /**
   * Who asks. Today's SDK names the version of the API, the older one only its own; whoever names
   * neither is no SDK.
   */
  public static Generation of(HttpServerRequest request) {
    return request.headers().contains("trigger-version")
            && !request.headers().contains("x-trigger-api-version")
        ? LEGACY
        : TODAY;
  }

  /** The name that it knows a status by. */
  public String name(RunStatus status) {
    return this == LEGACY ? status.legacyName() : status.apiName();
  }
}
