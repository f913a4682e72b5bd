package dev.runcast.engine.due;

import dev.runcast.engine.Transitions;
import dev.runcast.run.RunStatus;
import dev.runcast.store.Database;
import dev.runcast.store.Transaction;
import dev.runcast.store.table.DueClaims;
import dev.runcast.store.table.DueTable.Claimed;
import dev.runcast.store.table.DueTable.Kind;
import dev.runcast.store.table.RunTable;
import dev.runcast.store.table.RunUpdate;
import io.vertx.core.Future;
import java.util.List;
import java.util.Set;

/**
 * What happens to runs whose time has come. A run that has moved on meanwhile, whoever moved it, is
 * left as it is: its time passes without effect. Stateless.
 */
final class DueRuns {
  private final Database database;
  private final int chunk;

  /**
   * @param chunk how many runs one transaction takes at most
   */
  DueRuns(Database database, int chunk) {
    this.database = database;
    this.chunk = chunk;
  }

  /** Delayed runs enter the queue. Says whether any time had come. */
  Future<Boolean> enqueue() {
    return act(
        Kind.DELAY, Set.of(RunStatus.DELAYED), new RunUpdate().status(RunStatus.PENDING).queued());
  }

  /** Runs that no worker has touched end, told in one change. Says whether any time had come. */
  Future<Boolean> expire() {
    return act(
        Kind.TTL,
        Transitions.UNTOUCHED,
        new RunUpdate().status(RunStatus.EXPIRED).expired().notStartedInTime().finished());
  }

  private Future<Boolean> act(Kind kind, Set<RunStatus> from, RunUpdate update) {
    return database.transaction(
        transaction ->
            new DueClaims(transaction)
                .claim(kind, chunk)
                .compose(
                    claimed ->
                        claimed.isEmpty()
                            ? Future.succeededFuture(false)
                            : act(transaction, kind, claimed, from, update)));
  }

  private static Future<Boolean> act(
      Transaction transaction,
      Kind kind,
      List<Claimed> claimed,
      Set<RunStatus> from,
      RunUpdate update) {
    return new RunTable(transaction)
        .updateUnstarted(claimed, from, update)
        .compose(moved -> new DueClaims(transaction).remove(kind, claimed))
        .map(removed -> true);
  }
}
