package dev.runcast.http.api;

import dev.runcast.engine.Answer;
import dev.runcast.engine.Requests;
import dev.runcast.engine.RunChange;
import dev.runcast.engine.Runs;
import dev.runcast.engine.Runs.Changed;
import dev.runcast.engine.Runs.Subject;
import dev.runcast.engine.claim.Claims;
import dev.runcast.http.api.answer.Answers;
import dev.runcast.http.api.answer.Repeats;
import dev.runcast.http.api.request.Bodies;
import dev.runcast.http.api.request.ChangeParser;
import dev.runcast.http.api.request.JsonFields;
import dev.runcast.http.auth.Authorizer;
import dev.runcast.http.auth.BearerAuth;
import dev.runcast.http.auth.Principal;
import dev.runcast.store.Transaction;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * Changes runs: {@code PATCH /api/v1/runs/:runId} for workers in any language, and the narrower
 * calls of the SDK, which cancel, tag and keep metadata.
 */
public final class RunChangesHandler {
  private static final int MAX_LEASE = 128;

  private final Bodies bodies;
  private final ChangeParser parser;
  private final Requests requests;
  private final Runs runs;

  /** By which workers change what they have claimed, and no others may. */
  private final Claims claims;

  private final RunsHandler reads;
  private final InstantSource clock;

  RunChangesHandler(Api.Backing backing, Bodies bodies, RunsHandler reads) {
    this.bodies = bodies;
    this.parser = new ChangeParser(backing.limits(), backing.clock());
    this.requests = backing.requests();
    this.runs = new Runs(backing.limits());
    this.claims = Api.claims(backing);
    this.reads = reads;
    this.clock = backing.clock();
  }

  /** Adds its routes. */
  public void mount(Router router, BearerAuth auth, Handler<RoutingContext> body) {
    String run = "/api/v1/runs/:runId";
    router.patch(run).handler(auth).handler(body).handler(this::patch);
    router.post("/api/v2/runs/:runId/cancel").handler(auth).handler(body).handler(this::cancel);
    router.post(run + "/reschedule").handler(auth).handler(body).handler(this::reschedule);
    router.post(run + "/tags").handler(auth).handler(body).handler(this::addTags);
    router.put(run + "/metadata").handler(auth).handler(body).handler(this::putMetadata);
  }

  /**
   * What a worker tells, of a run that it has claimed under its lease; with {@code If-Match}, only
   * if the run is at that version still.
   */
  private void patch(RoutingContext context) {
    Subject subject = subject(context);
    JsonFields fields = bodies.required(context.body().buffer());
    RunChange change = parser.worker(fields, context.request().getHeader("if-match"));
    String lease = fields.text("lease", MAX_LEASE);
    change
        .output()
        .ifPresent(
            output ->
                Authorizer.requireOwnPacket(Principal.of(context), output.type(), "outputType"));
    act(
        context,
        transaction ->
            (lease == null
                    ? runs.work(transaction, subject, change)
                    : claims.work(transaction, subject, lease, change))
                .map(changed -> answer(changed, state(changed))),
        answer -> putEtag(context, answer));
  }

  /** Cancels; what has finished already stays as it is. Those that it waits for are due at once. */
  private void cancel(RoutingContext context) {
    Subject subject = subject(context);
    act(
        context,
        transaction ->
            runs.cancel(transaction, subject)
                .map(
                    changed ->
                        new Answer(
                            200,
                            new JsonObject().put("id", changed.run().value()).encode(),
                            changed.position(),
                            clock.instant())));
  }

  /** Adds tags. */
  private void addTags(RoutingContext context) {
    Authorizer.requireSecretKey(Principal.of(context));
    RunChange change = parser.tags(bodies.required(context.body().buffer()));
    Subject subject = subject(context);
    act(
        context,
        transaction ->
            runs.change(transaction, subject, change)
                .map(
                    changed ->
                        answer(changed, new JsonObject().put("message", "The run has the tags."))));
  }

  /** Changes the metadata, and answers with all of it. */
  private void putMetadata(RoutingContext context) {
    Authorizer.requireSecretKey(Principal.of(context));
    RunChange change = parser.metadata(bodies.required(context.body().buffer()));
    Subject subject = subject(context);
    act(
        context,
        transaction ->
            runs.change(transaction, subject, change)
                .map(
                    changed ->
                        new Answer(
                            200,
                            "{\"metadata\":"
                                + (changed.metadata() == null ? "{}" : changed.metadata())
                                + "}",
                            changed.position())));
  }

  /** Puts off a run that is delayed, and answers with all of it. */
  private void reschedule(RoutingContext context) {
    Authorizer.requireSecretKey(Principal.of(context));
    Instant until = parser.delay(bodies.required(context.body().buffer()));
    Subject subject = subject(context);
    requests
        .act(
            Repeats.of(context),
            transaction ->
                runs.reschedule(transaction, subject, until)
                    .map(changed -> new Answer(200, "{}", changed.position(), until)))
        .onSuccess(
            answer -> {
              Answers.putPosition(context, answer);
              reads.sendAfresh(context);
            })
        .onFailure(failure -> Answers.fail(context, failure));
  }

  private void act(RoutingContext context, Function<Transaction, Future<Answer>> action) {
    act(context, action, answer -> {});
  }

  private void act(
      RoutingContext context,
      Function<Transaction, Future<Answer>> action,
      Consumer<Answer> beforehand) {
    Optional<Requests.Repeatable> repeatable = Repeats.of(context);
    requests
        .act(repeatable, action)
        .onSuccess(
            answer -> {
              beforehand.accept(answer);
              Answers.send(context, answer);
            })
        .onFailure(failure -> Answers.fail(context, failure));
  }

  private static Subject subject(RoutingContext context) {
    Principal principal = Principal.of(context);
    return new Subject(
        principal.environment(),
        RunsHandler.id(context),
        run -> Authorizer.requireAny(principal, Authorizer.writeRun(run.id(), run.task())));
  }

  private static void putEtag(RoutingContext context, Answer answer) {
    long version = new JsonObject(answer.body()).getLong("version");
    context.response().putHeader("etag", Answers.etag(version));
  }

  private static JsonObject state(Changed changed) {
    return new JsonObject()
        .put("id", changed.run().value())
        .put("status", changed.status().apiName())
        .put("version", changed.version());
  }

  private static Answer answer(Changed changed, JsonObject body) {
    return new Answer(200, body.encode(), changed.position());
  }
}
