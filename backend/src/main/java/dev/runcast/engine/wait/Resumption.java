package dev.runcast.engine.wait;

import dev.runcast.engine.DueChunks;
import dev.runcast.engine.RunChange;
import dev.runcast.engine.Runs;
import dev.runcast.engine.Transitions;
import dev.runcast.engine.execution.Hold;
import dev.runcast.run.RunId;
import dev.runcast.run.RunStatus;
import dev.runcast.store.Database;
import dev.runcast.store.Transaction;
import dev.runcast.store.execution.Execution.Origin;
import dev.runcast.store.execution.ExecutionStatus;
import dev.runcast.store.execution.ExecutionTable;
import dev.runcast.store.execution.ExecutionTable.Move;
import dev.runcast.store.table.DueTable;
import dev.runcast.store.table.DueTable.Claimed;
import dev.runcast.store.table.DueTable.Due;
import dev.runcast.store.table.DueTable.Kind;
import dev.runcast.store.wait.WaitTable;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Has runs go on when all that they wait for has ended. Stateless. */
public final class Resumption {
  private static final Logger log = LoggerFactory.getLogger(Resumption.class);
  private static final int CHUNK = 50;

  private final DueChunks chunks;
  private final Runs runs;

  public Resumption(Database database, Runs runs) {
    this.chunks = new DueChunks(database, Kind.RESUME, CHUNK);
    this.runs = runs;
  }

  /** Looks at some of the runs that may go on. Says whether there were any. */
  public Future<Boolean> next() {
    return chunks.next(this::each);
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
    RunStatus from = hold.run().status();
    return from == RunStatus.EXECUTING || Transitions.allows(from, RunStatus.EXECUTING)
        ? execute(transaction, hold)
        : fail(transaction, hold);
  }

  /** Somebody has made something of it by plain SQL that nothing goes on from. */
  private Future<Void> fail(Transaction transaction, Hold hold) {
    RunStatus from = hold.run().status();
    log.warn(
        "a run that waited can't go on, for somebody has changed it run={} status={}",
        hold.run().id().value(),
        from);
    String error =
        new JsonObject()
            .put("type", "INTERNAL_ERROR")
            .put("code", "TASK_EXECUTION_FAILED")
            .put(
                "message",
                "The run was %s when all that it waited for had ended: it can't go on from there."
                    .formatted(from))
            .encode();
    RunChange change =
        new RunChange(
            null,
            RunStatus.SYSTEM_FAILURE,
            Optional.empty(),
            Optional.of(error),
            RunChange.Metadata.NONE,
            List.of());
    return runs.changeHeld(transaction, hold.run(), change).mapEmpty();
  }

  private Future<Void> execute(Transaction transaction, Hold hold) {
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
