package dev.runcast.engine.wait;

import dev.runcast.engine.DueChunks;
import dev.runcast.engine.RunChange;
import dev.runcast.engine.Runs;
import dev.runcast.run.RunId;
import dev.runcast.run.RunStatus;
import dev.runcast.store.Database;
import dev.runcast.store.Transaction;
import dev.runcast.store.table.DueTable.Claimed;
import dev.runcast.store.table.DueTable.Kind;
import dev.runcast.store.table.LockedRun;
import dev.runcast.store.table.RunTable;
import dev.runcast.store.wait.WaitTable;
import io.vertx.core.Future;
import java.util.List;

/**
 * Has those runs end that a cancelled one has triggered and waited for: its cancellation has set a
 * time for each, whoever cancelled it. Their own cancellation does the same for those below them.
 * Stateless.
 */
public final class Cancellations {
  private static final int CHUNK = 50;

  private final DueChunks chunks;
  private final Runs runs;

  public Cancellations(Database database, Runs runs) {
    this.chunks = new DueChunks(database, Kind.CANCEL, CHUNK);
    this.runs = runs;
  }

  /** Cancels some of them. Says whether there were any. */
  public Future<Boolean> next() {
    return chunks.next(this::each);
  }

  private Future<Void> each(Transaction transaction, List<Claimed> claimed) {
    Future<Void> all = Future.succeededFuture();
    for (Claimed one : claimed) {
      all = all.compose(before -> cancel(transaction, one));
    }
    return all;
  }

  /** It may have ended meanwhile, or be gone; or somebody else has come to wait for it. */
  private Future<Void> cancel(Transaction transaction, Claimed one) {
    return new RunTable(transaction)
        .lock(one.environment(), new RunId(one.ref()))
        .compose(
            found ->
                found
                    .filter(run -> !run.status().isFinal())
                    .map(run -> cancel(transaction, run))
                    .orElseGet(Future::succeededFuture));
  }

  private Future<Void> cancel(Transaction transaction, LockedRun run) {
    RunChange change = RunChange.ofStatus(RunStatus.CANCELED);
    return new WaitTable(transaction)
        .isAwaited(run.environment(), run.id())
        .compose(
            awaited ->
                awaited
                    ? Future.succeededFuture()
                    : runs.changeHeld(transaction, run, change).mapEmpty());
  }
}
