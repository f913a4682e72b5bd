package dev.runcast.http.api.batch;

import dev.runcast.engine.Answer;
import dev.runcast.engine.RefusedException;
import dev.runcast.engine.Requests;
import dev.runcast.engine.batch.BatchItems;
import dev.runcast.engine.batch.BatchItems.Added;
import dev.runcast.engine.batch.BatchItems.Item;
import dev.runcast.engine.batch.Batches;
import dev.runcast.engine.wait.BatchParents;
import dev.runcast.http.ApiError;
import dev.runcast.http.ApiException;
import dev.runcast.http.api.answer.Answers;
import dev.runcast.http.api.request.BatchParser;
import dev.runcast.http.api.request.Bodies;
import dev.runcast.http.api.request.JsonFields;
import dev.runcast.http.api.request.Lines;
import dev.runcast.http.auth.Authorizer;
import dev.runcast.http.auth.BearerAuth;
import dev.runcast.http.auth.Principal;
import dev.runcast.http.limit.BodyClock;
import dev.runcast.run.BatchId;
import dev.runcast.store.RowRefusedException;
import dev.runcast.store.Transaction;
import dev.runcast.store.table.BatchTable.Batch;
import io.vertx.core.Future;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;

/**
 * Takes in the items of a batch, {@code POST /api/v3/batches/:batchId/items}: JSON values, one a
 * line, for as long as they come. What has come stays, whatever becomes of the rest; who sends it
 * all again loses and doubles nothing.
 */
public final class BatchItemsHandler {
  private static final String TYPE = "application/x-ndjson";

  private final Bodies bodies;
  private final BatchParser parser;
  private final Requests requests;
  private final BatchItems items;
  private final BatchParents parents;
  private final Bounds bounds;

  /**
   * What a client that streams items is held to.
   *
   * @param line bytes of one item
   * @param idle how long nothing may come
   */
  public record Bounds(int line, Duration idle) {}

  public BatchItemsHandler(
      Bodies bodies,
      BatchParser parser,
      Requests requests,
      BatchItems items,
      BatchParents parents,
      Bounds bounds) {
    this.parents = parents;
    this.bodies = bodies;
    this.parser = parser;
    this.requests = requests;
    this.items = items;
    this.bounds = bounds;
  }

  /** Adds its route, which reads the body by itself, as it comes. */
  public void mount(Router router, BearerAuth auth) {
    router.post("/api/v3/batches/:batchId/items").handler(auth).handler(this::add);
  }

  /** Takes in items, and seals the batch when it has as many as were announced. */
  private void add(RoutingContext context) {
    Principal principal = Principal.of(context);
    BatchId id = BatchesHandler.id(context);
    requireType(context.request());
    if ("100-continue".equalsIgnoreCase(context.request().getHeader("expect"))) {
      context.response().writeContinue();
    }
    Future<Batch> batch =
        requests.step(
            transaction -> Batches.find(transaction, principal.environment(), id), found -> null);
    ItemStream stream =
        new ItemStream(
            new Lines(bounds.line),
            line -> item(principal, batch.result(), line),
            chunk -> take(batch.result(), chunk, BatchItems.MOST_WITHOUT_ROOM));
    BodyClock clock =
        new BodyClock(
            context.vertx(), bounds.idle, () -> stream.giveUp(BodyClock.tooSlow(bounds.idle)));
    stream
        .read(context.request(), batch.mapEmpty(), clock)
        .compose(total -> seal(batch.result(), total))
        .recover(failure -> letGoOn(batch, failure))
        .onSuccess(answer -> Answers.send(context, answer))
        .onFailure(failure -> Answers.fail(context, failure));
  }

  /** Who announced a batch, to wait for it, is told if its items are refused, and must not wait. */
  private Future<Answer> letGoOn(Future<Batch> batch, Throwable failure) {
    return isRefusal(failure) && batch.succeeded()
        ? requests
            .step(
                transaction -> parents.giveUp(transaction, batch.result()),
                let -> let ? Instant.now() : null)
            .transform(let -> Future.failedFuture(failure))
        : Future.failedFuture(failure);
  }

  /** Whether a client is not to try again. */
  private static boolean isRefusal(Throwable failure) {
    return failure instanceof RefusedException
        || failure instanceof RowRefusedException
        || (failure instanceof ApiException wrong && !wrong.error().isRetryable());
  }

  private static void requireType(HttpServerRequest request) {
    String type = request.getHeader("content-type");
    String media = type == null ? "" : type.split(";", 2)[0].trim().toLowerCase(Locale.ROOT);
    if (!media.equals(TYPE)) {
      throw new ApiException(
          ApiError.UNSUPPORTED_TYPE,
          "Items must be sent as " + TYPE + ", one JSON object a line; set the content-type.");
    }
  }

  private Item item(Principal principal, Batch batch, Lines.Line line) {
    JsonFields fields = bodies.line(line.text(), line.number());
    int index;
    try {
      index = BatchParser.index(fields, batch);
    } catch (ApiException wrong) {
      throw new ApiException(
          wrong.error(),
          "Line %d of the request body: %s".formatted(line.number(), wrong.sentence()),
          wrong.param());
    }
    try {
      requireTask(principal, batch, BatchParser.task(fields));
      Item item = parser.item(fields, batch);
      Authorizer.requireOwnPacket(
          principal, item.order().run().contents().payloadType(), "options.payloadType");
      return item;
    } catch (ApiException wrong) {
      throw new ApiException(
          wrong.error(), named(index, wrong.sentence()), "items[" + index + "]." + wrong.param());
    }
  }

  private static String named(int index, String sentence) {
    return "Item %d of the batch is refused: %s".formatted(index, sentence);
  }

  /** Either by the task itself, or by the batch, whose tasks were granted when it was announced. */
  private static void requireTask(Principal principal, Batch batch, String task) {
    if (principal.isOneTime() && !batch.openers().contains(principal.digest())) {
      throw new ApiException(
          ApiError.FORBIDDEN,
          "A one-time use token adds only to the batch that was announced with it; use the token"
              + " of that request.");
    }
    boolean byBatch = batch.tasks() == null || batch.tasks().contains(task);
    if (!byBatch || !principal.grants().allowsAny(Authorizer.writeBatch(batch.id()))) {
      Authorizer.requireAll(principal, Authorizer.batchTrigger(List.of(task)));
    }
  }

  private Future<Added> take(Batch batch, List<Item> chunk, int withoutRoom) {
    return requests
        .step(
            transaction ->
                items
                    .add(transaction, batch, chunk)
                    .compose(added -> parents.requireUnfinished(transaction, batch).map(added)),
            Added::due)
        .recover(
            failure ->
                BatchItems.without(failure, chunk, withoutRoom)
                    .map(rest -> take(batch, rest, withoutRoom - 1))
                    .orElseGet(() -> Future.failedFuture(failure)));
  }

  /**
   * What came of the attempt to seal a batch.
   *
   * @param waited whether somebody waits for the runs of it, since now
   */
  private record Sealed(Batches.Sealing sealing, boolean waited) {}

  private Future<Sealed> seal(Transaction transaction, Batch batch) {
    return Batches.seal(transaction, batch)
        .compose(
            sealing ->
                sealing.now()
                    ? parents
                        .awaitFilled(transaction, batch, null)
                        .map(waited -> new Sealed(sealing, waited))
                    : Future.succeededFuture(new Sealed(sealing, false)));
  }

  private Future<Answer> seal(Batch batch, ItemStream.Total total) {
    return requests
        .step(transaction -> seal(transaction, batch), end -> end.waited() ? Instant.now() : null)
        .map(Sealed::sealing)
        .map(
            sealing ->
                new Answer(
                    200,
                    new JsonObject()
                        .put("id", batch.id().value())
                        .put("itemsAccepted", total.accepted())
                        .put("itemsDeduplicated", total.repeated())
                        .put("sealed", sealing.sealed())
                        .put("enqueuedCount", sealing.items())
                        .put("expectedCount", batch.runCount())
                        .encode(),
                    total.position()));
  }
}
