package dev.runcast.store.table;

import dev.runcast.run.EnvironmentId;
import dev.runcast.store.Transaction;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowIterator;
import io.vertx.sqlclient.Tuple;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** First answers to requests that may be repeated. */
public record RequestTable(Transaction transaction) {
  /** A parallel twin waits here until the first commits or gives up. */
  private static final String BEGIN =
      """
      insert into request_result (environment_id, principal, route, key, body_digest, status, body)
      values ($1, $2, $3, $4, $5, 0, '')
      on conflict (environment_id, principal, route, key) do nothing
      returning status""";

  private static final String END =
      """
      update request_result set status = $5, body = $6, position = $7
      where environment_id = $1 and principal = $2 and route = $3 and key = $4""";

  private static final String FIRST =
      """
      select body_digest, status, body, position from request_result
      where environment_id = $1 and principal = $2 and route = $3 and key = $4""";

  /**
   * What makes two requests the same one.
   *
   * @param principal the SHA-256 of the credential
   */
  public record Identity(EnvironmentId environment, Buffer principal, String route, String key) {
    Tuple values() {
      return Tuple.of(environment.value(), principal, route, key);
    }
  }

  /**
   * The first answer.
   *
   * @param bodyDigest of the request that it answered
   * @param position the xid of its transaction; null when it wrote nothing
   */
  public record First(Buffer bodyDigest, int status, String body, @Nullable Long position) {}

  /** Claims an identity; empty when it was free, else the answer that it was given. */
  public Future<Optional<First>> begin(Identity identity, Buffer bodyDigest) {
    return transaction
        .query(BEGIN, identity.values().addBuffer(bodyDigest))
        .compose(
            rows -> rows.size() == 1 ? Future.succeededFuture(Optional.empty()) : first(identity));
  }

  /** Sets the answer of an identity that this transaction claimed. */
  public Future<Void> end(Identity identity, int status, String body, @Nullable Long position) {
    return transaction
        .query(END, identity.values().addInteger(status).addString(body).addLong(position))
        .mapEmpty();
  }

  private Future<Optional<First>> first(Identity identity) {
    return transaction
        .query(FIRST, identity.values())
        .map(
            rows -> {
              RowIterator<Row> iterator = rows.iterator();
              Row row = iterator.next();
              return Optional.of(
                  new First(
                      row.getBuffer("body_digest"),
                      row.getInteger("status"),
                      row.getString("body"),
                      row.getLong("position")));
            });
  }
}
