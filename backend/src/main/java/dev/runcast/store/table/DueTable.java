package dev.runcast.store.table;

import dev.runcast.run.EnvironmentId;
import dev.runcast.run.RunId;
import dev.runcast.store.Transaction;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowIterator;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What must happen to runs at a time. There is at most one row of a kind for a run. */
public record DueTable(Transaction transaction) {
  private static final String PUT =
      """
      insert into due (kind, environment_id, ref, at) values ($1, $2, $3, $4)
      on conflict (kind, environment_id, ref) do update set at = excluded.at""";

  private static final String CLAIM =
      """
      delete from due where (kind, environment_id, ref) in (
        select kind, environment_id, ref from due
        where kind = $1 and at <= clock_timestamp()
        order by at limit $2 for update skip locked)
      returning environment_id, ref""";

  /** Due times are compared by the database's clock, which is the same for every node. */
  private static final String EARLIEST =
      """
      select (1000 * extract(epoch from min(at) - clock_timestamp()))::bigint as in_ms from due
      where kind = any($1)""";

  /** Before the run itself is changed: its present delay says by how much. */
  private static final String POSTPONE_EXPIRY =
      """
      update due set at = at + ($3::timestamptz - run.delay_until) from run
      where due.kind = 'TTL' and due.environment_id = $1 and due.ref = $2
        and run.environment_id = $1 and run.id = $2 and run.delay_until is not null""";

  /** What happens. */
  public enum Kind {
    /** A delayed run enters the queue. */
    DELAY,
    /** A run that has not started expires. */
    TTL
  }

  /** When something must happen to a run. */
  public record Due(Kind kind, EnvironmentId environment, RunId run, Instant at) {}

  /** A run whose time has come. */
  public record Claimed(EnvironmentId environment, RunId run) {}

  /** Sets times, each in place of an earlier one of the same kind and run. */
  public Future<Void> put(List<Due> dues) {
    return dues.isEmpty()
        ? Future.succeededFuture()
        : transaction.each(PUT, dues.stream().map(DueTable::values).toList()).mapEmpty();
  }

  /** Moves the expiry of a delayed run, if it has one, along with its delay. */
  public Future<Void> postponeExpiry(EnvironmentId environment, RunId run, Instant delayUntil) {
    Tuple values = Tuple.of(environment.value(), run.value(), delayUntil.atOffset(ZoneOffset.UTC));
    return transaction.query(POSTPONE_EXPIRY, values).mapEmpty();
  }

  /**
   * Takes rows whose time has come, the oldest first, but none that another transaction is at. They
   * are gone when this transaction commits, and back when it does not.
   */
  public Future<List<Claimed>> claim(Kind kind, int limit) {
    return transaction
        .query(CLAIM, Tuple.of(kind.name(), (long) limit))
        .map(
            rows -> {
              List<Claimed> claimed = new ArrayList<>(rows.size());
              for (Row row : rows) {
                claimed.add(
                    new Claimed(
                        new EnvironmentId(row.getString("environment_id")),
                        new RunId(row.getString("ref"))));
              }
              return claimed;
            });
  }

  /** How long until the next thing is due; negative when it is overdue, empty when nothing is. */
  public Future<Optional<Duration>> earliest() {
    String[] kinds = {Kind.DELAY.name(), Kind.TTL.name()};
    return transaction
        .query(EARLIEST, Tuple.tuple().addArrayOfString(kinds))
        .map(
            rows -> {
              RowIterator<Row> row = rows.iterator();
              return Optional.ofNullable(row.next().getLong("in_ms")).map(Duration::ofMillis);
            });
  }

  private static Tuple values(Due due) {
    return Tuple.of(
        due.kind().name(),
        due.environment().value(),
        due.run().value(),
        due.at().atOffset(ZoneOffset.UTC));
  }
}
