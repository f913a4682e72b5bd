package dev.runcast.store.execution;

import dev.runcast.run.EnvironmentId;
import dev.runcast.run.RunId;
import dev.runcast.run.RunStatus;
import dev.runcast.store.Transaction;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What a worker is told of the run that it has. */
public record AssignmentReads(Transaction transaction) {
  private static final String FIND =
      """
      select r.id, r.status, r.locked_version, r.task_identifier, t.file_path, t.export_name,
        r.created_at, r.started_at, e.attempt, r.max_attempts, r.max_duration_seconds, r.priority,
        r.payload, r.payload_type, r.tags, r.metadata, r.options, r.is_test,
        r.parent_id, r.root_id, r.batch_id, r.queue, q.id as queue_id,
        v.id as environment, v.slug, p.id as project, p.reference, p.name as project_name, r.machine
      from execution e
        join run r on r.environment_id = e.environment_id and r.id = e.run_id
        join environment v on v.id = e.environment_id
        join project p on p.id = v.project_id
        join queue q on q.environment_id = e.environment_id and q.name = r.queue
        left join worker_task t on t.environment_id = e.environment_id
          and t.worker_id = e.worker_id and t.task = e.task
      where e.environment_id = $1 and e.run_id = $2""";

  private static final String RETRY =
      """
      select r.max_attempts, t.retry from execution e
        join run r on r.environment_id = e.environment_id and r.id = e.run_id
        left join worker_task t on t.environment_id = e.environment_id
          and t.worker_id = e.worker_id and t.task = e.task
      where e.environment_id = $1 and e.run_id = $2""";

  /**
   * How often a run is tried, and when again.
   *
   * @param maxAttempts null for once
   * @param retry the task's own words, as JSON; null for none
   */
  public record Repetition(@Nullable Integer maxAttempts, @Nullable String retry) {}

  /** Of a run that was handed out. */
  public Future<Optional<Assignment>> find(EnvironmentId environment, RunId run) {
    return transaction.one(
        FIND, Tuple.of(environment.value(), run.value()), AssignmentReads::assignment);
  }

  /** How the attempts of a run that was handed out are repeated. */
  public Future<Repetition> repetition(EnvironmentId environment, RunId run) {
    return transaction
        .query(RETRY, Tuple.of(environment.value(), run.value()))
        .map(
            rows -> {
              Row row = rows.iterator().next();
              return new Repetition(row.getInteger("max_attempts"), row.getString("retry"));
            });
  }

  private static Assignment assignment(Row row) {
    return new Assignment(
        new RunId(row.getString("id")),
        RunStatus.valueOf(row.getString("status")),
        row.getString("locked_version"),
        new Assignment.Task(
            row.getString("task_identifier"),
            row.getString("file_path"),
            row.getString("export_name")),
        timing(row),
        input(row),
        new Assignment.Links(
            row.getString("parent_id"),
            row.getString("root_id"),
            row.getString("batch_id"),
            row.getString("queue"),
            row.getString("queue_id")),
        home(row));
  }

  private static Assignment.Timing timing(Row row) {
    return new Assignment.Timing(
        row.getOffsetDateTime("created_at").toInstant(),
        instant(row.getOffsetDateTime("started_at")),
        row.getInteger("attempt"),
        row.getInteger("max_attempts"),
        row.getInteger("max_duration_seconds"),
        row.getInteger("priority"));
  }

  private static Assignment.Input input(Row row) {
    return new Assignment.Input(
        row.getString("payload"),
        row.getString("payload_type"),
        List.of(row.getArrayOfStrings("tags")),
        row.getString("metadata"),
        row.getString("options"),
        row.getBoolean("is_test"));
  }

  private static Assignment.Home home(Row row) {
    return new Assignment.Home(
        row.getString("environment"),
        row.getString("slug"),
        row.getString("project"),
        row.getString("reference"),
        row.getString("project_name"),
        row.getString("machine"));
  }

  private static @Nullable Instant instant(@Nullable OffsetDateTime time) {
    return time == null ? null : time.toInstant();
  }
}
