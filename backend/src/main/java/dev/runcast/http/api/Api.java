package dev.runcast.http.api;

import dev.runcast.engine.BatchItems;
import dev.runcast.engine.Ids;
import dev.runcast.engine.Limits;
import dev.runcast.engine.Requests;
import dev.runcast.engine.Runs;
import dev.runcast.engine.Triggers;
import dev.runcast.http.api.answer.Answers;
import dev.runcast.http.api.batch.BatchCallHandler;
import dev.runcast.http.api.batch.BatchItemsHandler;
import dev.runcast.http.api.batch.BatchesHandler;
import dev.runcast.http.api.list.ListParser;
import dev.runcast.http.api.list.RunListHandler;
import dev.runcast.http.api.packet.PacketsHandler;
import dev.runcast.http.api.request.BatchParser;
import dev.runcast.http.api.request.Bodies;
import dev.runcast.http.api.request.ChangeParser;
import dev.runcast.http.api.request.ReplayParser;
import dev.runcast.http.api.request.TriggerParser;
import dev.runcast.http.auth.BearerAuth;
import dev.runcast.http.auth.TokenMint;
import dev.runcast.json.JsonText;
import dev.runcast.run.Cursor;
import dev.runcast.store.BatchReads;
import dev.runcast.store.Database;
import dev.runcast.store.RunLists;
import dev.runcast.store.RunReads;
import dev.runcast.store.RunResults;
import io.vertx.core.Handler;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.Supplier;

/** The handlers of the management API, made for one event loop. */
public record Api(
    TriggerHandler triggers,
    ReplayHandler replays,
    RunsHandler runs,
    RunListHandler lists,
    RunChangesHandler changes,
    BatchesHandler batches,
    BatchItemsHandler batchItems,
    BatchCallHandler batchCalls,
    IdempotencyKeysHandler keys,
    ResultsHandler results,
    PacketsHandler packets) {

  private static final int OPTIONS_BYTES = 64 * 1024;

  /**
   * What the event loops have in common.
   *
   * @param requestTimeout how long a client may send nothing of a streamed body
   */
  public record Backing(
      Database database,
      Requests requests,
      Limits limits,
      InstantSource clock,
      Duration requestTimeout) {
    private static final Duration USUAL = Duration.ofSeconds(75);

    /** With the usual time for each request. */
    public Backing(Database database, Requests requests, Limits limits, InstantSource clock) {
      this(database, requests, limits, clock, USUAL);
    }
  }

  /**
   * Makes the handlers.
   *
   * @param newest the newest horizon that came back through the stream to this event loop, as a
   *     cursor
   */
  public static Api create(Backing backing, TokenMint mint, Supplier<Optional<Cursor>> newest) {
    Limits limits = backing.limits();
    Bodies bodies = new Bodies(new JsonText(limits.depth()));
    Answers answers = new Answers(newest);
    TriggerParser orders = new TriggerParser(limits, backing.clock(), Ids::run);
    BatchParser batches = new BatchParser(limits, orders, backing.clock());
    Triggers triggers = new Triggers(backing.clock());
    RunReads reads = new RunReads(backing.database());
    RunsHandler runs = new RunsHandler(reads, answers, mint);
    return new Api(
        new TriggerHandler(bodies, orders, backing.requests(), triggers, mint),
        new ReplayHandler(bodies, new ReplayParser(orders), reads, backing.requests(), triggers),
        runs,
        new RunListHandler(
            new ListParser(backing.clock()), new RunLists(backing.database()), answers),
        new RunChangesHandler(
            bodies,
            new ChangeParser(limits, backing.clock()),
            backing.requests(),
            new Runs(limits),
            runs),
        new BatchesHandler(
            bodies, batches, backing.requests(), new BatchReads(backing.database()), answers, mint),
        new BatchItemsHandler(
            bodies,
            batches,
            backing.requests(),
            new BatchItems(triggers),
            new BatchItemsHandler.Bounds(lineBytes(limits), backing.requestTimeout())),
        new BatchCallHandler(bodies, batches, backing.requests(), new BatchItems(triggers), mint),
        new IdempotencyKeysHandler(bodies, backing.requests()),
        new ResultsHandler(new RunResults(backing.database())),
        new PacketsHandler(backing.database(), reads, mint));
  }

  /** Payload and metadata at their limits, half of whose characters are escaped, and options. */
  private static int lineBytes(Limits limits) {
    long bytes = 2L * (limits.payloadBytes() + limits.metadataBytes()) + OPTIONS_BYTES;
    return (int) Math.min(bytes, Integer.MAX_VALUE);
  }

  /**
   * Adds the routes of the management API.
   *
   * @param auth puts the principal into the context, or refuses
   * @param body reads the body
   */
  public void mount(Router router, BearerAuth auth, Handler<RoutingContext> body) {
    mountRuns(router, auth, body);
    mountBatches(router, auth, body);
    mountPackets(router, auth, body);
  }

  private void mountRuns(Router router, BearerAuth auth, Handler<RoutingContext> body) {
    router
        .post("/api/v1/tasks/:task/trigger")
        .handler(auth)
        .handler(body)
        .handler(triggers::trigger);

    router.post("/api/v1/runs/:runId/replay").handler(auth).handler(body).handler(replays::replay);

    router.get("/api/v1/runs").handler(auth).handler(lists::list);
    router.get("/api/v3/runs/:runId").handler(auth).handler(runs::retrieve);
    router.patch("/api/v1/runs/:runId").handler(auth).handler(body).handler(changes::patch);
    router.post("/api/v2/runs/:runId/cancel").handler(auth).handler(body).handler(changes::cancel);
    router
        .post("/api/v1/runs/:runId/reschedule")
        .handler(auth)
        .handler(body)
        .handler(changes::reschedule);
    router.post("/api/v1/runs/:runId/tags").handler(auth).handler(body).handler(changes::addTags);
    router.get("/api/v1/runs/:runId/metadata").handler(auth).handler(runs::metadata);
    router
        .put("/api/v1/runs/:runId/metadata")
        .handler(auth)
        .handler(body)
        .handler(changes::putMetadata);

    router
        .post("/api/v1/idempotencyKeys/:key/reset")
        .handler(auth)
        .handler(body)
        .handler(keys::reset);
    router.get("/api/v1/runs/:runId/result").handler(auth).handler(results::ofRun);
  }

  private void mountBatches(Router router, BearerAuth auth, Handler<RoutingContext> body) {
    router.post("/api/v3/batches").handler(auth).handler(body).handler(batches::announce);
    router.post("/api/v3/batches/:batchId/items").handler(auth).handler(batchItems::add);
    router.get("/api/v2/batches/:batchId").handler(auth).handler(batches::retrieve);
    router.get("/api/v1/batches/:batchId").handler(auth).handler(batches::retrieveLegacy);
    router.post("/api/v2/tasks/batch").handler(auth).handler(body).handler(batchCalls::trigger);
    router
        .post("/api/v1/tasks/batch")
        .handler(auth)
        .handler(body)
        .handler(batchCalls::triggerLegacy);
    router.get("/api/v1/batches/:batchId/results").handler(auth).handler(results::ofBatch);
  }

  /** Names may hold slashes, which older clients send as they are. */
  private void mountPackets(Router router, BearerAuth auth, Handler<RoutingContext> body) {
    router.putWithRegex("/api/v[12]/packets/(?<name>.+)").handler(auth).handler(packets::upload);
    router.getWithRegex("/api/v1/packets/(?<name>.+)").handler(auth).handler(packets::download);
    router
        .getWithRegex("/api/v1/runs/(?<runId>[^/]+)/packets/(?<field>payload|output)")
        .handler(auth)
        .handler(packets::ofRun);

    String contents = "/api/v1/packet-contents/(?<name>.+)";
    BearerAuth inLink = auth.alsoInQuery();
    router.getWithRegex(contents).handler(inLink).handler(packets::read);
    router.putWithRegex(contents).handler(inLink).handler(body).handler(packets::write);
  }
}
