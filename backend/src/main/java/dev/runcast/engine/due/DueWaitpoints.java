package dev.runcast.engine.due;

import dev.runcast.engine.DueChunks;
import dev.runcast.store.Database;
import dev.runcast.store.table.DueTable.Kind;
import dev.runcast.store.waitpoint.Waitpoint.Output;
import dev.runcast.store.waitpoint.WaitpointTable;
import io.vertx.core.Future;

/**
 * What happens to waitpoints whose time has come: those that nobody has completed end, with an
 * error that says so. Stateless.
 */
final class DueWaitpoints {
  private static final Output TIMED_OUT =
      new Output(
          "{\"name\":\"WaitpointTimeoutError\",\"message\":\"Nobody completed the waitpoint before"
              + " its timeout.\"}",
          "application/json",
          true);

  private final DueChunks chunks;

  /**
   * @param chunk how many waitpoints one transaction takes at most
   */
  DueWaitpoints(Database database, int chunk) {
    this.chunks = new DueChunks(database, Kind.WAITPOINT, chunk);
  }

  /** Ends them. Says whether any time had come. */
  Future<Boolean> timeOut() {
    return chunks.next(
        (transaction, claimed) ->
            new WaitpointTable(transaction).timeOut(claimed, TIMED_OUT).mapEmpty());
  }
}
