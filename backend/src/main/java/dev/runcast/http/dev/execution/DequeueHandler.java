package dev.runcast.http.dev.execution;

import dev.runcast.engine.Answer;
import dev.runcast.engine.execution.Dequeuing;
import dev.runcast.http.api.answer.Answers;
import dev.runcast.http.api.request.Bodies;
import dev.runcast.http.api.request.JsonFields;
import dev.runcast.http.auth.Authorizer;
import dev.runcast.http.auth.BearerAuth;
import dev.runcast.http.auth.Principal;
import dev.runcast.http.presence.Presence;
import dev.runcast.store.execution.Execution;
import dev.runcast.store.execution.HandedOut;
import io.vertx.core.Handler;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Gives runs to whoever asks for some: {@code POST /engine/v1/dev/dequeue}. */
final class DequeueHandler {
  private static final int MAX_NAME = 128;
  private static final Answer NOTHING = new Answer(200, "{\"dequeuedMessages\":[]}", null);

  private final Dequeuing dequeuing;
  private final Presence presence;
  private final Bodies bodies;

  DequeueHandler(Dequeuing dequeuing, Bodies bodies, Presence presence) {
    this.dequeuing = dequeuing;
    this.presence = presence;
    this.bodies = bodies;
  }

  void mount(Router router, BearerAuth auth, Handler<RoutingContext> body) {
    router.post("/engine/v1/dev/dequeue").handler(auth).handler(body).handler(this::dequeue);
  }

  private void dequeue(RoutingContext context) {
    Principal principal = Principal.of(context);
    Authorizer.requireSecretKey(principal);
    JsonFields fields = bodies.optional(context.body().buffer());
    presence.ofBuilds(principal.environment(), builds(fields));
    Dequeuing.Asker asker =
        new Dequeuing.Asker(
            principal.environment(),
            fields.text("currentWorker", MAX_NAME),
            RequestKey.of(context));
    dequeuing
        .next(asker)
        .map(DequeueHandler::answer)
        .onSuccess(answer -> Answers.send(context, answer))
        .onFailure(failure -> Answers.fail(context, failure));
  }

  /** Those that a tool has, also such as get no runs. */
  private static Set<String> builds(JsonFields fields) {
    Set<String> builds = new LinkedHashSet<>(fields.texts("oldWorkers", MAX_NAME));
    String current = fields.text("currentWorker", MAX_NAME);
    if (current != null) {
      builds.add(current);
    }
    return builds;
  }

  private static Answer answer(List<HandedOut> handed) {
    if (handed.isEmpty()) {
      return NOTHING;
    }
    JsonArray messages = new JsonArray();
    handed.forEach(one -> messages.add(message(one)));
    return new Answer(200, new JsonObject().put("dequeuedMessages", messages).encode(), null);
  }

  private static JsonObject message(HandedOut handed) {
    Execution execution = handed.execution();
    return new JsonObject()
        .put("version", "1")
        .put("snapshot", DevJson.snapshot(execution.snapshot()))
        .put("dequeuedAt", execution.snapshot().createdAt().toString())
        .put("completedWaitpoints", new JsonArray())
        .put("backgroundWorker", DevJson.identity(handed.worker()).put("version", handed.version()))
        .put("deployment", new JsonObject())
        .put("run", run(handed))
        .put(
            "environment",
            new JsonObject().put("id", execution.environment().value()).put("type", "DEVELOPMENT"))
        .put("organization", new JsonObject().put("id", DevJson.ORGANIZATION.getString("id")))
        .put("project", new JsonObject().put("id", handed.project()));
  }

  private static JsonObject run(HandedOut handed) {
    Execution execution = handed.execution();
    return DevJson.identity(execution.run().value())
        .put("isTest", handed.isTest())
        .put("isReplay", handed.isReplay())
        .put("machine", DevJson.machine(handed.machine()))
        .put("attemptNumber", execution.holder().attempt() + 1)
        .put("masterQueue", "main")
        .put("traceContext", new JsonObject());
  }
}
