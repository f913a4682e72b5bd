package dev.runcast.store.execution;

import dev.runcast.run.EnvironmentId;
import dev.runcast.run.RunId;
import dev.runcast.store.Transaction;
import io.vertx.core.Future;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.time.ZoneOffset;
import org.jspecify.annotations.Nullable;

/** The attempts of runs that workers make. That one has begun, its execution tells by itself. */
public record AttemptTable(Transaction transaction) {
  private static final String END =
      """
      update attempt set ended_at = clock_timestamp(), error = $4, retry_at = $5
      where environment_id = $1 and run_id = $2 and number = $3 and ended_at is null""";

  /**
   * How an attempt has ended.
   *
   * @param error as JSON; null for none
   * @param retryAt when the next is to begin; null for none
   */
  public record End(int number, @Nullable String error, @Nullable Instant retryAt) {}

  /** Notes how an attempt has ended; the first word of it counts. */
  public Future<Void> end(EnvironmentId environment, RunId run, End end) {
    Instant retryAt = end.retryAt();
    return transaction
        .query(
            END,
            Tuple.of(environment.value(), run.value(), end.number())
                .addString(end.error())
                .addOffsetDateTime(retryAt == null ? null : retryAt.atOffset(ZoneOffset.UTC)))
        .mapEmpty();
  }
}
