package dev.runcast.http.api.waitpoint;

import dev.runcast.engine.Answer;
import dev.runcast.engine.Requests;
import dev.runcast.engine.wait.InputWaits;
import dev.runcast.engine.waitpoint.Waitpoints.Created;
import dev.runcast.http.ApiException;
import dev.runcast.http.api.Api;
import dev.runcast.http.api.answer.Answers;
import dev.runcast.http.api.answer.Repeats;
import dev.runcast.http.api.request.Bodies;
import dev.runcast.http.api.request.JsonFields;
import dev.runcast.http.auth.Authorizer;
import dev.runcast.http.auth.BearerAuth;
import dev.runcast.http.auth.Principal;
import dev.runcast.json.JsonText;
import dev.runcast.run.RunId;
import dev.runcast.run.stream.StreamKey;
import dev.runcast.store.waitpoint.NewWaitpoint;
import io.vertx.core.Handler;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;

/**
 * Waitpoints that what is sent in to a run completes: {@code POST
 * /api/v1/runs/:runId/input-streams/wait}.
 */
public final class InputWaitsHandler {
  private final Bodies bodies;
  private final WaitpointParser parser;
  private final Requests requests;

  public InputWaitsHandler(Api.Backing backing) {
    this.bodies = new Bodies(new JsonText(backing.limits().depth()));
    this.parser = new WaitpointParser(backing.limits(), backing.clock());
    this.requests = backing.requests();
  }

  /**
   * Adds the route.
   *
   * @param auth puts the principal into the context, or refuses
   * @param body reads the body
   */
  public void mount(Router router, BearerAuth auth, Handler<RoutingContext> body) {
    router
        .post("/api/v1/runs/:runId/input-streams/wait")
        .handler(auth)
        .handler(body)
        .handler(this::create);
  }

  private void create(RoutingContext context) {
    Principal principal = Principal.of(context);
    Authorizer.requireSecretKey(principal);
    String run = context.pathParam("runId");
    if (!RunId.accepts(run)) {
      throw ApiException.notFound("There is no such run in this environment.");
    }
    JsonFields body = bodies.required(context.body().buffer());
    StreamKey stream = StreamKey.input(principal.environment(), new RunId(run), name(body));
    Integer last = body.number("lastSeqNum", 0, Integer.MAX_VALUE);
    long after = last == null ? -1 : last;
    NewWaitpoint asked = parser.asked(principal.environment(), body);
    requests
        .act(
            Repeats.of(context),
            transaction ->
                InputWaits.create(transaction, asked, stream, after).map(InputWaitsHandler::answer))
        .onSuccess(answer -> Answers.send(context, answer))
        .onFailure(failure -> Answers.fail(context, failure));
  }

  private static String name(JsonFields body) {
    String name = body.text("streamId", StreamKey.MAX_LENGTH);
    if (name == null || !StreamKey.accepts(name)) {
      throw ApiException.badRequest(
          "streamId",
          "streamId must name a stream: 1 to %d characters, none of them control characters."
              .formatted(StreamKey.MAX_LENGTH));
    }
    return name;
  }

  private static Answer answer(Created created) {
    JsonObject body =
        new JsonObject().put("waitpointId", created.id().value()).put("isCached", created.cached());
    return new Answer(200, body.encode(), null, created.due());
  }
}
