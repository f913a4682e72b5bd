package dev.runcast.http.realtime;

import dev.runcast.http.ApiError;
import dev.runcast.http.ApiException;
import dev.runcast.http.auth.Authorizer;
import dev.runcast.http.auth.Principal;
import dev.runcast.run.BatchId;
import dev.runcast.run.EnvironmentId;
import dev.runcast.run.RunId;
import dev.runcast.store.Targets;
import dev.runcast.store.Targets.RunTarget;
import dev.runcast.subscribe.Limits;
import io.vertx.core.Future;
import java.util.Optional;
import java.util.function.BiFunction;

/**
 * Whether what a request names is there at all, and for a single run, which may be reached by names
 * that the URL does not tell, whether its asker may follow it. Answers fail with a 404 or a 403.
 */
public final class FeedAccess {
  private final BiFunction<EnvironmentId, RunId, Future<Optional<RunTarget>>> findRun;
  private final BiFunction<EnvironmentId, BatchId, Future<Boolean>> hasBatch;

  public FeedAccess(Targets targets) {
    this(targets::run, targets::batchExists);
  }

  public FeedAccess(
      BiFunction<EnvironmentId, RunId, Future<Optional<RunTarget>>> findRun,
      BiFunction<EnvironmentId, BatchId, Future<Boolean>> hasBatch) {
    this.findRun = findRun;
    this.hasBatch = hasBatch;
  }

  /**
   * One run.
   *
   * @param resumed whether the client followed it before: then a run that was deleted since is
   *     still to be told of
   */
  public Future<Void> run(Principal principal, RunId run, boolean resumed) {
    return findRun
        .apply(principal.environment(), run)
        .map(found -> found.filter(target -> resumed || !target.deleted()))
        .map(found -> found.orElseThrow(() -> unknown("run", run.value())))
        .map(
            target -> {
              Authorizer.requireAny(
                  principal, Authorizer.readRun(run, target.task(), target.tags(), target.batch()));
              return null;
            });
  }

  /** One run, for who was allowed to it already. */
  public Future<Void> exists(Principal principal, RunId run) {
    return findRun
        .apply(principal.environment(), run)
        .map(found -> found.filter(target -> !target.deleted()))
        .map(found -> found.orElseThrow(() -> unknown("run", run.value())))
        .mapEmpty();
  }

  /**
   * One run that a client follows by turns and was allowed to before: looked at only where its
   * scopes name the run by something else than its id.
   */
  public Future<Void> runAgain(Principal principal, RunId run) {
    return principal.grants().allowsAny(Authorizer.readRun(run))
        ? Future.succeededFuture()
        : run(principal, run, true);
  }

  /** The refusal of one more subscription than there may be. */
  public static ApiException tooMany(Limits limits) {
    return new ApiException(
        ApiError.TOO_MANY,
        "Too many subscriptions are open on this node: at most "
            + limits.perEnvironment()
            + " for an environment and "
            + limits.perToken()
            + " for one token; close some, or come back later.");
  }

  /** The runs of one batch. */
  public Future<Void> batch(Principal principal, BatchId batch) {
    return hasBatch
        .apply(principal.environment(), batch)
        .map(
            there -> {
              if (!there) {
                throw unknown("batch", batch.value());
              }
              return null;
            });
  }

  /** The run of a path; one that can be none is unknown. */
  public static RunId runId(String text) {
    if (!RunId.accepts(text)) {
      throw unknown("run", text);
    }
    return new RunId(text);
  }

  /** The batch of a path; one that can be none is unknown. */
  public static BatchId batchId(String text) {
    if (!BatchId.accepts(text)) {
      throw unknown("batch", text);
    }
    return new BatchId(text);
  }

  static ApiException unknown(String what, String id) {
    return ApiException.notFound(
        "There is no " + what + " '" + id + "' in this environment, or not any more.");
  }
}
