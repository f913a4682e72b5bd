package dev.runcast.http.realtime;

import dev.runcast.http.AfterPosition;
import dev.runcast.http.auth.Authorizer;
import dev.runcast.http.auth.Principal;
import dev.runcast.run.BatchId;
import dev.runcast.run.RunId;
import io.vertx.core.Future;

/**
 * Lets a principal follow a feed, or says why not, in this order: the form of the request, the
 * scope, what is not there, and what was written that it has to wait for. A refusal is thrown or
 * fails the future with an {@link dev.runcast.http.ApiException}.
 */
public final class FeedAdmission {
  private final SubscribeParser parser;
  private final FeedAccess access;
  private final AfterPosition after;

  public FeedAdmission(SubscribeParser parser, FeedAccess access, AfterPosition after) {
    this.parser = parser;
    this.access = access;
    this.after = after;
  }

  /** One run. */
  public Future<FeedRequest> run(Principal principal, String id, FeedQuery query) {
    RunId run = FeedAccess.runId(id);
    FeedRequest feed = parser.run(principal, run, query);
    return access
        .run(principal, run, feed.isResumed())
        .compose(let -> after.await(query.one(AfterPosition.PARAMETER)))
        .map(feed);
  }

  /** The runs of a batch. */
  public Future<FeedRequest> batch(Principal principal, String id, FeedQuery query) {
    BatchId batch = FeedAccess.batchId(id);
    FeedRequest feed = parser.batch(principal, batch, query);
    Authorizer.requireAny(principal, feed.needed());
    return access
        .batch(principal, batch)
        .compose(let -> after.await(query.one(AfterPosition.PARAMETER)))
        .map(feed);
  }

  /** Runs by tags, by parent, or of the whole environment. */
  public Future<FeedRequest> runs(Principal principal, FeedQuery query) {
    FeedRequest feed = parser.runs(principal, query);
    Authorizer.requireAny(principal, feed.needed());
    return after.await(query.one(AfterPosition.PARAMETER)).map(feed);
  }
}
