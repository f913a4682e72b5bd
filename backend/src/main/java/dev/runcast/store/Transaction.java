package dev.runcast.store;

import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.SqlClient;
import io.vertx.sqlclient.Tuple;
import java.util.List;

/**
 * Where statements run together. To those who compose work it is only something to hand on; the
 * tables of {@code store.table} run their statements in it.
 */
public final class Transaction {
  private final SqlClient client;

  Transaction(SqlClient client) {
    this.client = client;
  }

  /** Runs a statement. For the tables only. */
  public Future<RowSet<Row>> query(String sql, Tuple parameters) {
    return client.preparedQuery(sql).execute(parameters);
  }

  /**
   * Runs a statement once for each tuple, in one round trip; the results are linked by {@link
   * RowSet#next}. For the tables only.
   */
  public Future<RowSet<Row>> each(String sql, List<Tuple> parameters) {
    return client.preparedQuery(sql).executeBatch(parameters);
  }
}
