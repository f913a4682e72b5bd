package dev.runcast.store;

import io.vertx.core.Future;
import io.vertx.pgclient.PgException;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowIterator;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.SqlClient;
import io.vertx.sqlclient.Tuple;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * Where statements run together. To those who compose work it is only something to hand on; the
 * tables of {@code store.table} run their statements in it.
 */
public final class Transaction {
  /**
   * @see <a href="https://www.postgresql.org/docs/current/errcodes-appendix.html">Error codes</a>
   */
  private static final String CHECK_VIOLATION = "23514";

  private static final String XID = "select pg_current_xact_id_if_assigned()::text::bigint as xid";

  private final SqlClient client;

  Transaction(SqlClient client) {
    this.client = client;
  }

  /**
   * Runs a statement. Those that are asked for without awaiting one another are sent at once and,
   * in one transaction, executed in that order: await all of them by {@link Future#join}, so that
   * none is left behind when the transaction ends. For the tables only.
   */
  public Future<RowSet<Row>> query(String sql, Tuple parameters) {
    return client.preparedQuery(sql).execute(parameters).recover(Transaction::refusal);
  }

  /** Runs a statement that finds one row at the most, and reads that. For the tables only. */
  public <T> Future<Optional<T>> one(String sql, Tuple parameters, Function<Row, T> read) {
    return query(sql, parameters)
        .map(
            rows -> {
              RowIterator<Row> found = rows.iterator();
              return found.hasNext() ? Optional.of(read.apply(found.next())) : Optional.empty();
            });
  }

  /** The id that this transaction was given, if it has written anything. */
  public Future<Optional<Long>> xid() {
    return query(XID, Tuple.tuple())
        .map(rows -> Optional.ofNullable(rows.iterator().next().getLong("xid")));
  }

  /**
   * Runs a statement once for each tuple, in one round trip; the results are linked by {@link
   * RowSet#next}. For the tables only.
   */
  public Future<RowSet<Row>> each(String sql, List<Tuple> parameters) {
    return client.preparedQuery(sql).executeBatch(parameters).recover(Transaction::refusal);
  }

  /** Checks that a trigger raises come in words of ours; those of the table's own do not. */
  private static Future<RowSet<Row>> refusal(Throwable failure) {
    return failure instanceof PgException refused
            && CHECK_VIOLATION.equals(refused.getSqlState())
            && refused.getConstraint() == null
        ? Future.failedFuture(
            new RowRefusedException(refused.getErrorMessage(), refused.getHint(), refused))
        : DatabaseAwayException.toldApart(failure);
  }
}
