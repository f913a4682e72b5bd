package dev.runcast.engine.due;

import dev.runcast.engine.DueChunks;
import dev.runcast.engine.Transitions;
import dev.runcast.run.RunStatus;
import dev.runcast.store.Database;
import dev.runcast.store.table.DueTable.Kind;
import dev.runcast.store.table.RunTable;
import dev.runcast.store.table.RunUpdate;
import io.vertx.core.Future;
import java.util.Set;

/**
 * What happens to runs whose time has come. A run that has moved on meanwhile, whoever moved it, is
 * left as it is: its time passes without effect. Where it comes back unbegun, the tables set its
 * expiry anew. Stateless.
 */
final class DueRuns {
  private final DueChunks delays;
  private final DueChunks expiries;

  /**
   * @param chunk how many runs one transaction takes at most
   */
  DueRuns(Database database, int chunk) {
    this.delays = new DueChunks(database, Kind.DELAY, chunk);
    this.expiries = new DueChunks(database, Kind.TTL, chunk);
  }

  /** Delayed runs enter the queue. Says whether any time had come. */
  Future<Boolean> enqueue() {
    return act(
        delays, Set.of(RunStatus.DELAYED), new RunUpdate().status(RunStatus.PENDING).queued());
  }

  /** Runs that no worker has touched end, told in one change. Says whether any time had come. */
  Future<Boolean> expire() {
    return act(
        expiries,
        Transitions.UNTOUCHED,
        new RunUpdate().status(RunStatus.EXPIRED).expired().notStartedInTime().finished());
  }

  private static Future<Boolean> act(DueChunks chunks, Set<RunStatus> from, RunUpdate update) {
    return chunks.next(
        (transaction, claimed) ->
            new RunTable(transaction).updateUnstarted(claimed, from, update).mapEmpty());
  }
}
