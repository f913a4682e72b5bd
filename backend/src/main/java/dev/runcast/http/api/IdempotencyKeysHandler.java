package dev.runcast.http.api;

import dev.runcast.engine.Answer;
import dev.runcast.engine.Requests;
import dev.runcast.engine.Triggers;
import dev.runcast.http.ApiException;
import dev.runcast.http.api.answer.Answers;
import dev.runcast.http.api.answer.Repeats;
import dev.runcast.http.api.request.Bodies;
import dev.runcast.http.api.request.TriggerParser;
import dev.runcast.http.auth.Authorizer;
import dev.runcast.http.auth.BearerAuth;
import dev.runcast.http.auth.Principal;
import dev.runcast.json.JsonText;
import io.vertx.core.Handler;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;

/** Frees idempotency keys: {@code POST /api/v1/idempotencyKeys/:key/reset}. */
public final class IdempotencyKeysHandler {
  private static final int MAX_TASK = 256;

  private final Bodies bodies;
  private final Requests requests;

  IdempotencyKeysHandler(Bodies bodies, Requests requests) {
    this.bodies = bodies;
    this.requests = requests;
  }

  /** Adds its route. */
  public void mount(Router router, BearerAuth auth, Handler<RoutingContext> body) {
    router
        .post("/api/v1/idempotencyKeys/:key/reset")
        .handler(auth)
        .handler(body)
        .handler(this::reset);
  }

  /** Has a key of a task stand for no run any more; the run itself stays. */
  private void reset(RoutingContext context) {
    Principal principal = Principal.of(context);
    Authorizer.requireAny(principal, Authorizer.writeRuns());
    String key = context.pathParam("key");
    if (!JsonText.isStorable(key)) {
      throw ApiException.badRequest("key", "The idempotency key holds a NUL; there is no such.");
    }
    String task = bodies.required(context.body().buffer()).text("taskIdentifier", MAX_TASK);
    TriggerParser.requireTask(task == null ? "" : task);
    Answer answer = new Answer(200, new JsonObject().put("id", key).encode(), null);
    requests
        .act(
            Repeats.of(context),
            transaction ->
                Triggers.freeKey(transaction, principal.environment(), String.valueOf(task), key)
                    .map(answer))
        .onSuccess(done -> Answers.send(context, done))
        .onFailure(failure -> Answers.fail(context, failure));
  }
}
