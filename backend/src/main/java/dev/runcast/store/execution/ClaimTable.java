package dev.runcast.store.execution;

import dev.runcast.run.EnvironmentId;
import dev.runcast.run.RunId;
import dev.runcast.store.RunRows;
import dev.runcast.store.Transaction;
import dev.runcast.store.execution.AssignmentReads.Repetition;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Runs that workers of any kind execute, each under a lease. */
public record ClaimTable(Transaction transaction) {
  private static final String CLAIM =
      """
      update execution e set status = 'EXECUTING', description = 'Run was claimed',
        attempt = attempt + 1, returns = 0, begun_from = null,
        from_snapshot = null, request_key = $5, heartbeat_at = clock_timestamp(),
        snapshot = nextval('execution_snapshot'), changed_at = told.now,
        lease = 'lease_' || replace(gen_random_uuid()::text, '-', ''), claimed_by = $4,
        lease_until = told.now + least(told.most, make_interval(secs => $3)),
        over_at = told.now + told.most
      from (
        select r.id, clock_timestamp() as now, make_interval(
            secs => nullif(coalesce(r.max_duration_seconds, t.max_duration_seconds), 0)) as most
        from run r
          left join task known
            on known.environment_id = r.environment_id and known.id = r.task_identifier
          left join worker_task t on t.environment_id = known.environment_id
            and t.worker_id = known.worker_id and t.task = known.id
        where r.environment_id = $1 and r.id = any($2)) told
      where e.environment_id = $1 and e.run_id = any($2) and e.run_id = told.id""";

  /** What the newest build says of the task holds where the trigger says nothing. */
  private static final String TELL =
      """
      update run r set status = 'EXECUTING', attempt_count = attempt_count + 1,
        started_at = coalesce(started_at, clock_timestamp()),
        max_attempts = coalesce(r.max_attempts, t.max_attempts),
        max_duration_seconds = coalesce(r.max_duration_seconds, t.max_duration_seconds)
      from execution e
        left join task known on known.environment_id = e.environment_id and known.id = e.task
        left join worker_task t on t.environment_id = known.environment_id
          and t.worker_id = known.worker_id and t.task = known.id
      where r.environment_id = $1 and r.id = any($2)
        and e.environment_id = r.environment_id and e.run_id = r.id""";

  private static final String TAKE_BACK =
      """
      update run set attempt_count = greatest(0, attempt_count - 1),
        started_at = case when attempt_count > 1 then started_at end
      where environment_id = $1 and id = $2""";

  private static final String READ =
      "select "
          + RunRows.COLUMNS
          + """
            , lease, lease_until, attempt from run join (
              select run_id, rank, lease, lease_until, attempt from execution
              where environment_id = $1 and status = 'EXECUTING' and lease is not null and %s) held
              on held.run_id = run.id
            where environment_id = $1 order by rank, id""";

  private static final String BY_RUN = READ.formatted("run_id = any($2)");

  private static final String BY_REQUEST = READ.formatted("request_key = $2");

  /**
   * A lease that is shortened is looked at earlier; one that is longer, when its old end comes.
   * None goes beyond what the run's {@code maxDuration} lets its attempt take.
   */
  private static final String EXTEND =
      """
      with extended as (
        update execution
        set lease_until = least(clock_timestamp() + make_interval(secs => $4), over_at),
          heartbeat_at = clock_timestamp()
        where environment_id = $1 and run_id = $2 and lease = $3 and status = 'EXECUTING'
          and (over_at is null or over_at > clock_timestamp())
        returning environment_id, run_id, queue, lease_until),
      sooner as (
        update due set at = extended.lease_until from extended
        where kind = 'EXECUTION' and due.environment_id = extended.environment_id
          and ref = run_id and at > lease_until)
      select lease_until, queue from extended""";

  private static final String REPETITION =
      """
      select r.max_attempts, t.retry from run r
        left join task known
          on known.environment_id = r.environment_id and known.id = r.task_identifier
        left join worker_task t on t.environment_id = known.environment_id
          and t.worker_id = known.worker_id and t.task = known.id
      where r.environment_id = $1 and r.id = $2""";

  /**
   * How runs are claimed.
   *
   * @param lease for how long
   * @param worker as it calls itself; null when it does not
   * @param request the key of the request; null when it has none
   */
  public record Terms(Duration lease, @Nullable String worker, @Nullable String request) {}

  /**
   * A lease that goes on.
   *
   * @param queue of its run
   */
  public record Extended(Instant until, String queue) {}

  /** Claims runs that {@link LaneTable#take} has locked; in their order. */
  public Future<List<Claimed>> claim(EnvironmentId environment, List<RunId> runs, Terms terms) {
    String[] ids = runs.stream().map(RunId::value).toArray(String[]::new);
    Tuple claim =
        Tuple.of(environment.value())
            .addArrayOfString(ids)
            .addDouble(seconds(terms.lease()))
            .addString(terms.worker())
            .addString(terms.request());
    Tuple key = Tuple.of(environment.value()).addArrayOfString(ids);
    return transaction
        .query(CLAIM, claim)
        .compose(claimed -> transaction.query(TELL, key))
        .compose(told -> transaction.query(BY_RUN, key))
        .map(ClaimTable::read);
  }

  /** Has an attempt of a run not have been. */
  public Future<Void> takeBack(EnvironmentId environment, RunId run) {
    return transaction.query(TAKE_BACK, Tuple.of(environment.value(), run.value())).mapEmpty();
  }

  /** What a request was given before that comes again. */
  public Future<List<Claimed>> again(EnvironmentId environment, String request) {
    return transaction
        .query(BY_REQUEST, Tuple.of(environment.value(), request))
        .map(ClaimTable::read);
  }

  /** Has a lease end so long from now. Empty when it is over already, or can't go on. */
  public Future<Optional<Extended>> extend(
      EnvironmentId environment, RunId run, String lease, Duration length) {
    return transaction.one(
        EXTEND,
        Tuple.of(environment.value(), run.value(), lease, seconds(length)),
        ClaimTable::extended);
  }

  private static Extended extended(Row row) {
    return new Extended(row.getOffsetDateTime("lease_until").toInstant(), row.getString("queue"));
  }

  /** How the attempts of a run are repeated. */
  public Future<Repetition> repetition(EnvironmentId environment, RunId run) {
    return transaction
        .query(REPETITION, Tuple.of(environment.value(), run.value()))
        .map(
            rows -> {
              Row row = rows.iterator().next();
              return new Repetition(row.getInteger("max_attempts"), row.getString("retry"));
            });
  }

  private static List<Claimed> read(RowSet<Row> rows) {
    List<Claimed> claimed = new ArrayList<>(rows.size());
    rows.forEach(
        row ->
            claimed.add(
                new Claimed(
                    RunRows.read(row),
                    row.getString("lease"),
                    row.getOffsetDateTime("lease_until").toInstant(),
                    row.getInteger("attempt"))));
    return claimed;
  }

  private static double seconds(Duration length) {
    return length.toMillis() / 1000.0;
  }
}
