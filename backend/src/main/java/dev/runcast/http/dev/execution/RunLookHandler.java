package dev.runcast.http.dev.execution;

import dev.runcast.engine.Answer;
import dev.runcast.http.ApiException;
import dev.runcast.http.api.answer.Answers;
import dev.runcast.http.api.request.Bodies;
import dev.runcast.http.auth.Authorizer;
import dev.runcast.http.auth.BearerAuth;
import dev.runcast.http.presence.Presence;
import dev.runcast.run.EnvironmentId;
import dev.runcast.run.RunId;
import dev.runcast.store.Database;
import dev.runcast.store.Transaction;
import dev.runcast.store.execution.Execution;
import dev.runcast.store.execution.ExecutionTable;
import dev.runcast.store.execution.ExecutionTable.Seen;
import dev.runcast.store.wait.EndedWait;
import dev.runcast.store.wait.WaitTable;
import io.vertx.core.Handler;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Tells workers where their runs stand, hears that they live, and that they are gone. */
final class RunLookHandler {
  private static final int MAX_RUNS = 10_000;
  private static final int MAX_NAME = 128;
  private static final Answer OK = new Answer(200, "{\"ok\":true}", null);

  private final Database database;
  private final Gone gone;
  private final Bodies bodies;
  private final Presence presence;

  RunLookHandler(Database database, Gone gone, Bodies bodies, Presence presence) {
    this.database = database;
    this.gone = gone;
    this.bodies = bodies;
    this.presence = presence;
  }

  void mount(Router router, BearerAuth auth, Handler<RoutingContext> body) {
    String run = "/engine/v1/dev/runs/:runId";
    router.get(run + "/snapshots/latest").handler(auth).handler(this::latest);
    router
        .post(run + "/snapshots/:snapshot/heartbeat")
        .handler(auth)
        .handler(body)
        .handler(this::hear);
    // What it tells its developers of itself is of no use to us.
    router.post(run + "/logs/debug").handler(auth).handler(body).handler(this::drop);
    router.post("/engine/v1/dev/disconnect").handler(auth).handler(body).handler(this::disconnect);
  }

  private void latest(RoutingContext context) {
    RunId run = PathRun.of(context);
    EnvironmentId environment = Authorizer.keyOnly(context);
    Transaction look = database.autocommit();
    new ExecutionTable(look)
        .find(environment, run)
        .map(found -> found.orElseThrow(() -> unknown(run)))
        .compose(
            seen -> {
              present(environment, seen.execution().holder().worker());
              return new WaitTable(look)
                  .delivered(environment, run, seen.execution().snapshot().number())
                  .map(ended -> answer(seen, ended));
            })
        .onSuccess(answer -> Answers.send(context, answer))
        .onFailure(failure -> Answers.fail(context, failure));
  }

  /** One that has as many runs as it takes asks for none, but after those that it has. */
  private void present(EnvironmentId environment, @Nullable String build) {
    if (build != null) {
      presence.ofBuilds(environment, List.of(build));
    }
  }

  private static Answer answer(Seen seen, List<EndedWait> ended) {
    JsonArray completed = new JsonArray();
    ended.forEach(one -> completed.add(EndedWaitView.json(one)));
    Execution execution = seen.execution();
    JsonObject told =
        new JsonObject()
            .put("version", "1")
            .put("snapshot", DevJson.snapshot(execution.snapshot()))
            .put("run", DevJson.run(execution.run(), seen.run(), execution.holder().attempt()))
            .put("completedWaitpoints", completed);
    if (seen.batch() != null) {
      told.put("batch", DevJson.identity(seen.batch()));
    }
    return new Answer(200, new JsonObject().put("execution", told).encode(), null);
  }

  /** Whatever snapshot it names: it may not have heard of the newest. */
  private void hear(RoutingContext context) {
    RunId run = PathRun.of(context);
    bodies.optional(context.body().buffer());
    new ExecutionTable(database.autocommit())
        .hear(Authorizer.keyOnly(context), run)
        .map(
            held -> {
              if (!held) {
                throw unknown(run);
              }
              return OK;
            })
        .onSuccess(answer -> Answers.send(context, answer))
        .onFailure(failure -> Answers.fail(context, failure));
  }

  private void drop(RoutingContext context) {
    Authorizer.keyOnly(context);
    PathRun.of(context);
    bodies.optional(context.body().buffer());
    Answers.send(context, OK);
  }

  private void disconnect(RoutingContext context) {
    EnvironmentId environment = Authorizer.keyOnly(context);
    List<String> named = bodies.required(context.body().buffer()).texts("runFriendlyIds", MAX_NAME);
    if (named.size() > MAX_RUNS) {
      throw ApiException.unprocessable(
          "runFriendlyIds", "runFriendlyIds has more than %d runs.".formatted(MAX_RUNS));
    }
    List<RunId> runs = named.stream().filter(RunId::accepts).distinct().map(RunId::new).toList();
    gone.takeBack(environment, runs)
        .map(
            cancelled ->
                new Answer(200, new JsonObject().put("cancelled", cancelled).encode(), null))
        .onSuccess(answer -> Answers.send(context, answer))
        .onFailure(failure -> Answers.fail(context, failure));
  }

  private static ApiException unknown(RunId run) {
    return ApiException.notFound("The engine has no run " + run.value() + " in this environment.");
  }
}
