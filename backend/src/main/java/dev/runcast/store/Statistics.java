package dev.runcast.store;

import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What Postgres knows of how large the tables are. It plans a statement once and keeps the plan
 * until the table is analyzed again, and while it has never been, all indexes look alike to it: a
 * run may then be looked up by its environment alone, by reading every run there is. Autovacuum
 * comes once a minute, which is thousands of runs too late for a new table.
 *
 * @see <a href="https://www.postgresql.org/docs/current/sql-prepare.html">Kept plans</a>
 */
public final class Statistics {
  /** How often to look: what grew in between is small enough to be read whole. */
  public static final Duration EVERY = Duration.ofSeconds(2);

  private static final Logger log = LoggerFactory.getLogger(Statistics.class);

  /** Never analyzed, or grown fivefold since; smaller growth is left to autovacuum. */
  private static final String GROWN =
      """
      select quote_ident(s.schemaname) || '.' || quote_ident(s.relname) as name
      from pg_stat_user_tables s join pg_class c on c.oid = s.relid
      where s.schemaname = current_schema() and pg_has_role(c.relowner, 'usage')
        and s.n_live_tup >= case when c.reltuples < 0 then 1 else 20 + 4 * c.reltuples end""";

  private final Database database;
  private Future<Void> latest = Future.succeededFuture();

  public Statistics(Database database) {
    this.database = database;
  }

  /**
   * Has the tables analyzed that have grown much, unless that is under way. On one event loop;
   * never fails, for a look that did not succeed is followed by another.
   */
  public void keep() {
    if (latest.isComplete()) {
      latest = gather().<Void>mapEmpty().recover(Statistics::put);
    }
  }

  private static Future<Void> put(Throwable failure) {
    log.debug("no statistics were gathered reason=\"{}\"", failure.getMessage());
    return Future.succeededFuture();
  }

  /** Analyzes the tables that have grown much, and says which. One that is busy is left out. */
  Future<List<String>> gather() {
    return database
        .query(GROWN, Tuple.tuple())
        .map(Statistics::names)
        .compose(
            names ->
                names.isEmpty()
                    ? Future.succeededFuture(names)
                    : database
                        .query("analyze (skip_locked) " + String.join(", ", names), Tuple.tuple())
                        .map(names));
  }

  private static List<String> names(RowSet<Row> rows) {
    List<String> names = new ArrayList<>(rows.size());
    rows.forEach(row -> names.add(row.getString("name")));
    return names;
  }
}
