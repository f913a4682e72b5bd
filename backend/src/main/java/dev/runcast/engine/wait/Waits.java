package dev.runcast.engine.wait;

import dev.runcast.engine.RunChange;
import dev.runcast.engine.Runs;
import dev.runcast.engine.execution.Hold;
import dev.runcast.run.EnvironmentId;
import dev.runcast.run.RunId;
import dev.runcast.run.RunStatus;
import dev.runcast.store.Transaction;
import dev.runcast.store.execution.Execution.Origin;
import dev.runcast.store.execution.ExecutionStatus;
import dev.runcast.store.execution.ExecutionTable;
import dev.runcast.store.execution.ExecutionTable.Move;
import dev.runcast.store.table.DueTable;
import dev.runcast.store.table.DueTable.Due;
import dev.runcast.store.wait.NewWait;
import dev.runcast.store.wait.WaitTable;
import io.vertx.core.Future;
import java.time.Instant;
import java.util.List;

/** Has runs wait; every call works within the transaction it is given. */
public final class Waits {
  private final Runs runs;

  public Waits(Runs runs) {
    this.runs = runs;
  }

  /**
   * Has a run wait for all of these, which the caller has locked. One that no worker of the engine
   * is at goes on as it is: there is nobody who could be told of an end. Nor is there for one that
   * was claimed.
   *
   * @param look when it may be that it can go on
   * @return whether it waits
   */
  public Future<Boolean> block(
      Transaction transaction,
      EnvironmentId environment,
      RunId run,
      List<NewWait> waits,
      Instant look) {
    return Hold.find(transaction, environment, run)
        .compose(
            found ->
                found
                    .filter(Waits::isExecuting)
                    .map(hold -> block(transaction, hold, waits, look).map(true))
                    .orElseGet(() -> Future.succeededFuture(false)));
  }

  /**
   * Has a run wait no more for a batch that has not been filled.
   *
   * @param look when it may be that it can go on
   * @return whether it waited for it
   */
  Future<Boolean> letGo(
      Transaction transaction, EnvironmentId environment, RunId run, String batch, Instant look) {
    return Hold.find(transaction, environment, run)
        .compose(
            found ->
                found.isPresent()
                    ? new WaitTable(transaction).removeUnfilled(environment, run, batch)
                    : Future.succeededFuture(false))
        .compose(
            removed ->
                removed
                    ? new DueTable(transaction).put(List.of(due(environment, run, look))).map(true)
                    : Future.succeededFuture(false));
  }

  private static Due due(EnvironmentId environment, RunId run, Instant look) {
    return new Due(DueTable.Kind.RESUME, environment, run.value(), look);
  }

  /** Between two attempts nobody is there who could wait: what asks for it comes too late. */
  private static boolean isExecuting(Hold hold) {
    return hold.execution().lease() == null
        && isExecuting(hold.execution().status())
        && hold.run().status() != RunStatus.RETRYING_AFTER_FAILURE;
  }

  private static boolean isExecuting(ExecutionStatus status) {
    return status == ExecutionStatus.EXECUTING
        || status == ExecutionStatus.EXECUTING_WITH_WAITPOINTS;
  }

  private Future<Void> block(
      Transaction transaction, Hold hold, List<NewWait> waits, Instant look) {
    EnvironmentId environment = hold.run().environment();
    RunId run = hold.run().id();
    Due due = due(environment, run, look);
    return new WaitTable(transaction)
        .insert(environment, run, waits)
        .compose(inserted -> pause(transaction, hold))
        .compose(paused -> new DueTable(transaction).put(List.of(due)));
  }

  private Future<Void> pause(Transaction transaction, Hold hold) {
    if (hold.execution().status() == ExecutionStatus.EXECUTING_WITH_WAITPOINTS) {
      return Future.succeededFuture();
    }
    Move move =
        new Move(
            ExecutionStatus.EXECUTING_WITH_WAITPOINTS,
            "Run waits",
            hold.execution().holder().attempt(),
            0,
            Origin.NONE);
    return new ExecutionTable(transaction)
        .move(hold.execution(), move)
        .compose(
            moved ->
                runs.changeHeld(
                    transaction, hold.run(), RunChange.ofStatus(RunStatus.WAITING_TO_RESUME)))
        .mapEmpty();
  }
}
