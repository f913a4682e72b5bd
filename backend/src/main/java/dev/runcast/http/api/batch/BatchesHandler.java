package dev.runcast.http.api.batch;

import dev.runcast.engine.Answer;
import dev.runcast.engine.Ids;
import dev.runcast.engine.Requests;
import dev.runcast.engine.batch.Batches;
import dev.runcast.engine.wait.BatchParents;
import dev.runcast.http.ApiException;
import dev.runcast.http.api.answer.Answers;
import dev.runcast.http.api.answer.Handles;
import dev.runcast.http.api.answer.Repeats;
import dev.runcast.http.api.answer.RunView;
import dev.runcast.http.api.request.BatchParser;
import dev.runcast.http.api.request.BatchParser.Announcement;
import dev.runcast.http.api.request.Bodies;
import dev.runcast.http.auth.Authorizer;
import dev.runcast.http.auth.BearerAuth;
import dev.runcast.http.auth.OneTimeUse;
import dev.runcast.http.auth.Principal;
import dev.runcast.http.auth.TokenMint;
import dev.runcast.run.BatchId;
import dev.runcast.run.RunId;
import dev.runcast.store.BatchReads;
import dev.runcast.store.BatchReads.BatchState;
import dev.runcast.store.BatchReads.Progress;
import dev.runcast.store.Transaction;
import dev.runcast.store.table.BatchTable.Batch;
import dev.runcast.tokens.TokenIssuer;
import dev.runcast.wire.Columns;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * Announces and reads batches: {@code POST /api/v3/batches}, {@code GET /api/v2/batches/:batchId}
 * and, for older clients, {@code GET /api/v1/batches/:batchId}.
 */
public final class BatchesHandler {
  private final Bodies bodies;
  private final BatchParser parser;
  private final Requests requests;
  private final BatchReads reads;
  private final Answers answers;
  private final BatchParents parents;
  private final TokenMint mint;

  public BatchesHandler(
      Bodies bodies,
      BatchParser parser,
      Requests requests,
      BatchReads reads,
      Answers answers,
      BatchParents parents,
      TokenMint mint) {
    this.parents = parents;
    this.bodies = bodies;
    this.parser = parser;
    this.requests = requests;
    this.reads = reads;
    this.answers = answers;
    this.mint = mint;
  }

  /** Adds its routes. */
  public void mount(Router router, BearerAuth auth, Handler<RoutingContext> body) {
    router.post("/api/v3/batches").handler(auth).handler(body).handler(this::announce);
    router.get("/api/v2/batches/:batchId").handler(auth).handler(this::retrieve);
    router.get("/api/v1/batches/:batchId").handler(auth).handler(this::retrieveLegacy);
  }

  /** Announces a batch, whose items are still to come. */
  private void announce(RoutingContext context) {
    Principal principal = Principal.of(context);
    Announcement asked = parser.announcement(bodies.required(context.body().buffer()));
    Authorizer.requireAll(
        principal,
        asked.tasks() == null
            ? Authorizer.batchTriggerAny()
            : Authorizer.batchTrigger(asked.tasks()));
    Authorizer.requireParent(principal, asked.origin().parent(), "parentRunId");
    Batch batch = batch(principal, asked);
    Optional<Requests.Repeatable> repeatable = Repeats.of(context);
    // The issuer first: once the batch is made, nothing must keep its token from the client.
    mint.issuer(principal.environment())
        .compose(
            issuer ->
                requests
                    .act(
                        repeatable,
                        transaction ->
                            Batches.create(transaction, batch, OneTimeUse.of(principal))
                                .compose(created -> made(transaction, principal, batch, created)))
                    .onSuccess(answer -> give(context, issuer, answer)))
        .onSuccess(answer -> Answers.send(context, answer))
        .onFailure(failure -> Answers.fail(context, failure));
  }

  /** Of a batch that was there before, and is full, the runs may have ended. */
  private Future<Answer> made(
      Transaction transaction, Principal principal, Batch asked, Batches.Created created) {
    RunId waiter = BatchParents.waiter(asked);
    Answer answer = answer(principal, created);
    boolean mayGoOn = waiter != null && created.cached();
    return parents
        .await(transaction, created.batch(), waiter, created.cached())
        .map(waits -> mayGoOn ? answer.dueBy(Instant.now()) : answer);
  }

  /** What a token could not trigger by itself, a token for its batch must not add either. */
  private static Batch batch(Principal principal, Announcement asked) {
    return new Batch(
        principal.environment(),
        Ids.batch(),
        asked.runCount(),
        principal.holdsSecretKey() ? null : asked.tasks(),
        asked.origin(),
        openers(principal),
        false);
  }

  /** A one-time token may fill the batch that it announces, and no other. */
  static List<String> openers(Principal principal) {
    return principal.isOneTime() ? List.of(principal.digest()) : List.of();
  }

  private static Answer answer(Principal principal, Batches.Created created) {
    Batch batch = created.batch();
    Authorizer.requireTasksOfBatch(principal, batch.tasks());
    JsonObject body =
        new JsonObject()
            .put("id", batch.id().value())
            .put("runCount", batch.runCount())
            .put("isCached", created.cached());
    if (batch.origin().idempotencyKey() != null) {
      body.put("idempotencyKey", batch.origin().idempotencyKey());
    }
    return new Answer(202, body.encode(), created.position());
  }

  /** A page goes on with the token that it is given; others with the one that they have. */
  private static void give(RoutingContext context, TokenIssuer issuer, Answer answer) {
    String batch = new JsonObject(answer.body()).getString("id");
    boolean page = "browser".equals(context.request().getHeader("x-trigger-client"));
    Handles.give(
        context.response(),
        issuer,
        Principal.of(context),
        page
            ? List.of("read:batch:" + batch, "write:batch:" + batch)
            : List.of("read:batch:" + batch));
  }

  /** A batch, how far it has come, and its runs. */
  private void retrieve(RoutingContext context) {
    retrieve(context, Progress::name);
  }

  /** The same for clients that know only two states of a batch. */
  private void retrieveLegacy(RoutingContext context) {
    retrieve(
        context,
        progress -> progress == Progress.COMPLETED ? progress.name() : Progress.PENDING.name());
  }

  private void retrieve(RoutingContext context, Function<Progress, String> status) {
    Principal principal = Principal.of(context);
    BatchId batch = id(context);
    Authorizer.requireAny(principal, Authorizer.readBatch(batch));
    reads
        .find(principal.environment(), batch)
        .map(found -> found.orElseThrow(BatchesHandler::unknown))
        .onSuccess(
            state ->
                answers.send(
                    context,
                    RunView.object(
                        Columns.ALL,
                        view -> write(view, batch, state, status.apply(state.progress()))),
                    state.visibility()))
        .onFailure(failure -> Answers.fail(context, failure));
  }

  private static void write(RunView view, BatchId batch, BatchState state, String status)
      throws IOException {
    view.text("id", batch.value());
    view.text("status", status);
    view.text("idempotencyKey", state.idempotencyKey());
    view.time("createdAt", state.times().createdAt());
    view.time("updatedAt", state.times().updatedAt());
    view.json().writeNumberField("runCount", state.runCount());
    view.texts("runs", state.runs().stream().map(RunId::value).toList());
    view.json().writeObjectFieldStart("processing");
    view.time("completedAt", state.times().completedAt());
    // An item that can't be triggered is a run that has failed: its error is the run's.
    view.json().writeArrayFieldStart("errors");
    view.json().writeEndArray();
    view.json().writeEndObject();
  }

  /** The batch that a path names; what can't name any is as unknown as what names none. */
  static BatchId id(RoutingContext context) {
    String id = context.pathParam("batchId");
    if (!BatchId.accepts(id)) {
      throw unknown();
    }
    return new BatchId(id);
  }

  private static ApiException unknown() {
    return ApiException.notFound("There is no batch of this id in this environment.");
  }
}
