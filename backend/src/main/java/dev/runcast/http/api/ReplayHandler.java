package dev.runcast.http.api;

import dev.runcast.engine.Answer;
import dev.runcast.engine.Requests;
import dev.runcast.engine.TriggerOrder;
import dev.runcast.engine.Triggers;
import dev.runcast.http.api.answer.Answers;
import dev.runcast.http.api.answer.Repeats;
import dev.runcast.http.api.request.Bodies;
import dev.runcast.http.api.request.JsonFields;
import dev.runcast.http.api.request.ReplayParser;
import dev.runcast.http.auth.Authorizer;
import dev.runcast.http.auth.BearerAuth;
import dev.runcast.http.auth.Principal;
import dev.runcast.run.Run;
import dev.runcast.run.RunId;
import dev.runcast.store.RunReads;
import dev.runcast.store.RunReads.Family;
import io.vertx.core.Handler;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.Optional;

/** Triggers runs once more: {@code POST /api/v1/runs/:runId/replay}. */
public final class ReplayHandler {
  private final Bodies bodies;
  private final ReplayParser parser;
  private final RunReads reads;
  private final Requests requests;
  private final Triggers triggers;

  ReplayHandler(
      Bodies bodies, ReplayParser parser, RunReads reads, Requests requests, Triggers triggers) {
    this.bodies = bodies;
    this.parser = parser;
    this.reads = reads;
    this.requests = requests;
    this.triggers = triggers;
  }

  /** Adds its route. */
  public void mount(Router router, BearerAuth auth, Handler<RoutingContext> body) {
    router.post("/api/v1/runs/:runId/replay").handler(auth).handler(body).handler(this::replay);
  }

  /** Makes a new run after an old one. */
  private void replay(RoutingContext context) {
    Principal principal = Principal.of(context);
    RunId id = RunsHandler.id(context);
    Optional<Requests.Repeatable> repeatable = Repeats.of(context);
    reads
        .family(principal.environment(), id)
        .map(family -> order(context, principal, id, family))
        .compose(
            order ->
                requests.act(
                    repeatable,
                    transaction -> triggers.trigger(transaction, order).map(ReplayHandler::answer)))
        .onSuccess(answer -> Answers.send(context, answer))
        .onFailure(failure -> Answers.fail(context, failure));
  }

  private TriggerOrder order(RoutingContext context, Principal principal, RunId id, Family family) {
    Run run = family.run();
    if (run == null) {
      throw RunsHandler.unknown(id);
    }
    Authorizer.requireAny(principal, Authorizer.writeRun(run.id(), run.taskIdentifier()));
    JsonFields changes = bodies.optional(context.body().buffer());
    TriggerOrder order = parser.parse(run, changes);
    if (changes.has("payload") || changes.has("payloadType")) {
      Authorizer.requireOwnPacket(
          principal, order.run().contents().payloadType(), "options.payloadType");
    }
    return order;
  }

  private static Answer answer(Triggers.Triggered triggered) {
    String body = new JsonObject().put("id", triggered.run().value()).encode();
    return new Answer(200, body, triggered.position(), triggered.due());
  }
}
