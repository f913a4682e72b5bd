package dev.runcast.engine.wait;

import dev.runcast.engine.DueChunks;
import dev.runcast.engine.Runs;
import dev.runcast.engine.Runs.Subject;
import dev.runcast.run.RunId;
import dev.runcast.store.Database;
import dev.runcast.store.Transaction;
import dev.runcast.store.table.DueTable.Claimed;
import dev.runcast.store.table.DueTable.Kind;
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
      Subject subject = new Subject(one.environment(), new RunId(one.ref()), anybody -> {});
      all = all.compose(before -> runs.cancel(transaction, subject)).mapEmpty();
    }
    return all;
  }
}
