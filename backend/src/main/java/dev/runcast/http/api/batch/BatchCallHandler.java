package dev.runcast.http.api.batch;

import dev.runcast.engine.Answer;
import dev.runcast.engine.Ids;
import dev.runcast.engine.Requests;
import dev.runcast.engine.batch.BatchItems;
import dev.runcast.engine.batch.BatchItems.Item;
import dev.runcast.engine.wait.BatchParents;
import dev.runcast.http.api.answer.Answers;
import dev.runcast.http.api.answer.Handles;
import dev.runcast.http.api.answer.Repeats;
import dev.runcast.http.api.request.BatchParser;
import dev.runcast.http.api.request.Bodies;
import dev.runcast.http.auth.Authorizer;
import dev.runcast.http.auth.BearerAuth;
import dev.runcast.http.auth.OneTimeUse;
import dev.runcast.http.auth.Principal;
import dev.runcast.http.auth.TokenMint;
import dev.runcast.run.RunId;
import dev.runcast.store.Transaction;
import dev.runcast.store.table.BatchTable.Batch;
import dev.runcast.store.table.BatchTable.Member;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Makes a batch of one body, {@code POST /api/v1/tasks/batch} and {@code POST /api/v2/tasks/batch}:
 * all of its runs or none. An item that can't be triggered is a run that has failed.
 */
public final class BatchCallHandler {
  private final Bodies bodies;
  private final BatchParser parser;
  private final Requests requests;
  private final BatchItems items;
  private final BatchParents parents;
  private final TokenMint mint;

  public BatchCallHandler(
      Bodies bodies,
      BatchParser parser,
      Requests requests,
      BatchItems items,
      BatchParents parents,
      TokenMint mint) {
    this.parents = parents;
    this.bodies = bodies;
    this.parser = parser;
    this.requests = requests;
    this.items = items;
    this.mint = mint;
  }

  /** Adds its routes. */
  public void mount(Router router, BearerAuth auth, Handler<RoutingContext> body) {
    router.post("/api/v2/tasks/batch").handler(auth).handler(body).handler(this::trigger);
    router.post("/api/v1/tasks/batch").handler(auth).handler(body).handler(this::triggerLegacy);
  }

  /** Answers with the batch alone. */
  private void trigger(RoutingContext context) {
    trigger(context, BatchCallHandler::briefly);
  }

  /** Answers with every run, for clients of the generation before. */
  private void triggerLegacy(RoutingContext context) {
    trigger(context, BatchCallHandler::atLength);
  }

  private void trigger(RoutingContext context, Function<BatchItems.Whole, Answer> answering) {
    Principal principal = Principal.of(context);
    BatchParser.Whole asked =
        parser.whole(
            bodies.required(context.body().buffer()),
            new BatchParser.Beside(
                principal.environment(),
                context.request().getHeader("idempotency-key"),
                context.request().getHeader("idempotency-key-ttl")));
    List<String> tasks =
        asked.items().stream().map(item -> item.order().run().task()).distinct().toList();
    Authorizer.requireAll(principal, Authorizer.batchTrigger(tasks));
    asked
        .items()
        .forEach(
            item ->
                Authorizer.requireOwnPacket(
                    principal, item.order().run().contents().payloadType(), "options.payloadType"));
    Authorizer.requireParent(principal, asked.origin().parent(), "parentRunId");
    Batch batch = batch(principal, asked, tasks);
    Optional<Requests.Repeatable> repeatable = Repeats.of(context);
    // The issuer first: once the batch is made, nothing must keep its token from the client.
    mint.issuer(principal.environment())
        .compose(
            issuer ->
                act(
                        repeatable,
                        principal,
                        batch,
                        asked.items(),
                        BatchItems.MOST_WITHOUT_ROOM,
                        answering)
                    .onSuccess(
                        answer -> {
                          String id = new JsonObject(answer.body()).getString("id");
                          Handles.give(
                              context.response(), issuer, principal, List.of("read:batch:" + id));
                        }))
        .onSuccess(answer -> Answers.send(context, answer))
        .onFailure(failure -> Answers.fail(context, failure));
  }

  private static Batch batch(Principal principal, BatchParser.Whole asked, List<String> tasks) {
    return new Batch(
        principal.environment(),
        Ids.batch(),
        asked.items().size(),
        principal.holdsSecretKey() ? null : tasks,
        asked.origin(),
        BatchesHandler.openers(principal),
        false);
  }

  private Future<Answer> act(
      Optional<Requests.Repeatable> repeatable,
      Principal principal,
      Batch batch,
      List<Item> each,
      int withoutRoom,
      Function<BatchItems.Whole, Answer> answering) {
    return requests
        .act(
            repeatable,
            transaction ->
                items
                    .addAll(transaction, batch, each, OneTimeUse.of(principal))
                    .compose(
                        whole -> {
                          Authorizer.requireTasksOfBatch(principal, whole.batch().tasks());
                          return await(transaction, whole, BatchParents.waiter(batch))
                              .map(waits -> woken(answering.apply(whole), waits));
                        }))
        .recover(
            failure ->
                BatchItems.without(failure, each, withoutRoom)
                    .map(
                        rest -> act(repeatable, principal, batch, rest, withoutRoom - 1, answering))
                    .orElseGet(() -> Future.failedFuture(failure)));
  }

  private Future<Boolean> await(
      Transaction transaction, BatchItems.Whole whole, @Nullable RunId waiter) {
    return whole.cached()
        ? parents.await(transaction, whole.batch(), waiter, true).map(waiter != null)
        : parents.awaitFilled(transaction, whole.batch(), waiter);
  }

  /** Who waits for a batch may go on at once: its runs may have ended, or failed to begin with. */
  private static Answer woken(Answer answer, boolean waits) {
    return waits ? answer.dueBy(Instant.now()) : answer;
  }

  private static Answer briefly(BatchItems.Whole whole) {
    JsonObject body =
        new JsonObject()
            .put("id", whole.batch().id().value())
            .put("runCount", whole.batch().runCount());
    return new Answer(202, body.encode(), whole.position(), whole.due());
  }

  private static Answer atLength(BatchItems.Whole whole) {
    JsonArray runs = new JsonArray();
    whole.members().forEach(member -> runs.add(run(member, whole.cached())));
    JsonObject body =
        new JsonObject().put("id", whole.batch().id().value()).put("isCached", whole.cached());
    String key = whole.batch().origin().idempotencyKey();
    if (key != null) {
      body.put("idempotencyKey", key);
    }
    return new Answer(200, body.put("runs", runs).encode(), whole.position(), whole.due());
  }

  private static JsonObject run(Member member, boolean cached) {
    JsonObject run =
        new JsonObject()
            .put("id", member.run().value())
            .put("taskIdentifier", member.task())
            .put("isCached", cached || member.reused());
    return member.idempotencyKey() == null
        ? run
        : run.put("idempotencyKey", member.idempotencyKey());
  }
}
