package dev.runcast.store.table;

import dev.runcast.run.EnvironmentId;
import dev.runcast.run.RunId;
import dev.runcast.store.Transaction;
import io.vertx.core.Future;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;

/** What must happen to a thing at a time. There is at most one row of a kind for a thing. */
public record DueTable(Transaction transaction) {
  private static final String PUT =
      """
      insert into due (kind, environment_id, ref, at) values ($1, $2, $3, $4)
      on conflict (kind, environment_id, ref) do update set at = excluded.at""";

  private static final String REMOVE =
      "delete from due where kind = $1 and environment_id = $2 and ref = $3";

  /** Before the run itself is changed: its present delay says by how much. */
  private static final String POSTPONE_EXPIRY =
      """
      update due set at = at + ($3::timestamptz - run.delay_until) from run
      where due.kind = 'TTL' and due.environment_id = $1 and due.ref = $2
        and run.environment_id = $1 and run.id = $2 and run.delay_until is not null""";

  /** An environment's runs that were there before anybody asked for some are to be queued. */
  static final String ENROLMENT = "ENROLMENT";

  /** What happens. */
  public enum Kind {
    /** A delayed run enters the queue. */
    DELAY("run"),
    /** A run that has not started expires. */
    TTL("run"),
    /** A waitpoint that nobody has completed ends. */
    WAITPOINT("waitpoint"),
    /** A schedule triggers a run, or what was written of it wants its next time worked out. */
    SCHEDULE("schedule"),
    /** The engine looks after a run: it is to be tried again, or its worker is late. */
    EXECUTION("run"),
    /** A run may go on, for something that it waits for has ended. */
    RESUME("run"),
    /** A run is cancelled, for the one that waits for it was. */
    CANCEL("run");

    private final String table;

    Kind(String table) {
      this.table = table;
    }

    /** Where the things of this kind stand, by their environment and id. */
    String table() {
      return table;
    }
  }

  /**
   * When something must happen to a thing.
   *
   * @param ref its id
   */
  public record Due(Kind kind, EnvironmentId environment, String ref, Instant at) {}

  /**
   * A thing whose time has come.
   *
   * @param ref its id
   */
  public record Claimed(EnvironmentId environment, String ref) {}

  /** Sets times, each in place of an earlier one of the same kind and thing. */
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

  /** Takes a time back, if it was set. */
  public Future<Void> remove(Kind kind, EnvironmentId environment, String ref) {
    return transaction.query(REMOVE, Tuple.of(kind.name(), environment.value(), ref)).mapEmpty();
  }

  private static Tuple values(Due due) {
    return Tuple.of(
        due.kind().name(), due.environment().value(), due.ref(), due.at().atOffset(ZoneOffset.UTC));
  }
}
