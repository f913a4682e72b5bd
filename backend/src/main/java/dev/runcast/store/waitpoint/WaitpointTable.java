package dev.runcast.store.waitpoint;

import dev.runcast.run.EnvironmentId;
import dev.runcast.run.WaitpointId;
import dev.runcast.store.Transaction;
import dev.runcast.store.table.DueTable.Claimed;
import dev.runcast.store.table.IndexedText;
import dev.runcast.store.waitpoint.Waitpoint.Output;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Waitpoints, one at a time. */
public record WaitpointTable(Transaction transaction) {
  private static final String EXPIRE_KEY =
      """
      update waitpoint set held_key = null
      where environment_id = $1 and held_key = $2 and key_expires_at <= clock_timestamp()""";

  /** A parallel twin waits here until the first commits or gives up. */
  private static final String INSERT =
      """
      insert into waitpoint
        (environment_id, id, callback, tags, timeout_at, idempotency_key, key_expires_at, held_key)
      values ($1, $2, $3, $4, $5, $6, $7, $8)
      on conflict (environment_id, held_key) where held_key is not null do nothing""";

  private static final String BY_KEY =
      "select %s from waitpoint where environment_id = $1 and held_key = $2"
          .formatted(WaitpointRows.COLUMNS);

  private static final String FIND =
      "select %s from waitpoint where environment_id = $1 and id = $2"
          .formatted(WaitpointRows.COLUMNS);

  private static final String OWNER =
      "select environment_id from waitpoint where callback = $1 and id = $2";

  private static final String COMPLETE =
      """
      with done as (
        update waitpoint set status = 'COMPLETED', completed_at = clock_timestamp(),
          output = $3, output_type = $4, output_is_error = coalesce($5, false)
        where environment_id = $1 and id = $2 and status = 'WAITING' returning 1),
      no_more_due as (
        delete from due where kind = 'WAITPOINT' and environment_id = $1 and ref = $2)
      select exists (select from done) as done,
        exists (select from waitpoint where environment_id = $1 and id = $2) as known""";

  private static final String TIME_OUT =
      """
      update waitpoint set status = 'TIMED_OUT', completed_at = clock_timestamp(),
        output = $3, output_type = $4, output_is_error = $5
      where (environment_id, id) in (select * from unnest($1::text[], $2::text[]))
        and status = 'WAITING'""";

  private static final String REMOVE =
      """
      delete from waitpoint where (environment_id, id) in (
        select environment_id, id from waitpoint
        where completed_at < now() - make_interval(secs => $1)
        order by completed_at limit $2 for update skip locked)""";

  /** Makes a waitpoint; empty when it did, else the one that its key stands for. */
  public Future<Optional<Waitpoint>> insert(NewWaitpoint waitpoint) {
    Waitpoint.Key key = waitpoint.key();
    String environment = waitpoint.environment().value();
    if (key == null) {
      return transaction.query(INSERT, values(waitpoint, null)).map(Optional.empty());
    }
    String held = IndexedText.of(key.text());
    return transaction
        .query(EXPIRE_KEY, Tuple.of(environment, held))
        .compose(expired -> transaction.query(INSERT, values(waitpoint, held)))
        .compose(
            inserted ->
                inserted.rowCount() == 1
                    ? Future.succeededFuture(Optional.empty())
                    : one(BY_KEY, Tuple.of(environment, held)));
  }

  private static Tuple values(NewWaitpoint waitpoint, @Nullable String held) {
    Waitpoint.Key key = waitpoint.key();
    Instant timeout = waitpoint.timeoutAt();
    Instant expiry = key == null ? null : key.expiresAt();
    return Tuple.of(waitpoint.environment().value(), waitpoint.id().value(), waitpoint.callback())
        .addArrayOfString(waitpoint.tags().toArray(String[]::new))
        .addOffsetDateTime(timeout == null ? null : timeout.atOffset(ZoneOffset.UTC))
        .addString(key == null ? null : key.text())
        .addOffsetDateTime(expiry == null ? null : expiry.atOffset(ZoneOffset.UTC))
        .addString(held);
  }

  public Future<Optional<Waitpoint>> find(EnvironmentId environment, WaitpointId id) {
    return one(FIND, Tuple.of(environment.value(), id.value()));
  }

  private Future<Optional<Waitpoint>> one(String sql, Tuple values) {
    return transaction.one(sql, values, WaitpointRows::read);
  }

  /** The environment of the waitpoint that a callback completes; empty when it completes none. */
  public Future<Optional<EnvironmentId>> owner(WaitpointId id, String callback) {
    return transaction.one(
        OWNER,
        Tuple.of(callback, id.value()),
        row -> new EnvironmentId(row.getString("environment_id")));
  }

  /**
   * Completes a waitpoint that waits; one that has ended stays as it is.
   *
   * @param output null for nothing
   * @return whether it was this call that ended it; empty when there is no such waitpoint
   */
  public Future<Optional<Boolean>> complete(
      EnvironmentId environment, WaitpointId id, @Nullable Output output) {
    Tuple values = Tuple.of(environment.value(), id.value());
    return transaction
        .query(COMPLETE, add(values, output))
        .map(
            rows -> {
              Row row = rows.iterator().next();
              return row.getBoolean("known")
                  ? Optional.of(row.getBoolean("done"))
                  : Optional.empty();
            });
  }

  /** Ends those of the waitpoints that still wait, for their time is over. Says how many. */
  public Future<Integer> timeOut(List<Claimed> waitpoints, Output error) {
    Tuple values =
        Tuple.tuple()
            .addArrayOfString(
                waitpoints.stream().map(each -> each.environment().value()).toArray(String[]::new))
            .addArrayOfString(waitpoints.stream().map(Claimed::ref).toArray(String[]::new));
    return transaction.query(TIME_OUT, add(values, error)).map(RowSet::rowCount);
  }

  private static Tuple add(Tuple values, @Nullable Output output) {
    return values
        .addString(output == null ? null : output.text())
        .addString(output == null ? null : output.type())
        .addBoolean(output == null ? null : output.isError());
  }

  /** Removes so many of those that ended longer ago. Says how many it removed. */
  public Future<Integer> remove(Duration older, int limit) {
    return transaction
        .query(REMOVE, Tuple.of(older.toMillis() / 1000.0, (long) limit))
        .map(RowSet::rowCount);
  }
}
