package dev.runcast.store.worker;

import dev.runcast.run.EnvironmentId;
import dev.runcast.run.RunStatus;
import dev.runcast.store.Database;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Which tasks there are, and what their runs have come to of late. */
public final class TaskReads {
  /** Of each task so many runs are looked at, the newest: what comes of it is for people. */
  public static final int MOST_RUNS = 500;

  private static final int MOST_BUILDS = 20;

  /**
   * Skips from task to task, so that it takes a look at the index for each of them and not each
   * run.
   */
  static final String NAMES =
      """
      with recursive seen (id) as (
        (select task_identifier from run where environment_id = $1
          order by task_identifier limit 1)
        union all
        select (select task_identifier from run
          where environment_id = $1 and task_identifier > seen.id
          order by task_identifier limit 1)
        from seen where seen.id is not null),
      named as (
        select id from task where environment_id = $1 union select id from seen where id is not null)
      """;

  private static final String TOLD =
      """
      select named.id, named.total, w.id as worker_id, w.number, w.version, w.content_hash,
        w.number = (select max(number) from worker where environment_id = $1) as current,
        t.file_path, t.export_name, t.description, t.queue, t.machine, t.max_attempts,
        t.max_duration_seconds, t.ttl, t.trigger_source, t.retry, t.payload_schema,
        last.id as run_id, last.status, last.created_at
      from (%s) named
        left join task on task.environment_id = $1 and task.id = named.id
        left join worker_task t on t.environment_id = $1 and t.worker_id = task.worker_id
          and t.task = named.id
        left join worker w on w.environment_id = $1 and w.id = t.worker_id
        left join lateral (
          select id, status, created_at from run
          where environment_id = $1 and task_identifier = named.id and status <> 'DELETED'
          order by created_at desc limit 1) last on true
      order by named.id""";

  private static final String PAGE =
      NAMES
          + TOLD.formatted(
              "select id, count(*) over () as total from named order by id limit $2 offset $3");

  private static final String ONE = TOLD.formatted("select $2::text as id, 1::bigint as total");

  private static final String COUNT = NAMES + "select count(*) as total from named";

  static final String ACTIVITY =
      """
      select named.id, date_bin('1 hour', recent.created_at, $3) as hour, recent.status,
        count(*) as runs, min(recent.created_at) as earliest
      from unnest($2::text[]) named (id) cross join lateral (
        select created_at, status from run
        where environment_id = $1 and task_identifier = named.id and created_at >= $3
        order by created_at desc limit %d) recent
      where recent.status <> 'DELETED'
      group by 1, 2, 3 order by 1, 2"""
          .formatted(MOST_RUNS);

  private static final String BUILDS =
      """
      select w.id, w.number, w.version, w.content_hash, w.registered_at, t.file_path
      from worker w join worker_task t on t.environment_id = w.environment_id and t.worker_id = w.id
        and t.task = $2
      where w.environment_id = $1 order by w.number desc limit %d"""
          .formatted(MOST_BUILDS);

  private final Database database;

  public TaskReads(Database database) {
    this.database = database;
  }

  /** A part of a list, and how long the whole is. */
  public record Page(List<KnownTask> tasks, long total) {
    public Page {
      tasks = List.copyOf(tasks);
    }
  }

  /**
   * Runs of a task in a status that were made within an hour.
   *
   * @param earliest the first of them
   */
  public record Hour(String task, Instant since, RunStatus status, long runs, Instant earliest) {}

  /** A build that has a task. */
  public record InBuild(Worker worker, Instant registeredAt, String filePath) {}

  /** Tasks by name, from an offset on. */
  public Future<Page> page(EnvironmentId environment, int limit, long offset) {
    return database
        .query(PAGE, Tuple.of(environment.value(), (long) limit, offset))
        .compose(
            rows ->
                rows.size() == 0
                    ? database
                        .query(COUNT, Tuple.of(environment.value()))
                        .map(counted -> new Page(List.of(), total(counted)))
                    : Future.succeededFuture(new Page(tasks(rows), total(rows))));
  }

  /** One task; empty when no build has it and no run was triggered of it. */
  public Future<Optional<KnownTask>> find(EnvironmentId environment, String task) {
    return database
        .query(ONE, Tuple.of(environment.value(), task))
        .map(rows -> tasks(rows).get(0))
        .map(found -> Optional.of(found).filter(TaskReads::isKnown));
  }

  private static boolean isKnown(KnownTask task) {
    return task.build() != null || task.last() != null;
  }

  /** What runs of tasks have come to since an hour began; of each its newest runs. */
  public Future<List<Hour>> activity(EnvironmentId environment, List<String> tasks, Instant since) {
    Tuple values =
        Tuple.of(environment.value())
            .addArrayOfString(tasks.toArray(String[]::new))
            .addOffsetDateTime(since.atOffset(ZoneOffset.UTC));
    return database
        .query(ACTIVITY, values)
        .map(
            rows -> {
              List<Hour> hours = new ArrayList<>(rows.size());
              rows.forEach(
                  row ->
                      hours.add(
                          new Hour(
                              row.getString("id"),
                              row.getOffsetDateTime("hour").toInstant(),
                              RunStatus.valueOf(row.getString("status")),
                              row.getLong("runs"),
                              row.getOffsetDateTime("earliest").toInstant())));
              return hours;
            });
  }

  /** The builds that have a task, the newest first. */
  public Future<List<InBuild>> builds(EnvironmentId environment, String task) {
    return database
        .query(BUILDS, Tuple.of(environment.value(), task))
        .map(
            rows -> {
              List<InBuild> builds = new ArrayList<>(rows.size());
              rows.forEach(
                  row ->
                      builds.add(
                          new InBuild(
                              WorkerTable.worker(row, "id"),
                              row.getOffsetDateTime("registered_at").toInstant(),
                              row.getString("file_path"))));
              return builds;
            });
  }

  private static long total(RowSet<Row> rows) {
    return rows.iterator().next().getLong("total");
  }

  private static List<KnownTask> tasks(RowSet<Row> rows) {
    List<KnownTask> tasks = new ArrayList<>(rows.size());
    rows.forEach(row -> tasks.add(task(row)));
    return tasks;
  }

  private static KnownTask task(Row row) {
    OffsetDateTime last = row.getOffsetDateTime("created_at");
    return new KnownTask(
        row.getString("id"),
        row.getString("worker_id") == null ? null : build(row),
        last == null
            ? null
            : new KnownTask.LastRun(
                row.getString("run_id"),
                RunStatus.valueOf(row.getString("status")),
                last.toInstant()));
  }

  private static KnownTask.Build build(Row row) {
    return new KnownTask.Build(
        WorkerTable.worker(row, "worker_id"),
        row.getBoolean("current"),
        new NewWorker.Place(
            row.getString("file_path"), row.getString("export_name"), row.getString("description")),
        row.getString("queue"),
        row.getString("trigger_source"),
        new NewWorker.Bounds(
            row.getString("machine"),
            row.getInteger("max_attempts"),
            row.getInteger("max_duration_seconds"),
            row.getString("ttl"),
            row.getString("retry")),
        row.getString("payload_schema"));
  }
}
