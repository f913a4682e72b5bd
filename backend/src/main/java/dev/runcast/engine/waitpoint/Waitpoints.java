package dev.runcast.engine.waitpoint;

import dev.runcast.engine.RefusedException;
import dev.runcast.run.EnvironmentId;
import dev.runcast.run.WaitpointId;
import dev.runcast.store.Transaction;
import dev.runcast.store.table.DueTable;
import dev.runcast.store.table.DueTable.Due;
import dev.runcast.store.waitpoint.NewWaitpoint;
import dev.runcast.store.waitpoint.Waitpoint.Output;
import dev.runcast.store.waitpoint.WaitpointTable;
import io.vertx.core.Future;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Makes and completes waitpoints; every call works within the transaction it is given. */
public final class Waitpoints {

  private Waitpoints() {}

  /**
   * The waitpoint that was asked for.
   *
   * @param callback whoever knows it may complete the waitpoint
   * @param cached whether it was there before, under its idempotency key
   * @param due when its time is over; null when nothing was set
   */
  public record Created(WaitpointId id, String callback, boolean cached, @Nullable Instant due) {}

  /** Makes a waitpoint, or finds the one that its idempotency key stands for, ended or not. */
  public static Future<Created> create(Transaction transaction, NewWaitpoint asked) {
    return new WaitpointTable(transaction)
        .insert(asked)
        .compose(
            earlier ->
                earlier
                    .map(
                        found ->
                            Future.succeededFuture(
                                new Created(found.id(), found.callback(), true, null)))
                    .orElseGet(() -> timed(transaction, asked)));
  }

  private static Future<Created> timed(Transaction transaction, NewWaitpoint made) {
    Instant timeout = made.timeoutAt();
    List<Due> dues =
        timeout == null
            ? List.of()
            : List.of(
                new Due(DueTable.Kind.WAITPOINT, made.environment(), made.id().value(), timeout));
    return new DueTable(transaction)
        .put(dues)
        .map(put -> new Created(made.id(), made.callback(), false, timeout));
  }

  /**
   * Completes a waitpoint; one that has ended stays as it is.
   *
   * <p>Fails with a {@link RefusedException} when there is none.
   *
   * @param output null for nothing
   */
  public static Future<Void> complete(
      Transaction transaction, EnvironmentId environment, WaitpointId id, @Nullable Output output) {
    return new WaitpointTable(transaction)
        .complete(environment, id, output)
        .map(
            done -> {
              if (done.isEmpty()) {
                throw unknown();
              }
              return null;
            });
  }

  /**
   * Completes the waitpoint that a callback belongs to.
   *
   * <p>Fails with a {@link RefusedException} when it belongs to none of this id.
   */
  public static Future<Void> call(
      Transaction transaction, WaitpointId id, String callback, @Nullable Output output) {
    return new WaitpointTable(transaction)
        .owner(id, callback)
        .compose(
            owner ->
                complete(transaction, owner.orElseThrow(Waitpoints::unknownCallback), id, output));
  }

  private static RefusedException unknown() {
    return RefusedException.unknown("There is no waitpoint token of this id in this environment.");
  }

  private static RefusedException unknownCallback() {
    return RefusedException.unknown(
        "There is no waitpoint token of this id and secret; post to the url that its making gave.");
  }
}
