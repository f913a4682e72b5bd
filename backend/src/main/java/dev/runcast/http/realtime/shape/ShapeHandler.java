package dev.runcast.http.realtime.shape;

import dev.runcast.http.auth.Authorizer;
import dev.runcast.http.auth.Principal;
import dev.runcast.http.realtime.FeedAccess;
import dev.runcast.http.realtime.FeedQuery;
import dev.runcast.http.realtime.FeedRequest;
import dev.runcast.http.realtime.SubscribeParser;
import dev.runcast.run.BatchId;
import dev.runcast.run.RunId;
import dev.runcast.subscribe.Limits;
import dev.runcast.wire.ShapeForm;
import io.vertx.core.Future;
import io.vertx.ext.web.RoutingContext;

/**
 * Opens the turns of the long poll. What can be refused is refused first, as for every feed; then a
 * client that holds what can't be gone on from is sent back to its beginning. Confined to its event
 * loop.
 */
public final class ShapeHandler {
  private final ShapeLoop loop;
  private final Limits limits;
  private final FeedAccess access;
  private final SubscribeParser parser;

  public ShapeHandler(ShapeLoop loop, Limits limits, FeedAccess access, SubscribeParser parser) {
    this.loop = loop;
    this.limits = limits;
    this.access = access;
    this.parser = parser;
  }

  /** Whether a request is one of the long poll: all of them say where the client is. */
  public static boolean isFor(RoutingContext context) {
    return context.queryParams().contains("offset");
  }

  /** {@code GET /realtime/v1/runs/:runId?offset=} */
  public void run(RoutingContext context) {
    Principal principal = Principal.of(context);
    RunId run = FeedAccess.runId(context.pathParam("runId"));
    ShapeRequest request = ShapeRequest.of(context);
    FeedQuery query = ShapeRequest.query(context);
    // It would end the feed of a run that is done, turn after turn, before anything was told.
    query.refuse("the long poll, whose client stops by itself", "stopOnCompletion");
    ShapeTurn turn = turn(request, parser.run(principal, run, query, request.start()));
    boolean resumed = !request.begins() && turn.goesOn();
    openAfter(
        resumed ? access.runAgain(principal, run) : access.run(principal, run, false),
        context,
        turn);
  }

  /** {@code GET /realtime/v1/batches/:batchId?offset=} */
  public void batch(RoutingContext context) {
    Principal principal = Principal.of(context);
    BatchId batch = FeedAccess.batchId(context.pathParam("batchId"));
    ShapeRequest request = ShapeRequest.of(context);
    FeedQuery query = ShapeRequest.query(context);
    ShapeTurn turn = turn(request, parser.batch(principal, batch, query, request.start()));
    Authorizer.requireAny(principal, turn.feed().needed());
    boolean resumed = !request.begins() && turn.goesOn();
    openAfter(resumed ? Future.succeededFuture() : access.batch(principal, batch), context, turn);
  }

  /** {@code GET /realtime/v1/runs?offset=} */
  public void runs(RoutingContext context) {
    Principal principal = Principal.of(context);
    ShapeRequest request = ShapeRequest.of(context);
    FeedQuery query = ShapeRequest.query(context);
    ShapeTurn turn = turn(request, parser.runs(principal, query, request.start()));
    Authorizer.requireAny(principal, turn.feed().needed());
    open(context, turn);
  }

  private ShapeTurn turn(ShapeRequest request, FeedRequest feed) {
    boolean legacy = request.legacy();
    ShapeForm form = new ShapeForm(feed.subscribe().columns(), legacy);
    ShapeHandle held = request.handle();
    ShapeHandle handle =
        held != null && !request.begins() && held.isOf(feed, legacy)
            ? held
            : ShapeHandle.of(feed, legacy, loop.now());
    return new ShapeTurn(request, feed, form, handle);
  }

  private void openAfter(Future<Void> allowed, RoutingContext context, ShapeTurn turn) {
    allowed
        .map(
            yes -> {
              open(context, turn);
              return null;
            })
        .onFailure(context::fail);
  }

  private void open(RoutingContext context, ShapeTurn turn) {
    if (context.response().closed()) {
      return;
    }
    if (!turn.goesOn()) {
      ShapeAnswer.refetch(context.response(), turn.handle().madeAnew(loop.now()));
      return;
    }
    Principal principal = Principal.of(context);
    Limits.Lease lease =
        limits
            .take(principal.environment(), principal.token() == null ? null : principal.digest())
            .orElseThrow(() -> FeedAccess.tooMany(limits));
    ShapePoll.open(context, loop, turn, lease);
  }
}
