package dev.runcast.http.dev;

import dev.runcast.engine.Answer;
import dev.runcast.engine.execution.Dequeuing;
import dev.runcast.http.api.answer.Answers;
import dev.runcast.http.api.request.Bodies;
import dev.runcast.http.api.request.JsonFields;
import dev.runcast.http.auth.Authorizer;
import dev.runcast.http.auth.BearerAuth;
import dev.runcast.http.auth.Principal;
import dev.runcast.run.EnvironmentId;
import dev.runcast.store.Database;
import dev.runcast.store.execution.Execution;
import dev.runcast.store.execution.HandedOut;
import dev.runcast.store.tenant.ProjectStore;
import dev.runcast.store.tenant.ProjectStore.Home;
import dev.runcast.store.worker.WorkerTable;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Gives runs to whoever asks for some: {@code POST /engine/v1/dev/dequeue}. */
public final class DequeueHandler {
  private static final int MAX_NAME = 128;
  private static final Duration SEEN_FOR = Duration.ofMinutes(1);
  private static final int MAX_SEEN = 10_000;
  private static final Answer NOTHING = new Answer(200, "{\"dequeuedMessages\":[]}", null);

  private final Dequeuing dequeuing;
  private final Contacts contacts;
  private final Bodies bodies;
  private final ProjectStore projects;
  private final Database database;
  private final InstantSource clock;

  /** Until when it need not be noted again that a build is there. Owned by the event loop. */
  private final Map<String, Instant> seen = new HashMap<>();

  DequeueHandler(
      Dequeuing dequeuing,
      Bodies bodies,
      ProjectStore projects,
      Database database,
      InstantSource clock) {
    this.database = database;
    this.clock = clock;
    this.dequeuing = dequeuing;
    this.contacts = new Contacts(database, clock);
    this.bodies = bodies;
    this.projects = projects;
  }

  void mount(Router router, BearerAuth auth, Handler<RoutingContext> body) {
    router.post("/engine/v1/dev/dequeue").handler(auth).handler(body).handler(this::dequeue);
  }

  private void dequeue(RoutingContext context) {
    Principal principal = Principal.of(context);
    Authorizer.requireSecretKey(principal);
    JsonFields fields = bodies.optional(context.body().buffer());
    see(principal.environment(), fields);
    Dequeuing.Asker asker =
        new Dequeuing.Asker(
            principal.environment(),
            fields.text("currentWorker", MAX_NAME),
            RequestKey.of(context));
    contacts.heard(asker);
    dequeuing
        .next(asker)
        .compose(handed -> answer(principal, handed))
        .onSuccess(answer -> Answers.send(context, answer))
        .onFailure(failure -> Answers.fail(context, failure));
  }

  /** Notes now and then that the builds are there that a tool has, also one that gets no runs. */
  private void see(EnvironmentId environment, JsonFields fields) {
    List<String> had = new ArrayList<>(fields.texts("oldWorkers", MAX_NAME));
    String current = fields.text("currentWorker", MAX_NAME);
    if (current != null) {
      had.add(current);
    }
    Instant now = clock.instant();
    had.removeIf(worker -> now.isBefore(seen.getOrDefault(worker, Instant.MIN)));
    if (had.isEmpty()) {
      return;
    }
    if (seen.size() > MAX_SEEN) {
      seen.clear();
    }
    had.forEach(worker -> seen.put(worker, now.plus(SEEN_FOR)));
    new WorkerTable(database.autocommit())
        .see(environment, had)
        .onFailure(failure -> had.forEach(seen::remove));
  }

  private Future<Answer> answer(Principal principal, List<HandedOut> handed) {
    return handed.isEmpty()
        ? Future.succeededFuture(NOTHING)
        : projects
            .home(principal.environment())
            .map(
                home -> {
                  JsonArray messages = new JsonArray();
                  handed.forEach(one -> messages.add(message(one, home)));
                  return new Answer(
                      200, new JsonObject().put("dequeuedMessages", messages).encode(), null);
                });
  }

  private static JsonObject message(HandedOut handed, Home home) {
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
        .put("project", new JsonObject().put("id", home.projectId()));
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
