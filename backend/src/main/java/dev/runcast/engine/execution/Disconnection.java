package dev.runcast.engine.execution;

import dev.runcast.engine.RunChange;
import dev.runcast.engine.Runs;
import dev.runcast.run.EnvironmentId;
import dev.runcast.run.RunId;
import dev.runcast.run.RunStatus;
import dev.runcast.store.Transaction;
import dev.runcast.store.execution.Execution.Origin;
import dev.runcast.store.execution.ExecutionStatus;
import dev.runcast.store.execution.ExecutionTable;
import dev.runcast.store.execution.ExecutionTable.Move;
import io.vertx.core.Future;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What becomes of the runs of a worker that is gone, as those who watched over it tell. A run that
 * it had begun is cancelled, for what it has done can't be known; one that it had not begun goes
 * back to the queue.
 */
public final class Disconnection {
  private static final Logger log = LoggerFactory.getLogger(Disconnection.class);

  private final Runs runs;

  public Disconnection(Runs runs) {
    this.runs = runs;
  }

  /** Takes a run from its worker. Says whether it was cancelled. */
  public Future<Boolean> takeBack(Transaction transaction, EnvironmentId environment, RunId run) {
    return Hold.find(transaction, environment, run)
        .compose(
            found ->
                found
                    .filter(hold -> hold.execution().status().isHeld())
                    .filter(hold -> hold.execution().lease() == null)
                    .map(hold -> takeBack(transaction, hold))
                    .orElseGet(() -> Future.succeededFuture(false)));
  }

  private Future<Boolean> takeBack(Transaction transaction, Hold hold) {
    log.info("worker of a run is gone run={}", hold.run().id().value());
    boolean begun = hold.execution().status() != ExecutionStatus.PENDING_EXECUTING;
    Move move =
        begun
            ? Attempts.finished(hold.execution(), "Worker is gone", Origin.NONE)
            : new Move(
                ExecutionStatus.QUEUED,
                "Worker is gone and has not begun it",
                hold.execution().holder().attempt(),
                hold.execution().holder().returns(),
                Origin.NONE);
    RunStatus status = begun ? RunStatus.CANCELED : RunStatus.PENDING;
    return new ExecutionTable(transaction)
        .move(hold.execution(), move)
        .compose(moved -> hold.unwatch(transaction))
        .compose(
            done ->
                hold.run().status().isFinal()
                    ? Future.succeededFuture()
                    : runs.changeHeld(transaction, hold.run(), RunChange.ofStatus(status))
                        .mapEmpty())
        .map(changed -> begun);
  }
}
