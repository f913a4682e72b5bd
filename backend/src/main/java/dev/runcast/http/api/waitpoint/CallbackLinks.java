package dev.runcast.http.api.waitpoint;

import dev.runcast.http.Origin;
import dev.runcast.http.auth.Authorizer;
import dev.runcast.http.auth.Principal;
import dev.runcast.run.WaitpointId;
import io.vertx.ext.web.RoutingContext;

/**
 * The URLs by which waitpoints are completed, as the client that asks for them reaches this
 * service. The secret stands in the query, which is never logged.
 *
 * @param origin with which they begin
 * @param principal who is told of them
 */
record CallbackLinks(String origin, Principal principal) {
  static final String PATH = "/api/v1/waitpoints/tokens/";
  static final String SECRET = "secret";

  /** Links for whoever has sent this request. */
  static CallbackLinks of(RoutingContext context) {
    return new CallbackLinks(Origin.of(context.request()), Principal.of(context));
  }

  /** One that is good by itself; for who may not complete the waitpoint, one that is not. */
  String link(WaitpointId waitpoint, String callback) {
    return principal.grants().allowsAny(Authorizer.writeWaitpoint(waitpoint))
        ? origin + PATH + waitpoint + "/callback?" + SECRET + "=" + callback
        : origin + PATH + waitpoint + "/complete";
  }
}
