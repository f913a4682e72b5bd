package dev.runcast.store.table;

import dev.runcast.run.EnvironmentId;
import dev.runcast.run.RunId;
import dev.runcast.run.RunStatus;
import dev.runcast.store.Transaction;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Which run an idempotency key of a task stands for. */
public record IdempotencyTable(Transaction transaction) {
  /**
   * A parallel twin waits here until the first commits, and then sees its key. The run of that key
   * may not be in this statement's snapshot; then it is new, and has not failed.
   */
  private static final String TAKE =
      """
      insert into idempotency_key as k (environment_id, task_identifier, key, run_id, expires_at)
      values ($1, $2, $3, $4, $5)
      on conflict (environment_id, task_identifier, key) do update
        set run_id = excluded.run_id, expires_at = excluded.expires_at
        where k.expires_at <= clock_timestamp() or exists (
          select from run where run.environment_id = k.environment_id and run.id = k.run_id
            and run.status = any($6))
      returning run_id""";

  private static final String HOLDER =
      """
      select run_id from idempotency_key
      where environment_id = $1 and task_identifier = $2 and key = $3""";

  private static final String POINT =
      """
      update idempotency_key set run_id = $4
      where environment_id = $1 and task_identifier = $2 and key = $3""";

  private static final String FREE =
      """
      delete from idempotency_key where environment_id = $1 and task_identifier = $2 and key = $3""";

  /** A key of a task, and how long it is to stand for its run. */
  public record Key(EnvironmentId environment, String task, String key, Instant expiresAt) {}

  /** A key, and the new run that it is to stand for. */
  public record Taking(Key key, RunId run) {}

  /**
   * Has a key stand for a new run, unless it stands for another already: one that is not in one of
   * these statuses, and for which it has not expired.
   *
   * @return that other run; empty when the key now stands for the new one
   */
  public Future<Optional<RunId>> take(Taking taking, Set<RunStatus> cleared) {
    return takeAll(List.of(taking), cleared).map(holders -> holders.get(0));
  }

  /** Has keys that were taken stand for other runs than was thought. */
  public Future<Void> point(List<Taking> others) {
    return others.isEmpty()
        ? Future.succeededFuture()
        : transaction
            .each(POINT, others.stream().map(IdempotencyTable::values).toList())
            .mapEmpty();
  }

  /** Has a key of a task stand for nothing any more. Says whether it stood for a run. */
  public Future<Boolean> free(EnvironmentId environment, String task, String key) {
    return transaction
        .query(FREE, Tuple.of(environment.value(), task, IndexedText.of(key)))
        .map(rows -> rows.rowCount() == 1);
  }

  /**
   * As {@link #take}, one after the other in the order given. Whoever takes several must always
   * take them in the same order, or two who wait for each other's would both fail.
   *
   * @return the other runs, in the same order
   */
  public Future<List<Optional<RunId>>> takeAll(List<Taking> takings, Set<RunStatus> cleared) {
    if (takings.isEmpty()) {
      return Future.succeededFuture(List.of());
    }
    List<Tuple> tuples = takings.stream().map(taking -> values(taking, cleared)).toList();
    return transaction.each(TAKE, tuples).compose(results -> holders(takings, results));
  }

  /** What could not be taken is locked all the same, so that its holder stays while we look. */
  private Future<List<Optional<RunId>>> holders(List<Taking> takings, RowSet<Row> results) {
    List<Tuple> held = new ArrayList<>();
    List<Boolean> taken = new ArrayList<>(takings.size());
    RowSet<Row> result = results;
    for (Taking taking : takings) {
      taken.add(result.size() == 1);
      if (result.size() == 0) {
        Key key = taking.key();
        held.add(Tuple.of(key.environment().value(), key.task(), IndexedText.of(key.key())));
      }
      result = result.next();
    }
    return held.isEmpty()
        ? Future.succeededFuture(takings.stream().map(none -> Optional.<RunId>empty()).toList())
        : transaction.each(HOLDER, held).map(found -> merge(taken, found));
  }

  private static List<Optional<RunId>> merge(List<Boolean> taken, RowSet<Row> found) {
    List<Optional<RunId>> holders = new ArrayList<>(taken.size());
    RowSet<Row> next = found;
    for (boolean free : taken) {
      if (free) {
        holders.add(Optional.empty());
      } else {
        holders.add(Optional.of(new RunId(next.iterator().next().getString("run_id"))));
        next = next.next();
      }
    }
    return holders;
  }

  private static Tuple values(Taking taking, Set<RunStatus> cleared) {
    return values(taking)
        .addOffsetDateTime(taking.key().expiresAt().atOffset(ZoneOffset.UTC))
        .addArrayOfString(cleared.stream().map(RunStatus::name).toArray(String[]::new));
  }

  private static Tuple values(Taking taking) {
    Key key = taking.key();
    return Tuple.of(
        key.environment().value(), key.task(), IndexedText.of(key.key()), taking.run().value());
  }
}
