package dev.runcast.http.realtime;

import dev.runcast.http.ApiException;
import dev.runcast.http.auth.Authorizer;
import dev.runcast.http.auth.Principal;
import dev.runcast.run.BatchId;
import dev.runcast.run.EnvironmentId;
import dev.runcast.run.RunId;
import dev.runcast.store.Targets;
import dev.runcast.store.Targets.RunTarget;
import io.vertx.core.Future;
import java.util.Optional;
import java.util.function.BiFunction;

/**
 * Whether what a request names is there at all, and for a single run, which may be reached by names
 * that the URL does not tell, whether its asker may follow it. Answers fail with a 404 or a 403.
 */
final class FeedAccess {
  private final BiFunction<EnvironmentId, RunId, Future<Optional<RunTarget>>> findRun;
  private final BiFunction<EnvironmentId, BatchId, Future<Boolean>> hasBatch;

  FeedAccess(Targets targets) {
    this(targets::run, targets::batchExists);
  }

  FeedAccess(
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
  Future<Void> run(Principal principal, RunId run, boolean resumed) {
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

  /** The runs of one batch. */
  Future<Void> batch(Principal principal, BatchId batch) {
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

  static ApiException unknown(String what, String id) {
    return ApiException.notFound(
        "There is no " + what + " '" + id + "' in this environment, or not any more.");
  }
}
