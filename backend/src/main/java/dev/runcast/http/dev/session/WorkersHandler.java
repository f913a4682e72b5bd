package dev.runcast.http.dev.session;

import dev.runcast.engine.Answer;
import dev.runcast.engine.Requests;
import dev.runcast.engine.worker.Workers;
import dev.runcast.http.api.answer.Answers;
import dev.runcast.http.api.answer.Repeats;
import dev.runcast.http.api.request.Bodies;
import dev.runcast.http.auth.Authorizer;
import dev.runcast.http.auth.BearerAuth;
import dev.runcast.http.auth.Principal;
import dev.runcast.store.tenant.ProjectStore;
import dev.runcast.store.worker.NewWorker;
import dev.runcast.store.worker.Worker;
import io.vertx.core.Handler;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.time.InstantSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Registers builds of tasks: {@code POST /api/v1/projects/:project/background-workers}. */
final class WorkersHandler {
  private static final Logger log = LoggerFactory.getLogger(WorkersHandler.class);

  private final Requests requests;
  private final Bodies bodies;
  private final ProjectStore projects;
  private final InstantSource clock;

  WorkersHandler(Requests requests, Bodies bodies, ProjectStore projects, InstantSource clock) {
    this.clock = clock;
    this.requests = requests;
    this.bodies = bodies;
    this.projects = projects;
  }

  void mount(Router router, BearerAuth auth, Handler<RoutingContext> body) {
    router
        .post("/api/v1/projects/:project/background-workers")
        .handler(auth)
        .handler(body)
        .handler(this::register);
  }

  private void register(RoutingContext context) {
    Principal principal = Principal.of(context);
    Authorizer.requireSecretKey(principal);
    NewWorker made = ManifestParser.parse(bodies.required(context.body().buffer()));
    var repeatable = Repeats.of(context);
    OwnProject.require(projects, principal, context.pathParam("project"))
        .compose(
            own ->
                requests.act(
                    repeatable,
                    transaction ->
                        Workers.register(transaction, principal.environment(), made)
                            .map(registered -> answer(registered, made))))
        .onSuccess(answer -> Answers.send(context, answer))
        .onFailure(failure -> Answers.fail(context, failure));
  }

  private Answer answer(Workers.Registered registered, NewWorker made) {
    Worker worker = registered.worker();
    log.info(
        "build registered version={} tasks={} released={}",
        worker.version(),
        made.tasks().size(),
        registered.released());
    return new Answer(
        200,
        new JsonObject()
            .put("id", worker.id())
            .put("version", worker.version())
            .put("contentHash", worker.contentHash())
            .encode(),
        null,
        registered.first() ? clock.instant() : null);
  }
}
