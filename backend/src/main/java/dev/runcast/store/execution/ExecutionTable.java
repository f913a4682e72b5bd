package dev.runcast.store.execution;

import dev.runcast.run.EnvironmentId;
import dev.runcast.run.RunId;
import dev.runcast.run.RunStatus;
import dev.runcast.store.Transaction;
import dev.runcast.store.execution.Execution.Holder;
import dev.runcast.store.execution.Execution.Lease;
import dev.runcast.store.execution.Execution.Origin;
import dev.runcast.store.execution.Execution.Snapshot;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowIterator;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Where runs stand with the engine, one at a time. */
public record ExecutionTable(Transaction transaction) {
  private static final String COLUMNS =
      "e.environment_id, e.run_id, e.status, e.snapshot, e.changed_at, e.description, e.worker_id,"
          + " e.attempt, e.heartbeat_at, e.returns, e.from_snapshot, e.request_key, e.begun_from,"
          + " e.lease, e.lease_until, e.over_at, e.claimed_by";

  private static final String FIND =
      "select "
          + COLUMNS
          + """
            , r.status as run_status, r.batch_id from execution e
              join run r on r.environment_id = e.environment_id and r.id = e.run_id
            where e.environment_id = $1 and e.run_id = $2""";

  private static final String LOCK =
      "select "
          + COLUMNS
          + " from execution e where e.environment_id = $1 and e.run_id = $2 for update";

  private static final String MOVE =
      """
      update execution e set status = $3, description = $4, attempt = $5, returns = $6,
        begun_from = case when $5 > attempt then $7 else begun_from end, from_snapshot = $7,
        request_key = $8, heartbeat_at = clock_timestamp(),
        lease = null, lease_until = null, claimed_by = null,
        snapshot = nextval('execution_snapshot'), changed_at = clock_timestamp()
      where e.environment_id = $1 and e.run_id = $2
      returning\s"""
          + COLUMNS;

  private static final String HEAR =
      """
      update execution set heartbeat_at = clock_timestamp()
      where environment_id = $1 and run_id = $2
        and status in ('PENDING_EXECUTING', 'EXECUTING', 'EXECUTING_WITH_WAITPOINTS')""";

  private static final String HELD =
      """
      select lease is not null as leased from execution
      where environment_id = $1 and run_id = $2
        and status in ('DELAYED', 'PENDING_EXECUTING', 'EXECUTING', 'EXECUTING_WITH_WAITPOINTS')""";

  /** Who may say how a run goes on. */
  public enum Keeper {
    /** Anybody. */
    NOBODY,
    /** Whoever names its lease. */
    LEASE,
    /** The engine, and the worker that it gave it to. */
    ENGINE
  }

  /**
   * What is told of a run that a worker asks after.
   *
   * @param run its own status
   * @param batch the id of its batch; null for none
   */
  public record Seen(Execution execution, RunStatus run, @Nullable String batch) {}

  /**
   * A change.
   *
   * @param description for people who look at what happened
   */
  public record Move(
      ExecutionStatus to, String description, int attempt, int returns, Origin origin) {}

  /** Where a run stands; empty when the engine has nothing to do with it. */
  public Future<Optional<Seen>> find(EnvironmentId environment, RunId run) {
    return transaction.one(FIND, Tuple.of(environment.value(), run.value()), ExecutionTable::seen);
  }

  /** Locks it until the transaction ends. The run must be locked before. */
  public Future<Optional<Execution>> lock(EnvironmentId environment, RunId run) {
    return transaction.one(
        LOCK, Tuple.of(environment.value(), run.value()), ExecutionTable::execution);
  }

  /**
   * Changes a locked one; a lease of it is over. The run's own row must be changed after, or not at
   * all.
   */
  public Future<Execution> move(Execution execution, Move move) {
    if (!move.to().mayFollow(execution.status())) {
      throw new IllegalStateException(
          "an execution can't go from " + execution.status() + " to " + move.to());
    }
    Tuple values =
        Tuple.of(
            execution.environment().value(),
            execution.run().value(),
            move.to().name(),
            move.description());
    values.addInteger(move.attempt());
    values.addInteger(move.returns());
    values.addLong(move.origin().snapshot());
    values.addString(move.origin().request());
    return transaction.one(MOVE, values, ExecutionTable::execution).map(Optional::orElseThrow);
  }

  /** Notes that the holder of a run lives. Says whether anybody holds it. */
  public Future<Boolean> hear(EnvironmentId environment, RunId run) {
    return transaction
        .query(HEAR, Tuple.of(environment.value(), run.value()))
        .map(rows -> rows.rowCount() > 0);
  }

  /** Who alone may say how a locked run goes on. */
  public Future<Keeper> keeper(EnvironmentId environment, RunId run) {
    return transaction
        .query(HELD, Tuple.of(environment.value(), run.value()))
        .map(
            rows -> {
              RowIterator<Row> found = rows.iterator();
              if (!found.hasNext()) {
                return Keeper.NOBODY;
              }
              return found.next().getBoolean("leased") ? Keeper.LEASE : Keeper.ENGINE;
            });
  }

  private static Seen seen(Row row) {
    return new Seen(
        execution(row), RunStatus.valueOf(row.getString("run_status")), row.getString("batch_id"));
  }

  static Execution execution(Row row) {
    return new Execution(
        new EnvironmentId(row.getString("environment_id")),
        new RunId(row.getString("run_id")),
        new Snapshot(
            row.getLong("snapshot"),
            ExecutionStatus.valueOf(row.getString("status")),
            row.getString("description"),
            row.getOffsetDateTime("changed_at").toInstant()),
        new Holder(
            row.getString("worker_id"),
            row.getInteger("attempt"),
            instant(row.getOffsetDateTime("heartbeat_at")),
            row.getInteger("returns"),
            row.getLong("begun_from"),
            lease(row)),
        new Origin(row.getLong("from_snapshot"), row.getString("request_key")));
  }

  private static @Nullable Lease lease(Row row) {
    String id = row.getString("lease");
    return id == null
        ? null
        : new Lease(
            id,
            row.getOffsetDateTime("lease_until").toInstant(),
            instant(row.getOffsetDateTime("over_at")),
            row.getString("claimed_by"));
  }

  private static @Nullable Instant instant(@Nullable OffsetDateTime time) {
    return time == null ? null : time.toInstant();
  }
}
