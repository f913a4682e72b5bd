package dev.runcast.store.revocation;

import dev.runcast.run.EnvironmentId;
import dev.runcast.run.revocation.Revocation;
import dev.runcast.run.revocation.Revocation.Kind;
import dev.runcast.store.Transaction;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import org.jspecify.annotations.Nullable;

/** Takes back what was granted. */
public record RevocationTable(Transaction transaction) {
  /** What is said again reaches at least as far as before, and is kept at least as long. */
  private static final String REVOKE =
      """
      insert into revocation as r (environment_id, kind, subject, at, expires_at)
      values ($1, $2, $3, $4, $5)
      on conflict (environment_id, kind, subject) do update set
        at = greatest(r.at, excluded.at),
        expires_at = case when r.expires_at is not null and excluded.expires_at is not null
          then greatest(r.expires_at, excluded.expires_at) end
      returning changed_xid::text::bigint as xid, %s"""
          .formatted(RevocationRows.COLUMNS);

  private static final String REMOVE =
      """
      delete from revocation where (environment_id, kind, subject) in (
        select environment_id, kind, subject from revocation
        where expires_at < now() - make_interval(secs => $1)
        order by expires_at limit $2 for update skip locked)""";

  /**
   * What is to be taken back; not a key, whose end stands where the key does.
   *
   * @param subject see {@link Kind}
   * @param issuedBefore null for a single token
   * @param expiresAt when the last of what it takes back ends by itself; null for not known
   */
  public record Order(
      EnvironmentId environment,
      Kind kind,
      String subject,
      @Nullable Instant issuedBefore,
      @Nullable Instant expiresAt) {}

  /**
   * What stands in the table now.
   *
   * @param xid the transaction that wrote it
   */
  public record Written(Revocation revocation, long xid) {}

  /** Takes it back, once the transaction commits. */
  public Future<Written> revoke(Order order) {
    return transaction
        .query(
            REVOKE,
            Tuple.of(
                order.environment().value(),
                order.kind().name(),
                order.subject(),
                time(order.issuedBefore()),
                time(order.expiresAt())))
        .map(
            rows -> {
              Row row = rows.iterator().next();
              return new Written(RevocationRows.read(row), row.getLong("xid"));
            });
  }

  /** Removes what need not be kept any more since this long; says how many it took. */
  public Future<Integer> removeExpired(Duration since, int limit) {
    return transaction
        .query(REMOVE, Tuple.of(since.toMillis() / 1000.0, (long) limit))
        .map(rows -> rows.rowCount());
  }

  private static @Nullable OffsetDateTime time(@Nullable Instant instant) {
    return instant == null ? null : instant.atOffset(ZoneOffset.UTC);
  }
}
