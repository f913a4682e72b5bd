package dev.runcast.store.table;

import dev.runcast.run.EnvironmentId;
import dev.runcast.run.RunId;
import dev.runcast.run.RunStatus;
import dev.runcast.store.Transaction;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowIterator;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.time.ZoneOffset;
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

  /** A key of a task, and how long it is to stand for its run. */
  public record Key(EnvironmentId environment, String task, String key, Instant expiresAt) {}

  /**
   * Has a key stand for a new run, unless it stands for another already: one that is not in one of
   * these statuses, and for which it has not expired.
   *
   * @return that other run; empty when the key now stands for the new one
   */
  public Future<Optional<RunId>> take(Key key, RunId run, Set<RunStatus> cleared) {
    Tuple values =
        Tuple.of(
            key.environment().value(),
            key.task(),
            IndexedText.of(key.key()),
            run.value(),
            key.expiresAt().atOffset(ZoneOffset.UTC));
    values.addArrayOfString(cleared.stream().map(RunStatus::name).toArray(String[]::new));
    return transaction
        .query(TAKE, values)
        .compose(rows -> rows.size() == 1 ? Future.succeededFuture(Optional.empty()) : holder(key));
  }

  private Future<Optional<RunId>> holder(Key key) {
    return transaction
        .query(HOLDER, Tuple.of(key.environment().value(), key.task(), IndexedText.of(key.key())))
        .map(
            rows -> {
              RowIterator<Row> row = rows.iterator();
              return Optional.of(new RunId(row.next().getString("run_id")));
            });
  }
}
