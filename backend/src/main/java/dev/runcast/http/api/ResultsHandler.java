package dev.runcast.http.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.runcast.engine.Answer;
import dev.runcast.http.ApiError;
import dev.runcast.http.ApiException;
import dev.runcast.http.api.answer.Answers;
import dev.runcast.http.api.request.Generation;
import dev.runcast.http.auth.Authorizer;
import dev.runcast.http.auth.BearerAuth;
import dev.runcast.http.auth.Principal;
import dev.runcast.json.JsonText;
import dev.runcast.run.BatchId;
import dev.runcast.run.RunId;
import dev.runcast.run.RunStatus;
import dev.runcast.store.RunResults;
import dev.runcast.store.RunResults.Result;
import dev.runcast.wire.Packet;
import dev.runcast.wire.TaskError;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Tells what runs came to as those want it who waited for them: {@code GET
 * /api/v1/runs/:runId/result} and {@code GET /api/v1/batches/:batchId/results}. Outputs are packets
 * here: a text and its type.
 */
public final class ResultsHandler {
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
  private static final String CANCELED =
      "{\"type\":\"INTERNAL_ERROR\",\"code\":\"TASK_RUN_CANCELLED\"}";
  private static final long MAX_BYTES = 32L << 20;

  private final RunResults results;

  ResultsHandler(RunResults results) {
    this.results = results;
  }

  /** Adds its routes. */
  public void mount(Router router, BearerAuth auth) {
    router.get("/api/v1/runs/:runId/result").handler(auth).handler(this::ofRun);
    router.get("/api/v1/batches/:batchId/results").handler(auth).handler(this::ofBatch);
  }

  /** What a run came to; unknown until it has finished. */
  private void ofRun(RoutingContext context) {
    Principal principal = Principal.of(context);
    Authorizer.requireSecretKey(principal);
    String id = context.pathParam("runId");
    if (!RunId.accepts(id)) {
      throw unfinished();
    }
    results
        .ofRun(principal.environment(), new RunId(id))
        .map(found -> found.stream().findFirst().orElseThrow(ResultsHandler::unfinished))
        .onSuccess(result -> send(context, json(result, generation(context))))
        .onFailure(failure -> Answers.fail(context, failure));
  }

  /** What those runs of a batch came to that have finished. */
  private void ofBatch(RoutingContext context) {
    Principal principal = Principal.of(context);
    Authorizer.requireSecretKey(principal);
    String id = context.pathParam("batchId");
    if (!BatchId.accepts(id)) {
      throw unknownBatch();
    }
    BatchId batch = new BatchId(id);
    results
        .size(principal.environment(), batch)
        .compose(
            size -> {
              check(size);
              return results.ofBatch(principal.environment(), batch);
            })
        .onSuccess(found -> send(context, json(batch, found, generation(context))))
        .onFailure(failure -> Answers.fail(context, failure));
  }

  private static void check(RunResults.Size size) {
    if (!size.known()) {
      throw unknownBatch();
    }
    if (size.bytes() > MAX_BYTES) {
      throw new ApiException(
          ApiError.TOO_LARGE,
          "The results of this batch have %d bytes, over the limit of %d; read its runs one by one."
              .formatted(size.bytes(), MAX_BYTES));
    }
  }

  private static Generation generation(RoutingContext context) {
    return Generation.of(context.request());
  }

  private static void send(RoutingContext context, ObjectNode body) {
    Answers.send(context, new Answer(200, JsonText.print(body), null));
  }

  private static ObjectNode json(BatchId batch, List<Result> results, Generation generation) {
    ArrayNode items = NODES.arrayNode(results.size());
    results.forEach(result -> items.add(json(result, generation)));
    return NODES.objectNode().put("id", batch.value()).set("items", items);
  }

  private static ObjectNode json(Result result, Generation generation) {
    boolean ok = result.status() == RunStatus.COMPLETED_SUCCESSFULLY;
    ObjectNode json = NODES.objectNode().put("ok", ok).put("id", result.run().value());
    if (!ok) {
      json.set("error", error(result.status(), result.error(), generation));
    } else {
      if (result.output() != null) {
        json.put("output", result.output());
      }
      json.put("outputType", result.outputType() == null ? Packet.JSON_TYPE : result.outputType());
    }
    return json.put("taskIdentifier", result.task());
  }

  /** Who failed without a word is given the status for one. */
  private static JsonNode error(RunStatus status, @Nullable String stored, Generation generation) {
    boolean legacy = generation == Generation.LEGACY;
    if (stored != null) {
      return TaskError.of(stored, legacy);
    }
    return status == RunStatus.CANCELED
        ? TaskError.of(CANCELED, legacy)
        : TaskError.of("The run ended as " + generation.name(status) + ".", legacy);
  }

  private static ApiException unfinished() {
    return ApiException.notFound(
        "There is no run of this id in this environment that has finished.");
  }

  private static ApiException unknownBatch() {
    return ApiException.notFound("There is no batch of this id in this environment.");
  }
}
