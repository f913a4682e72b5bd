package dev.runcast.engine.batch;

import dev.runcast.engine.RefusedException;
import dev.runcast.engine.Triggers;
import dev.runcast.run.BatchId;
import dev.runcast.run.EnvironmentId;
import dev.runcast.store.Transaction;
import dev.runcast.store.table.BatchTable;
import dev.runcast.store.table.BatchTable.Batch;
import dev.runcast.store.table.UsedTokens.OneTimeToken;
import io.vertx.core.Future;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Batches: first it is announced how many runs there will be, then they come as {@link BatchItems},
 * in any number of pieces; when all are there the batch is sealed. Stateless; every call works
 * within the transaction it is given.
 */
public final class Batches {

  private Batches() {}

  /**
   * The batch that was asked for.
   *
   * @param cached whether it was there before, and complete: no item needs to be sent
   * @param position the xid of its transaction; null when it was there before
   */
  public record Created(Batch batch, boolean cached, @Nullable Long position) {}

  /**
   * How complete a batch is.
   *
   * @param items how many have come
   * @param now whether it is sealed since this call
   */
  public record Sealing(int items, boolean sealed, boolean now) {}

  /**
   * Announces a batch, or finds the one that holds its idempotency key. One that was found and is
   * not complete has still to be sent, by whoever announced it or by whom asks again.
   *
   * <p>Fails with a {@link RefusedException} when the token was used before, the parent is unknown,
   * or the key's batch is of another size.
   */
  public static Future<Created> create(
      Transaction transaction, Batch batch, @Nullable OneTimeToken token) {
    return Triggers.useUp(transaction, token)
        .compose(used -> new BatchTable(transaction).insert(batch))
        .compose(
            xid ->
                xid.isPresent()
                    ? Future.succeededFuture(new Created(batch, false, xid.get()))
                    : earlier(transaction, batch));
  }

  private static Future<Created> earlier(Transaction transaction, Batch batch) {
    String key = batch.origin().idempotencyKey();
    if (key == null) {
      return Future.failedFuture(Triggers.unknownParent());
    }
    return new BatchTable(transaction)
        .byKey(batch.environment(), key)
        .map(
            found -> {
              Batch earlier = found.orElseThrow(Triggers::unknownParent);
              if (!earlier.sealed() && earlier.runCount() != batch.runCount()) {
                throw otherSize(earlier);
              }
              return earlier;
            })
        .compose(found -> opened(transaction, found, batch.openers()));
  }

  /** Who asks for a batch once more may fill it, as who asked first may. */
  private static Future<Created> opened(
      Transaction transaction, Batch earlier, List<String> openers) {
    Created found = new Created(earlier, earlier.sealed(), null);
    return earlier.sealed() || openers.isEmpty()
        ? Future.succeededFuture(found)
        : new BatchTable(transaction).openTo(earlier, openers).map(found);
  }

  private static RefusedException otherSize(Batch earlier) {
    return RefusedException.unprocessable(
        "runCount",
        ("The idempotencyKey belongs to a batch that still waits for %d items; send as many, or use"
                + " another key.")
            .formatted(earlier.runCount()));
  }

  /** The batch of this id; fails with a {@link RefusedException} when there is none. */
  public static Future<Batch> find(
      Transaction transaction, EnvironmentId environment, BatchId batch) {
    return new BatchTable(transaction)
        .find(environment, batch)
        .map(found -> found.orElseThrow(() -> unknown(batch)));
  }

  /** Seals a batch if all of its items have come. */
  public static Future<Sealing> seal(Transaction transaction, Batch batch) {
    return lock(transaction, batch)
        .compose(
            locked ->
                new BatchTable(transaction)
                    .seal(locked)
                    .map(
                        items -> {
                          boolean sealed = items >= batch.runCount();
                          return new Sealing(items, sealed, sealed && !locked.sealed());
                        }));
  }

  /** The batch as it is now, which until the transaction ends nobody else adds to. */
  static Future<Batch> lock(Transaction transaction, Batch batch) {
    return new BatchTable(transaction)
        .lock(batch.environment(), batch.id())
        .map(found -> found.orElseThrow(() -> unknown(batch.id())));
  }

  private static RefusedException unknown(BatchId batch) {
    return RefusedException.unknown("There is no batch " + batch.value() + " in this environment.");
  }
}
