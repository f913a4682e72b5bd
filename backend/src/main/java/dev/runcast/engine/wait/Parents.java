package dev.runcast.engine.wait;

import dev.runcast.engine.Ids;
import dev.runcast.engine.RefusedException;
import dev.runcast.engine.Triggers.Triggered;
import dev.runcast.run.EnvironmentId;
import dev.runcast.run.RunId;
import dev.runcast.run.RunStatus;
import dev.runcast.store.Transaction;
import dev.runcast.store.table.LockedRun;
import dev.runcast.store.table.NewRun;
import dev.runcast.store.table.RunTable;
import dev.runcast.store.wait.NewWait;
import dev.runcast.store.wait.NewWait.Kind;
import dev.runcast.store.wait.WaitTable;
import io.vertx.core.Future;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;

/**
 * Has runs wait for those that they trigger one by one, if they ask for it. Every call works within
 * the transaction that made what is waited for.
 */
public final class Parents {
  private static final String ALONE = "triggerAndWait";

  private final Waits waits;
  private final InstantSource clock;

  public Parents(Waits waits, InstantSource clock) {
    this.waits = waits;
    this.clock = clock;
  }

  /** Whether whoever triggers this waits for it. */
  public static boolean isWaitedFor(NewRun run) {
    return ALONE.equals(run.origin().triggerFunction()) && run.origin().parent() != null;
  }

  /** Has the parent wait for a run, which may have been there before, and may have ended. */
  public Future<Void> await(Transaction transaction, NewRun order, Triggered triggered) {
    RunId parent = order.origin().parent();
    if (parent == null || !isWaitedFor(order)) {
      return Future.succeededFuture();
    }
    EnvironmentId environment = order.environment();
    NewWait wait =
        new NewWait(Ids.waitpoint().value(), Kind.RUN, triggered.run().value(), null, null);
    Set<RunId> found = triggered.cached() ? Set.of(triggered.run()) : Set.of();
    return requireNoCircle(transaction, environment, parent, found)
        .compose(none -> new WaitTable(transaction).lockRuns(environment, List.of(triggered.run())))
        .compose(locked -> block(transaction, environment, parent, List.of(wait)));
  }

  /** Refuses to have a run wait for runs that were there before and wait for it in turn. */
  static Future<Void> requireNoCircle(
      Transaction transaction, EnvironmentId environment, RunId parent, Set<RunId> found) {
    return Circles.of(transaction, environment, parent, found)
        .compose(
            circling ->
                circling.isEmpty()
                    ? Future.succeededFuture()
                    : Future.failedFuture(Circles.refusal(parent)));
  }

  /** Has a run wait, unless nobody is at it who could; refuses to where it has ended. */
  Future<Void> block(
      Transaction transaction, EnvironmentId environment, RunId parent, List<NewWait> all) {
    return waits
        .block(transaction, environment, parent, all, clock.instant())
        .compose(
            waiting ->
                waiting
                    ? Future.succeededFuture()
                    : requireUnfinished(transaction, environment, parent));
  }

  /** Refuses to have a run wait that has ended. */
  static Future<Void> requireUnfinished(
      Transaction transaction, EnvironmentId environment, RunId parent) {
    return status(transaction, environment, parent)
        .compose(
            status ->
                status.isFinal()
                    ? Future.failedFuture(ended(parent, status))
                    : Future.succeededFuture());
  }

  /** What has become of a run, which stays so until the transaction ends. */
  static Future<RunStatus> status(Transaction transaction, EnvironmentId environment, RunId run) {
    return new RunTable(transaction)
        .lock(environment, run)
        .map(found -> found.map(LockedRun::status).orElse(RunStatus.DELETED));
  }

  static RefusedException ended(RunId parent, RunStatus status) {
    return RefusedException.unprocessable(
        "parentRunId",
        "Run %s is %s and waits for nothing any more; trigger without waiting for it."
            .formatted(parent.value(), status));
  }
}
