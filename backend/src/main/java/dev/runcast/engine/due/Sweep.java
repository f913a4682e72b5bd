package dev.runcast.engine.due;

import dev.runcast.config.Settings;
import dev.runcast.store.Database;
import dev.runcast.store.Transaction;
import dev.runcast.store.packet.PacketTable;
import dev.runcast.store.revocation.RevocationTable;
import dev.runcast.store.table.RetentionTable;
import dev.runcast.store.tenant.BranchTable;
import dev.runcast.store.wait.DatedWaitTable;
import dev.runcast.store.wait.InputWaitTable;
import dev.runcast.store.waitpoint.WaitpointTable;
import dev.runcast.store.worker.PresenceTable;
import dev.runcast.store.worker.WorkerTable;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;

/**
 * Lets go of what is older than the configured ages. A finished run is first marked as deleted,
 * which its subscribers hear, and removed days later.
 *
 * <p>A sweep comes in chunks, each a short transaction, so that a long backlog holds back neither
 * writers nor the horizon of the log; whichever node is first takes the next. Stateless.
 */
final class Sweep {
  /** What a node judges by its own clock, which may run behind the database's, stays that long. */
  private static final Duration CLOCK_MARGIN = Duration.ofHours(1);

  private final Database database;
  private final Settings.Retention retention;
  private final int chunk;

  /**
   * @param chunk how many rows of each kind one transaction takes at most
   */
  Sweep(Database database, Settings.Retention retention, int chunk) {
    this.database = database;
    this.retention = retention;
    this.chunk = chunk;
  }

  /** Makes sure that there is a next sweep, at the latest a pause from now. */
  Future<Void> plan() {
    return new RetentionTable(database.autocommit()).planSweep(retention.sweepEvery());
  }

  /** Takes the next chunk, if a sweep is due and no other node is at it. Says whether it did. */
  Future<Boolean> next() {
    return database.transaction(
        transaction -> {
          RetentionTable table = new RetentionTable(transaction);
          return table
              .beginSweep()
              .compose(
                  begun -> begun ? take(transaction).map(true) : Future.succeededFuture(false));
        });
  }

  private Future<Void> take(Transaction transaction) {
    RetentionTable table = new RetentionTable(transaction);
    return inTurn(steps(transaction, table))
        .compose(full -> table.endSweep(full ? Duration.ZERO : retention.sweepEvery()));
  }

  private List<Supplier<Future<Integer>>> steps(Transaction transaction, RetentionTable table) {
    Duration batchAge = retention.runs().plus(retention.tombstones());
    return List.of(
        () -> table.tombstone(retention.runs(), chunk),
        () -> table.purge(retention.tombstones(), chunk),
        () -> table.removeBatches(batchAge, chunk),
        () -> table.removeIdempotencyKeys(Duration.ZERO, chunk),
        () -> table.removeChunks(retention.chunks(), chunk),
        () -> table.removeRequests(retention.requests(), chunk),
        () -> table.removeUsedTokens(CLOCK_MARGIN, chunk),
        () -> new RevocationTable(transaction).removeExpired(CLOCK_MARGIN, chunk),
        () -> table.removeOrphans(CLOCK_MARGIN, chunk),
        () -> new InputWaitTable(transaction).remove(chunk),
        () -> new DatedWaitTable(transaction).remove(retention.runs(), chunk),
        () -> new WaitpointTable(transaction).remove(retention.runs(), chunk),
        () -> new WorkerTable(transaction).removeUnused(retention.builds(), chunk),
        () -> new PresenceTable(transaction).forgetQueues(CLOCK_MARGIN, chunk),
        () -> BranchTable.cancelLeft(transaction, chunk),
        () -> new PacketTable(transaction).release(chunk));
  }

  /** Whether any step took as much as it may, so that there is probably more. */
  private Future<Boolean> inTurn(List<Supplier<Future<Integer>>> steps) {
    Future<Boolean> full = Future.succeededFuture(false);
    for (Supplier<Future<Integer>> step : steps) {
      full = full.compose(before -> step.get().map(taken -> before || taken >= chunk));
    }
    return full;
  }
}
