package dev.runcast.http.api;

import dev.runcast.engine.Answer;
import dev.runcast.engine.Requests;
import dev.runcast.engine.TriggerOrder;
import dev.runcast.engine.Triggers;
import dev.runcast.engine.wait.Parents;
import dev.runcast.http.api.answer.Answers;
import dev.runcast.http.api.answer.Handles;
import dev.runcast.http.api.answer.Repeats;
import dev.runcast.http.api.request.Bodies;
import dev.runcast.http.api.request.TriggerParser;
import dev.runcast.http.auth.Authorizer;
import dev.runcast.http.auth.BearerAuth;
import dev.runcast.http.auth.OneTimeUse;
import dev.runcast.http.auth.Principal;
import dev.runcast.http.auth.TokenMint;
import dev.runcast.store.Transaction;
import dev.runcast.store.table.NewRun;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import java.util.Optional;

/** Makes runs: {@code POST /api/v1/tasks/:task/trigger}. */
public final class TriggerHandler {
  private final Bodies bodies;
  private final TriggerParser parser;
  private final Requests requests;
  private final Triggers triggers;
  private final Parents parents;
  private final TokenMint mint;

  TriggerHandler(
      Bodies bodies,
      TriggerParser parser,
      Requests requests,
      Triggers triggers,
      Parents parents,
      TokenMint mint) {
    this.parents = parents;
    this.bodies = bodies;
    this.parser = parser;
    this.requests = requests;
    this.triggers = triggers;
    this.mint = mint;
  }

  /** Adds its route. */
  public void mount(Router router, BearerAuth auth, Handler<RoutingContext> body) {
    router.post("/api/v1/tasks/:task/trigger").handler(auth).handler(body).handler(this::trigger);
  }

  /** Makes a run, or finds the one that its idempotency key stands for. */
  private void trigger(RoutingContext context) {
    Principal principal = Principal.of(context);
    String task = context.pathParam("task");
    TriggerParser.requireTask(task);
    Authorizer.requireAny(principal, Authorizer.trigger(task));
    TriggerOrder order =
        parser.parse(task, bodies.optional(context.body().buffer()), beside(context, principal));
    requireOwn(principal, order.run());
    Optional<Requests.Repeatable> repeatable = Repeats.of(context);
    // The issuer first: once the run is made, nothing must keep its token from the client.
    mint.issuer(principal.environment())
        .compose(
            issuer ->
                act(repeatable, order)
                    .map(
                        answer -> {
                          String run = new JsonObject(answer.body()).getString("id");
                          Handles.give(context.response(), issuer, principal, scopes(run));
                          return answer;
                        }))
        .onSuccess(answer -> Answers.send(context, answer))
        .onFailure(failure -> Answers.fail(context, failure));
  }

  /** Nothing of others may come into the run, nor the run to them. */
  private static void requireOwn(Principal principal, NewRun run) {
    NewRun.Origin origin = run.origin();
    Authorizer.requireOwnPacket(principal, run.contents().payloadType(), "options.payloadType");
    Authorizer.requireParent(principal, origin.parent(), "options.parentRunId");
    Authorizer.requireBatch(principal, origin.batch(), "options.parentBatch");
  }

  private Future<Answer> act(Optional<Requests.Repeatable> repeatable, TriggerOrder order) {
    return repeatable.isEmpty() && order.isOneStatement() && !Parents.isWaitedFor(order.run())
        ? requests.actAlone(transaction -> made(transaction, order))
        : requests.act(repeatable, transaction -> made(transaction, order));
  }

  private Future<Answer> made(Transaction transaction, TriggerOrder order) {
    return triggers
        .trigger(transaction, order)
        .compose(
            triggered ->
                parents
                    .await(transaction, order.run(), triggered)
                    .map(waiting -> answer(triggered)));
  }

  private static Answer answer(Triggers.Triggered triggered) {
    String body =
        new JsonObject()
            .put("id", triggered.run().value())
            .put("isCached", triggered.cached())
            .encode();
    return new Answer(200, body, triggered.position(), triggered.due());
  }

  private static List<String> scopes(String run) {
    return List.of("read:runs:" + run, "write:inputStreams:" + run);
  }

  private static TriggerParser.Beside beside(RoutingContext context, Principal principal) {
    return new TriggerParser.Beside(
        principal.environment(),
        OneTimeUse.of(principal),
        context.request().getHeader("idempotency-key"),
        context.request().getHeader("idempotency-key-ttl"));
  }
}
