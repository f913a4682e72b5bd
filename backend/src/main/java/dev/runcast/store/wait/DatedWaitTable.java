package dev.runcast.store.wait;

import dev.runcast.run.EnvironmentId;
import dev.runcast.store.Transaction;
import dev.runcast.store.table.IndexedText;
import dev.runcast.store.wait.NewWait.Kind;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Times that idempotency keys stand for. */
public record DatedWaitTable(Transaction transaction) {
  private static final String TAKE =
      """
      insert into dated_wait as held (environment_id, key, id, until, expires_at)
      values ($1, $2, $3, $4, $5)
      on conflict (environment_id, key) do update set
        id = case when held.expires_at <= clock_timestamp() then excluded.id else held.id end,
        until = case when held.expires_at <= clock_timestamp() then excluded.until
          else held.until end,
        expires_at = case when held.expires_at <= clock_timestamp() then excluded.expires_at
          else held.expires_at end
      returning id, until""";

  private static final String REMOVE =
      """
      delete from dated_wait where (environment_id, key) in (
        select environment_id, key from dated_wait
        where until < now() - make_interval(secs => $1)
        order by until limit $2 for update skip locked)""";

  /**
   * The time that a key stands for: the one that it was first used with, or this one.
   *
   * @param expiresAt from when on the key is free again; null for not before it is swept
   */
  public Future<NewWait> take(
      EnvironmentId environment, String key, NewWait wait, @Nullable Instant expiresAt) {
    Tuple values =
        Tuple.of(environment.value(), IndexedText.of(key), wait.id())
            .addOffsetDateTime(Objects.requireNonNull(wait.until()).atOffset(ZoneOffset.UTC))
            .addOffsetDateTime(expiresAt == null ? null : expiresAt.atOffset(ZoneOffset.UTC));
    return transaction
        .query(TAKE, values)
        .map(
            rows -> {
              Row row = rows.iterator().next();
              Instant until = row.getOffsetDateTime("until").toInstant();
              return new NewWait(row.getString("id"), Kind.DATETIME, null, null, until);
            });
  }

  /** Removes so many of those that were over longer ago. Says how many it removed. */
  public Future<Integer> remove(Duration older, int limit) {
    return transaction
        .query(REMOVE, Tuple.of(older.toMillis() / 1000.0, (long) limit))
        .map(RowSet::rowCount);
  }
}
