package dev.runcast.store.execution;

import dev.runcast.run.BatchId;
import dev.runcast.run.EnvironmentId;
import dev.runcast.run.RunId;
import dev.runcast.run.RunStatus;
import dev.runcast.run.stream.StreamKey;
import dev.runcast.store.Database;
import dev.runcast.store.Transaction;
import dev.runcast.store.execution.Course.Attempt;
import dev.runcast.store.execution.Course.Stand;
import dev.runcast.store.execution.Course.Subject;
import dev.runcast.store.execution.Course.Takers;
import dev.runcast.store.execution.Course.Turn;
import dev.runcast.store.execution.Course.Wait;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowIterator;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** How runs go, one at a time; all of it as it was at one moment. */
public final class CourseReads {
  private static final int MOST = 100;

  static final String STAND =
      """
      select r.status as run_status, r.task_identifier, r.tags, r.batch_id, r.delay_until,
        exists (select from debounce d where d.environment_id = $1 and d.run_id = r.id) as pushed,
        r.locked_version, e.status, e.changed_at, e.description, r.queue,
        nullif(r.concurrency_key, '') as key, coalesce(q.paused, false) as paused,
        coalesce(q.concurrency_override, q.concurrency_limit) as most, holders.running,
        everywhere.running as running_in_all, ahead.count as ahead, task.id is not null as known,
        (select max(heard_at) from presence p where p.environment_id = $1 and p.worker_id <> '')
          as builds_heard_at,
        (select heard_at from presence p where p.environment_id = $1 and p.worker_id = ''
          and p.queue = r.queue) as claims_heard_at
      from run r
        left join execution e on e.environment_id = r.environment_id and e.run_id = r.id
        left join queue q on q.environment_id = r.environment_id and q.name = r.queue
        left join task on task.environment_id = r.environment_id and task.id = r.task_identifier
        cross join lateral (select count(*) as running from execution h
          where h.environment_id = $1 and h.queue = e.queue
            and h.concurrency_key = e.concurrency_key
            and h.status in ('PENDING_EXECUTING', 'EXECUTING', 'PENDING_CANCEL')) holders
        cross join lateral (select count(*) as running from execution h
          where h.environment_id = $1
            and h.status in ('PENDING_EXECUTING', 'EXECUTING', 'PENDING_CANCEL')) everywhere
        cross join lateral (select count(*) from (
            select from execution b where b.environment_id = $1 and b.task = e.task
              and b.queue = e.queue and b.concurrency_key = e.concurrency_key
              and b.status = 'QUEUED' and (b.rank, b.run_id) < (e.rank, e.run_id)
            limit 1000) before) ahead
      where r.environment_id = $1 and r.id = $2 and r.status <> 'DELETED'""";

  /** One that was not said to have ended has when the next began, or with its run. */
  private static final String ATTEMPTS =
      """
      select * from (
        select a.number, w.version, a.started_at, a.retry_at,
          coalesce(a.ended_at, lead(a.started_at) over (order by a.number), r.completed_at)
            as ended_at,
          coalesce(a.error, case when a.ended_at is null and lead(a.number) over (order by a.number)
            is null then r.error end) as error
        from attempt a
          join run r on r.environment_id = a.environment_id and r.id = a.run_id
          left join worker w on w.environment_id = a.environment_id and w.id = a.worker_id
        where a.environment_id = $1 and a.run_id = $2) attempt
      order by number desc limit %d"""
          .formatted(MOST);

  /** What is gone has ended. */
  private static final String WAITS =
      """
      select w.kind, w.target, w.batch_id, w.batch_index, coalesce(w.until, p.timeout_at) as until,
        r.task_identifier, r.status, i.key as stream, w.delivered is not null or coalesce(case w.kind
          when 'RUN' then r.id is null or r.completed_at is not null
          when 'MANUAL' then p.id is null or p.status <> 'WAITING'
          when 'BATCH' then b.id is null or b.sealed_at is not null
          else w.until <= clock_timestamp() end, false) as ended,
        count(*) over () as total
      from wait w
        left join run r on w.kind = 'RUN' and r.environment_id = w.environment_id
          and r.id = w.target and r.status <> 'DELETED'
        left join waitpoint p on w.kind = 'MANUAL' and p.environment_id = w.environment_id
          and p.id = w.target
        left join input_wait i on w.kind = 'MANUAL' and i.environment_id = w.environment_id
          and i.waitpoint_id = w.target
        left join batch b on w.kind = 'BATCH' and b.environment_id = w.environment_id
          and b.id = w.target
      where w.environment_id = $1 and w.run_id = $2
      order by ended, w.batch_index nulls first, w.id limit %d"""
          .formatted(MOST);

  private final Database database;

  public CourseReads(Database database) {
    this.database = database;
  }

  /** How a run goes; empty when there is none of this id. */
  public Future<Optional<Course>> find(EnvironmentId environment, RunId run) {
    Tuple key = Tuple.of(environment.value(), run.value());
    return database.snapshot(
        transaction ->
            transaction
                .query(STAND, key)
                .compose(
                    rows -> {
                      RowIterator<Row> found = rows.iterator();
                      return found.hasNext()
                          ? course(transaction, environment, run, found.next()).map(Optional::of)
                          : Future.succeededFuture(Optional.empty());
                    }));
  }

  private static Future<Course> course(
      Transaction transaction, EnvironmentId environment, RunId run, Row row) {
    Tuple key = Tuple.of(environment.value(), run.value());
    return transaction
        .query(ATTEMPTS, key)
        .compose(
            attempts ->
                transaction
                    .query(WAITS, key)
                    .map(
                        waits ->
                            new Course(
                                subject(row),
                                stand(row),
                                turn(row),
                                attempts(attempts),
                                waits(environment, run, waits),
                                more(waits))));
  }

  private static Subject subject(Row row) {
    String batch = row.getString("batch_id");
    return new Subject(
        RunStatus.valueOf(row.getString("run_status")),
        row.getString("task_identifier"),
        List.of(row.getArrayOfStrings("tags")),
        batch == null ? null : new BatchId(batch),
        instant(row, "delay_until"),
        row.getBoolean("pushed"),
        row.getString("locked_version"));
  }

  private static @Nullable Stand stand(Row row) {
    String status = row.getString("status");
    return status == null
        ? null
        : new Stand(
            ExecutionStatus.valueOf(status),
            row.getOffsetDateTime("changed_at").toInstant(),
            row.getString("description"));
  }

  private static Turn turn(Row row) {
    return new Turn(
        row.getString("queue"),
        row.getString("key"),
        row.getBoolean("paused"),
        row.getInteger("most"),
        row.getLong("running"),
        row.getLong("running_in_all"),
        row.getLong("ahead"),
        new Takers(
            row.getBoolean("known"),
            instant(row, "builds_heard_at"),
            instant(row, "claims_heard_at")));
  }

  /** The newest of them, in their order. */
  private static List<Attempt> attempts(RowSet<Row> rows) {
    List<Attempt> attempts = new ArrayList<>(rows.size());
    rows.forEach(
        row ->
            attempts.add(
                0,
                new Attempt(
                    row.getInteger("number"),
                    row.getString("version"),
                    row.getOffsetDateTime("started_at").toInstant(),
                    instant(row, "ended_at"),
                    row.getString("error"),
                    instant(row, "retry_at"))));
    return attempts;
  }

  private static List<Wait> waits(EnvironmentId environment, RunId run, RowSet<Row> rows) {
    List<Wait> waits = new ArrayList<>(rows.size());
    rows.forEach(
        row -> {
          String status = row.getString("status");
          String stream = row.getString("stream");
          waits.add(
              new Wait(
                  row.getString("kind"),
                  row.getString("target"),
                  stream == null ? null : new StreamKey(environment, run, stream).inputName(),
                  row.getString("batch_id"),
                  row.getInteger("batch_index"),
                  instant(row, "until"),
                  row.getString("task_identifier"),
                  status == null ? null : RunStatus.valueOf(status),
                  row.getBoolean("ended")));
        });
    return waits;
  }

  private static long more(RowSet<Row> waits) {
    return waits.size() == 0 ? 0 : waits.iterator().next().getLong("total") - waits.size();
  }

  private static @Nullable Instant instant(Row row, String column) {
    OffsetDateTime time = row.getOffsetDateTime(column);
    return time == null ? null : time.toInstant();
  }
}
