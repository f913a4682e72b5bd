package dev.runcast.engine;

import dev.runcast.store.Database;
import dev.runcast.store.DatabaseAwayException;
import dev.runcast.store.Transaction;
import dev.runcast.store.table.DueClaims;
import dev.runcast.store.table.DueTable.Claimed;
import dev.runcast.store.table.DueTable.Kind;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Does what is due of one kind, a chunk of it in one transaction. Where that fails, each is done in
 * a transaction of its own, and what fails even so is put off: one thing that is not as it should
 * be holds up no other. Stateless.
 */
public final class DueChunks {
  private static final Logger log = LoggerFactory.getLogger(DueChunks.class);

  /** Until what has failed is tried again, the first time; and at the latest. */
  private static final Duration PUT_OFF = Duration.ofSeconds(5);

  private static final Duration LONGEST = Duration.ofMinutes(10);

  /** What is done about things whose time has come, which are locked, within a transaction. */
  @FunctionalInterface
  public interface Act {
    Future<Void> on(Transaction transaction, List<Claimed> claimed);
  }

  private final Database database;
  private final Kind kind;
  private final int size;

  /**
   * @param size how many things one transaction takes at most
   */
  public DueChunks(Database database, Kind kind, int size) {
    this.database = database;
    this.kind = kind;
    this.size = size;
  }

  /**
   * Acts on the things that have been due the longest, whose times are removed before. Says whether
   * there were any.
   */
  public Future<Boolean> next(Act act) {
    List<Claimed> chunk = new ArrayList<>();
    return database
        .transaction(
            transaction ->
                new DueClaims(transaction)
                    .claim(kind, size)
                    .compose(
                        claimed -> {
                          chunk.addAll(claimed);
                          return act(transaction, claimed, act);
                        }))
        .recover(
            failure ->
                chunk.isEmpty() || failure instanceof DatabaseAwayException
                    ? Future.failedFuture(failure)
                    : eachAlone(chunk, act))
        .map(done -> !chunk.isEmpty());
  }

  private Future<Void> act(Transaction transaction, List<Claimed> claimed, Act act) {
    return claimed.isEmpty()
        ? Future.succeededFuture()
        : new DueClaims(transaction)
            .remove(kind, claimed)
            .compose(removed -> act.on(transaction, claimed));
  }

  private Future<Void> eachAlone(List<Claimed> chunk, Act act) {
    Future<Void> all = Future.succeededFuture();
    for (Claimed one : chunk) {
      all = all.compose(before -> alone(one, act));
    }
    return all;
  }

  private Future<Void> alone(Claimed one, Act act) {
    return database
        .transaction(
            transaction ->
                new DueClaims(transaction)
                    .claimAgain(kind, one)
                    .compose(claimed -> act(transaction, claimed, act)))
        .recover(
            failure ->
                failure instanceof DatabaseAwayException
                    ? Future.failedFuture(failure)
                    : putOff(one, failure));
  }

  /** The whole of the reason is told once. */
  private Future<Void> putOff(Claimed one, Throwable failure) {
    return new DueClaims(database.autocommit())
        .putOff(kind, one, PUT_OFF, LONGEST)
        .map(
            tries -> {
              log.warn(
                  "what is due can't be done, and is tried again later kind={} environment={} ref={}"
                      + " tries={} reason=\"{}\"",
                  kind,
                  one.environment().value(),
                  one.ref(),
                  tries,
                  failure.getMessage(),
                  tries > 1 ? null : failure);
              return null;
            });
  }
}
