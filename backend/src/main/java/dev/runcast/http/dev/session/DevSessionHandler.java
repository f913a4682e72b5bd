package dev.runcast.http.dev.session;

import dev.runcast.engine.Answer;
import dev.runcast.engine.execution.Bounds;
import dev.runcast.http.Origin;
import dev.runcast.http.api.answer.Answers;
import dev.runcast.http.auth.Authorizer;
import dev.runcast.http.auth.BearerAuth;
import dev.runcast.http.auth.Principal;
import dev.runcast.store.tenant.ProjectStore;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.time.Instant;

/** A session of the command line tool: its settings, its variables, and that it is there. */
final class DevSessionHandler {
  private static final int POLL_MS = 250;
  private static final long BEAT_MS = 4_000;

  /** The tool counts runs that wait, too; they must not keep those out that they wait for. */
  private static final int WAITING_SHARE = 10;

  private final Bounds bounds;
  private final ProjectStore projects;
  private final Environs environs;

  DevSessionHandler(Bounds bounds, ProjectStore projects, Environs environs) {
    this.bounds = bounds;
    this.projects = projects;
    this.environs = environs;
  }

  void mount(Router router, BearerAuth auth) {
    router.get("/engine/v1/dev/config").handler(auth).handler(this::config);
    router.get("/engine/v1/dev/presence").handler(auth).handler(DevSessionHandler::presence);
    router.get("/api/v1/projects/:project/envvars").handler(auth).handler(this::variables);
  }

  private void config(RoutingContext context) {
    Principal principal = Principal.of(context);
    Authorizer.requireSecretKey(principal);
    send(
        context,
        new JsonObject()
            .put("environmentId", principal.environment().value())
            .put("dequeueIntervalWithRun", POLL_MS)
            .put("dequeueIntervalWithoutRun", POLL_MS)
            .put("maxConcurrentRuns", WAITING_SHARE * bounds.concurrentRuns())
            .put("engineUrl", Origin.of(context.request())));
  }

  private void variables(RoutingContext context) {
    Principal principal = Principal.of(context);
    Authorizer.requireSecretKey(principal);
    OwnProject.require(projects, principal, context.pathParam("project"))
        .compose(own -> environs.of(principal.environment(), context.request()))
        .onSuccess(values -> send(context, new JsonObject().put("variables", values)))
        .onFailure(context::fail);
  }

  /** Says now and then that it lives; what the tool does with it is wait for its end. */
  private static void presence(RoutingContext context) {
    Authorizer.requireSecretKey(Principal.of(context));
    HttpServerResponse response = context.response();
    response
        .setChunked(true)
        .putHeader("content-type", "text/event-stream")
        .putHeader("cache-control", "no-store");
    write(response, "start");
    long beat = context.vertx().setPeriodic(BEAT_MS, tick -> write(response, "time"));
    response.exceptionHandler(broke -> context.vertx().cancelTimer(beat));
    response.closeHandler(closed -> context.vertx().cancelTimer(beat));
  }

  private static void write(HttpServerResponse response, String event) {
    if (!response.writeQueueFull()) {
      response.write("event: " + event + "\ndata: " + Instant.now() + "\n\n");
    }
  }

  private static void send(RoutingContext context, JsonObject body) {
    Answers.send(context, new Answer(200, body.encode(), null));
  }
}
