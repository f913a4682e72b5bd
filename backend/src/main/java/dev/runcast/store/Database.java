package dev.runcast.store;

import dev.runcast.run.place.Visibility;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.pgclient.PgBuilder;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.PoolOptions;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Function;

/**
 * The pool of connections that every statement of this service but the tail's goes through. Safe to
 * use from any event loop; a result comes back on the one that asked.
 */
public final class Database {

  /**
   * How many connections, and how long a statement waits for one before it fails.
   *
   * @param maxQueued how many statements may wait at once; further ones fail at once
   */
  public record Size(int connections, int maxQueued, Duration patience) {
    public static final Size DEFAULT = new Size(16, 10_000, Duration.ofSeconds(15));
  }

  /** In characters: longer than any of ours, or it would be parsed anew each time. */
  private static final int LONGEST_KEPT = 16_384;

  private final Pool pool;

  private Database(Pool pool) {
    this.pool = pool;
  }

  /** Opens no connection yet: the first statement does. */
  public static Database open(Vertx vertx, PgConnectOptions server, Size size) {
    PgConnectOptions options =
        new PgConnectOptions(server)
            .setCachePreparedStatements(true)
            .setPreparedStatementCacheMaxSize(256)
            .setPreparedStatementCacheSqlLimit(LONGEST_KEPT)
            .addProperty("application_name", "runcast")
            // Plans are kept, for planning costs as much as executing. One that was made while a
            // table was small must still do when it is large: by an index, where there is one.
            .addProperty("enable_seqscan", "off")
            .addProperty("jit", "off")
            .addProperty("TimeZone", "UTC");
    PoolOptions pooling =
        new PoolOptions()
            .setMaxSize(size.connections())
            .setMaxWaitQueueSize(size.maxQueued())
            .setConnectionTimeout((int) size.patience().toMillis())
            .setShared(false);
    return new Database(PgBuilder.pool().connectingTo(options).with(pooling).using(vertx).build());
  }

  /** Runs one statement, in a transaction of its own. */
  public Future<RowSet<Row>> query(String sql, Tuple parameters) {
    return pool.preparedQuery(sql).execute(parameters).recover(DatabaseAwayException::toldApart);
  }

  /** Runs one statement that finds one row at the most, and reads that. */
  public <T> Future<Optional<T>> one(String sql, Tuple parameters, Function<Row, T> read) {
    return autocommit().one(sql, parameters, read);
  }

  /** Runs statements in one READ COMMITTED transaction, rolled back when the work fails. */
  public <T> Future<T> transaction(Function<Transaction, Future<T>> work) {
    return pool.withTransaction(connection -> work.apply(new Transaction(connection)))
        .recover(DatabaseAwayException::toldApart);
  }

  /** Runs statements that all see one snapshot and write nothing. */
  public <T> Future<T> snapshot(Function<Transaction, Future<T>> work) {
    return transaction(
        transaction ->
            transaction
                .query("set transaction isolation level repeatable read, read only", Tuple.tuple())
                .compose(set -> work.apply(transaction)));
  }

  /**
   * For work of a single statement: it is a transaction by itself, at a third of the round trips.
   */
  public Transaction autocommit() {
    return new Transaction(pool);
  }

  /** Whether a transaction of this id has ended, or could have: not one that is yet to come. */
  public Future<Boolean> hasGivenOut(long xid) {
    return query(
            "select $1::text::xid8 < pg_snapshot_xmax(pg_current_snapshot()) as given",
            Tuple.of(Long.toString(xid)))
        .map(rows -> rows.iterator().next().getBoolean("given"));
  }

  /** What a read that begins now shows. */
  public Future<Visibility> visibility() {
    return query("select pg_current_snapshot()::text as snapshot", Tuple.tuple())
        .map(rows -> Visibility.parse(rows.iterator().next().getString("snapshot")));
  }

  /** Whether the database answers. */
  public Future<Void> ping() {
    return pool.query("select 1").execute().mapEmpty();
  }

  public Future<Void> close() {
    return pool.close();
  }
}
