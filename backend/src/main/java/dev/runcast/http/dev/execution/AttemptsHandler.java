package dev.runcast.http.dev.execution;

import dev.runcast.engine.Answer;
import dev.runcast.engine.RefusedException;
import dev.runcast.engine.Requests;
import dev.runcast.engine.execution.Attempts;
import dev.runcast.engine.execution.Attempts.Word;
import dev.runcast.engine.execution.Completion;
import dev.runcast.http.api.answer.Answers;
import dev.runcast.http.api.answer.Repeats;
import dev.runcast.http.auth.Authorizer;
import dev.runcast.http.auth.BearerAuth;
import dev.runcast.http.auth.Principal;
import dev.runcast.http.dev.session.Environs;
import io.vertx.core.Handler;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** How attempts begin and end: {@code /engine/v1/dev/runs/:runId/snapshots/:snapshot/attempts}. */
final class AttemptsHandler {
  private static final Logger log = LoggerFactory.getLogger(AttemptsHandler.class);

  private final Requests requests;
  private final Attempts attempts;
  private final CompletionParser parser;
  private final Environs environs;

  AttemptsHandler(
      Requests requests, Attempts attempts, CompletionParser parser, Environs environs) {
    this.requests = requests;
    this.attempts = attempts;
    this.parser = parser;
    this.environs = environs;
  }

  void mount(Router router, BearerAuth auth, Handler<RoutingContext> body) {
    String path = "/engine/v1/dev/runs/:runId/snapshots/:snapshot/attempts";
    router.post(path + "/start").handler(auth).handler(body).handler(this::start);
    router.post(path + "/complete").handler(auth).handler(body).handler(this::complete);
  }

  /** Its answer holds secrets and is not stored: that it came again is seen from the run. */
  private void start(RoutingContext context) {
    Word word = word(context);
    requests
        .step(transaction -> attempts.begin(transaction, word), begun -> null)
        .map(begun -> begun.orElseThrow(AttemptsHandler::ended))
        .compose(
            begun ->
                environs
                    .of(word.environment(), context.request())
                    .map(variables -> AssignmentView.json(begun, variables)))
        .onSuccess(body -> Answers.send(context, new Answer(200, body.encode(), null)))
        .onFailure(failure -> Answers.fail(context, failure));
  }

  private static RefusedException ended() {
    return RefusedException.outdated(
        "The run was ended before this attempt had begun; it needs no worker any more.");
  }

  private void complete(RoutingContext context) {
    Word word = word(context);
    Completion completion = parser.parse(context.body().buffer());
    requests
        .act(
            Repeats.of(context),
            transaction -> attempts.end(transaction, word, completion).map(AttemptsHandler::answer))
        .onSuccess(
            answer -> {
              note(word, completion);
              Answers.send(context, answer);
            })
        .onFailure(failure -> Answers.fail(context, failure));
  }

  /** The name alone: what an error says may be of the payload. */
  private static void note(Word word, Completion completion) {
    Completion.Failure failure = completion.failure();
    if (failure != null) {
      String code = failure.code();
      log.info(
          "attempt failed run={} error={}",
          word.run().value(),
          code == null ? new JsonObject(failure.error()).getString("name", "unnamed") : code);
    }
  }

  private static Answer answer(Attempts.Ended ended) {
    JsonObject result =
        new JsonObject()
            .put("attemptStatus", ended.told())
            .put("snapshot", DevJson.snapshot(ended.execution().snapshot()))
            .put(
                "run",
                DevJson.run(
                    ended.execution().run(), ended.status(), ended.execution().holder().attempt()));
    return new Answer(200, new JsonObject().put("result", result).encode(), null, ended.again());
  }

  private static Word word(RoutingContext context) {
    Principal principal = Principal.of(context);
    Authorizer.requireSecretKey(principal);
    return new Word(
        principal.environment(),
        PathRun.of(context),
        DevJson.snapshotNumber(context.pathParam("snapshot")),
        RequestKey.of(context));
  }
}
