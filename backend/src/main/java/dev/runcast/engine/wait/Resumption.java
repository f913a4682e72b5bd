package dev.runcast.engine.wait;

import dev.runcast.engine.RunChange;
import dev.runcast.engine.Runs;
import dev.runcast.engine.execution.Hold;
import dev.runcast.run.RunId;
import dev.runcast.run.RunStatus;
import dev.runcast.store.Database;
import dev.runcast.store.Transaction;
import dev.runcast.store.execution.Execution.Origin;
import dev.runcast.store.execution.ExecutionStatus;
import dev.runcast.store.execution.ExecutionTable;
import dev.runcast.store.execution.ExecutionTable.Move;
import dev.runcast.store.table.DueClaims;
import dev.runcast.store.table.DueTable;
import dev.runcast.store.table.DueTable.Claimed;
import dev.runcast.store.table.DueTable.Due;
import dev.runcast.store.table.DueTable.Kind;
import dev.runcast.store.wait.WaitTable;
import io.vertx.core.Future;
import java.time.Instant;
import java.util.List;

/** Has runs go on when all that they wait for has ended. Stateless. */
public final class Resumption {
  private static final int CHUNK = 50;

  private final Database database;
  private final Runs runs;

  public Resumption(Database database, Runs runs) {
    this.database = database;
    this.runs = runs;
  }

  /** Looks at some of the runs that may go on. Says whether there were any. */
  public Future<Boolean> next() {
    return database.transaction(
        transaction ->
            new DueClaims(transaction)
                .claim(Kind.RESUME, CHUNK)
                .compose(
                    claimed ->
                        claimed.isEmpty()
                            ? Future.succeededFuture(false)
                            : new DueClaims(transaction)
                                .remove(Kind.RESUME, claimed)
                                .compose(removed -> each(transaction, claimed))
                                .map(done -> true)));
  }

  private Future<Void> each(Transaction transaction, List<Claimed> claimed) {
    Future<Void> all = Future.succeededFuture();
    for (Claimed one : claimed) {
      all =
          all.compose(before -> Hold.find(transaction, one.environment(), new RunId(one.ref())))
              .compose(
                  found ->
                      found
                          .filter(Resumption::isWaiting)
                          .map(hold -> look(transaction, hold))
                          .orElseGet(Future::succeededFuture));
    }
    return all;
  }

  private static boolean isWaiting(Hold hold) {
    return hold.execution().status() == ExecutionStatus.EXECUTING_WITH_WAITPOINTS;
  }

  private Future<Void> look(Transaction transaction, Hold hold) {
    return new WaitTable(transaction)
        .open(hold.run().environment(), hold.run().id())
        .compose(
            open ->
                open.count() == 0 ? goOn(transaction, hold) : lookAgain(transaction, hold, open));
  }

  private static Future<Void> lookAgain(Transaction transaction, Hold hold, WaitTable.Open open) {
    Instant until = open.until();
    return until == null
        ? Future.succeededFuture()
        : new DueTable(transaction)
            .put(
                List.of(
                    new Due(
                        Kind.RESUME, hold.run().environment(), hold.run().id().value(), until)));
  }

  private Future<Void> goOn(Transaction transaction, Hold hold) {
    Move move =
        new Move(
            ExecutionStatus.EXECUTING,
            "Run goes on",
            hold.execution().holder().attempt(),
            0,
            Origin.NONE);
    return new ExecutionTable(transaction)
        .move(hold.execution(), move)
        .compose(
            moved ->
                new WaitTable(transaction)
                    .deliver(hold.run().environment(), hold.run().id(), moved.snapshot().number()))
        .compose(
            told ->
                runs.changeHeld(transaction, hold.run(), RunChange.ofStatus(RunStatus.EXECUTING)))
        .mapEmpty();
  }
}
