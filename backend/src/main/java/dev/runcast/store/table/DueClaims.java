package dev.runcast.store.table;

import dev.runcast.run.EnvironmentId;
import dev.runcast.store.Transaction;
import dev.runcast.store.table.DueTable.Claimed;
import dev.runcast.store.table.DueTable.Kind;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowIterator;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** The times that have come: which they are, and their removal. */
public record DueClaims(Transaction transaction) {
  /**
   * Skips what another transaction is at, the thing itself included: so it never waits, and can't
   * be one of two that wait for each other. The time is that of the transaction's start, which
   * unlike the clock's can bound a walk through the index.
   */
  private static final String CLAIM =
      """
      select due.environment_id, due.ref from due
        join %s thing on thing.environment_id = due.environment_id and thing.id = due.ref
      where due.kind = $1 and due.at <= now()
      order by due.at limit $2 for update of due, thing skip locked""";

  private static final String CLAIM_AGAIN =
      """
      select due.environment_id, due.ref from due
        join %s thing on thing.environment_id = due.environment_id and thing.id = due.ref
      where due.kind = $1 and due.environment_id = $2 and due.ref = $3 and due.at <= now()
      for update of due, thing skip locked""";

  private static final String PUT_OFF =
      """
      update due set tries = least(tries + 1, 100),
        at = now() + least($5 * interval '1 s', $4 * interval '1 s' * power(2, least(tries, 20)))
      where kind = $1 and environment_id = $2 and ref = $3
      returning tries""";

  private static final String REMOVE =
      """
      delete from due using unnest($2::text[], $3::text[]) as done (environment_id, ref)
      where due.kind = $1 and due.environment_id = done.environment_id and due.ref = done.ref""";

  /** Due times are compared by the database's clock, which is the same for every node. */
  private static final String EARLIEST =
      """
      select ceil(1000 * extract(epoch from min(at) - clock_timestamp()))::bigint as in_ms from due
      where kind = any($1)""";

  /**
   * Locks rows whose time has come and what they are for, the oldest first. What another
   * transaction is at is left out; it is still due afterwards.
   */
  public Future<List<Claimed>> claim(Kind kind, int limit) {
    return transaction
        .query(CLAIM.formatted(kind.table()), Tuple.of(kind.name(), (long) limit))
        .map(DueClaims::claimed);
  }

  /** The same of one thing whose time had come; empty when it has not any more. */
  public Future<List<Claimed>> claimAgain(Kind kind, Claimed one) {
    return transaction
        .query(CLAIM_AGAIN.formatted(kind.table()), key(kind, one))
        .map(DueClaims::claimed);
  }

  /**
   * Has the time of a thing come later, if it is still set: twice as late each time.
   *
   * @param pause the first time
   * @param most at the latest
   * @return how often it was put off; zero when it is not set any more
   */
  public Future<Integer> putOff(Kind kind, Claimed one, Duration pause, Duration most) {
    return transaction
        .query(PUT_OFF, key(kind, one).addDouble(seconds(pause)).addDouble(seconds(most)))
        .map(
            rows -> {
              RowIterator<Row> found = rows.iterator();
              return found.hasNext() ? found.next().getInteger("tries") : 0;
            });
  }

  private static double seconds(Duration span) {
    return span.toMillis() / 1000.0;
  }

  private static Tuple key(Kind kind, Claimed one) {
    return Tuple.of(kind.name(), one.environment().value(), one.ref());
  }

  private static List<Claimed> claimed(RowSet<Row> rows) {
    List<Claimed> claimed = new ArrayList<>(rows.size());
    for (Row row : rows) {
      claimed.add(
          new Claimed(new EnvironmentId(row.getString("environment_id")), row.getString("ref")));
    }
    return claimed;
  }

  /** Removes what was claimed; it is back when this transaction does not commit. */
  public Future<Void> remove(Kind kind, List<Claimed> claimed) {
    Tuple values = Tuple.of(kind.name());
    add(values, claimed);
    return transaction.query(REMOVE, values).mapEmpty();
  }

  /**
   * How long until the next thing is due, a sweep included; not positive when it is overdue, empty
   * when nothing is.
   */
  public Future<Optional<Duration>> earliest() {
    String[] kinds =
        Stream.concat(
                Arrays.stream(Kind.values()).map(Kind::name),
                Stream.of(RetentionTable.SWEEP, DueTable.ENROLMENT))
            .toArray(String[]::new);
    return transaction
        .query(EARLIEST, Tuple.tuple().addArrayOfString(kinds))
        .map(
            rows -> {
              RowIterator<Row> row = rows.iterator();
              return Optional.ofNullable(row.next().getLong("in_ms")).map(Duration::ofMillis);
            });
  }

  private static void add(Tuple values, List<Claimed> claimed) {
    values.addArrayOfString(
        claimed.stream().map(row -> row.environment().value()).toArray(String[]::new));
    values.addArrayOfString(claimed.stream().map(Claimed::ref).toArray(String[]::new));
  }
}
