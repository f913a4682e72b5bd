package dev.runcast.store.table;

import dev.runcast.run.EnvironmentId;
import dev.runcast.store.Transaction;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.time.ZoneOffset;

/** One-time tokens that were used, until they expire by themselves. */
public record UsedTokens(Transaction transaction) {
  private static final String USE =
      """
      insert into used_token (environment_id, digest, expires_at) values ($1, $2, $3)
      on conflict (environment_id, digest) do nothing""";

  /** A token to be used once, known by the SHA-256 of its text. */
  public record OneTimeToken(EnvironmentId environment, Buffer digest, Instant expiresAt) {}

  /** Uses a token up; false when it was before. A parallel use waits for the first to commit. */
  public Future<Boolean> use(OneTimeToken token) {
    return transaction
        .query(
            USE,
            Tuple.of(
                token.environment().value(),
                token.digest(),
                token.expiresAt().atOffset(ZoneOffset.UTC)))
        .map(rows -> rows.rowCount() == 1);
  }
}
