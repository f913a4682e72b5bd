package dev.runcast.store.worker;

import dev.runcast.run.EnvironmentId;
import dev.runcast.store.Transaction;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowIterator;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;

/** The builds of environments, their tasks and the queues that these declare. */
public record WorkerTable(Transaction transaction) {
  /** Registrations of an environment take turns, without keeping anybody from adding runs. */
  private static final String TAKE_TURN =
      """
      select (clock_timestamp() at time zone 'UTC')::date as today
      from environment where id = $1 for no key update""";

  private static final String COLUMNS = "select id, number, version, content_hash from worker";

  private static final String NEWEST =
      COLUMNS + " where environment_id = $1 order by number desc limit 1";

  private static final String FIND = COLUMNS + " where environment_id = $1 and id = $2";

  private static final String OF_DAY =
      COLUMNS
          + """
             where environment_id = $1 and version like $2::text || '.%'
            order by number desc limit 1""";

  private static final String INSERT =
      """
      insert into worker (environment_id, id, number, version, content_hash, sdk_version,
        cli_version, runtime)
      values ($1, $2, $3, $4, $5, $6, $7, $8)""";

  private static final String INSERT_TASKS =
      """
      insert into worker_task (environment_id, worker_id, task, file_path, export_name, description,
        queue, machine, max_attempts, max_duration_seconds, ttl, trigger_source, retry,
        payload_schema)
      select $1, $2, t.* from json_to_recordset($3::text::json) as t (task text, file_path text,
        export_name text, description text, queue text, machine text, max_attempts integer,
        max_duration_seconds integer, ttl text, trigger_source text, retry text,
        payload_schema text)""";

  private static final String POINT_TASKS =
      """
      insert into task (environment_id, id, queue, worker_id, ttl)
      select environment_id, task, queue, worker_id, ttl from worker_task
      where environment_id = $1 and worker_id = $2 order by task
      on conflict (environment_id, id) do update
        set queue = excluded.queue, worker_id = excluded.worker_id, ttl = excluded.ttl""";

  private static final String DECLARE_QUEUES =
      """
      insert into queue (environment_id, name, id, concurrency_limit)
      select $1, q.name, 'queue_' || replace(gen_random_uuid()::text, '-', ''), q.most
      from json_to_recordset($2::text::json) as q (name text, most integer) order by q.name
      on conflict (environment_id, name) do update
        set concurrency_limit = excluded.concurrency_limit""";

  /**
   * The newest of an environment stays, and so does each that is the newest of a task's. A run that
   * is bound to a build and was never given to it is found among those that are not over, which may
   * be many: a build that has such a one is not looked at again before it has grown old anew.
   */
  private static final String REMOVE =
      """
      with idle as materialized (
        select w.environment_id, w.id, w.version from worker w
        where greatest(w.registered_at, w.spared_at, (select p.heard_at from presence p
            where p.environment_id = w.environment_id and p.worker_id = w.id and p.queue = ''))
            < now() - make_interval(secs => $1)
          and exists (select from worker newer
            where newer.environment_id = w.environment_id and newer.number > w.number)
          and not exists (select from task t
            where t.environment_id = w.environment_id and t.worker_id = w.id)
          and not exists (select from execution e
            where e.environment_id = w.environment_id and e.worker_id = w.id)
        order by w.registered_at limit $2 for update skip locked),
      named as materialized (
        select idle.environment_id, idle.id from idle where exists (
          select from run r where r.environment_id = idle.environment_id
            and r.locked_version = idle.version and r.completed_at is null
            and r.status <> 'DELETED')),
      kept as (
        update worker w set spared_at = clock_timestamp() from named
        where w.environment_id = named.environment_id and w.id = named.id),
      gone as (
        delete from worker w using idle
        where w.environment_id = idle.environment_id and w.id = idle.id and not exists (
          select from named n where n.environment_id = idle.environment_id and n.id = idle.id)
        returning w.environment_id, w.id),
      forgotten as (
        delete from presence p using gone
        where p.environment_id = gone.environment_id and p.worker_id = gone.id)
      select from gone""";

  private static final String RELEASE =
      """
      update run set status = 'PENDING', queued_at = clock_timestamp()
      from (
        select r.environment_id, r.id from execution e
          join run r on r.environment_id = e.environment_id and r.id = e.run_id
          join worker w on w.environment_id = e.environment_id and w.id = $2
          join worker_task t
            on t.environment_id = w.environment_id and t.worker_id = w.id and t.task = e.task
        where e.environment_id = $1 and e.status = 'PENDING_VERSION'
          and r.status = 'PENDING_VERSION'
          and (r.locked_version is null or r.locked_version = w.version)
        for update of r skip locked) free
      where run.environment_id = free.environment_id and run.id = free.id""";

  /**
   * Has other registrations of the environment wait until the transaction ends.
   *
   * @return the day, by the database's clock and in UTC; empty for an unknown environment
   */
  public Future<Optional<LocalDate>> takeTurn(EnvironmentId environment) {
    return transaction.one(
        TAKE_TURN, Tuple.of(environment.value()), row -> row.getLocalDate("today"));
  }

  /** The build that was registered last. */
  public Future<Optional<Worker>> newest(EnvironmentId environment) {
    return transaction.query(NEWEST, Tuple.of(environment.value())).map(WorkerTable::first);
  }

  /** The build of an id. */
  public Future<Optional<Worker>> find(EnvironmentId environment, String id) {
    return transaction.query(FIND, Tuple.of(environment.value(), id)).map(WorkerTable::first);
  }

  /** The last of those whose versions begin with a day's text. */
  public Future<Optional<Worker>> newestOf(EnvironmentId environment, String day) {
    return transaction.query(OF_DAY, Tuple.of(environment.value(), day)).map(WorkerTable::first);
  }

  /** Adds a build with its tasks, which from now on are the newest of their names. */
  public Future<Void> insert(EnvironmentId environment, Worker worker, NewWorker made) {
    NewWorker.Tools tools = made.tools();
    Tuple values =
        Tuple.of(environment.value(), worker.id(), worker.number(), worker.version())
            .addString(made.contentHash())
            .addString(tools.sdk())
            .addString(tools.cli())
            .addString(tools.runtime());
    JsonArray tasks = new JsonArray();
    made.tasks().forEach(task -> tasks.add(row(task)));
    return transaction
        .query(INSERT, values)
        .compose(
            done ->
                transaction.query(
                    INSERT_TASKS, Tuple.of(environment.value(), worker.id(), tasks.encode())))
        .compose(done -> transaction.query(POINT_TASKS, Tuple.of(environment.value(), worker.id())))
        .mapEmpty();
  }

  private static JsonObject row(NewWorker.Task task) {
    NewWorker.Bounds bounds = task.bounds();
    return new JsonObject()
        .put("task", task.id())
        .put("file_path", task.place().filePath())
        .put("export_name", task.place().exportName())
        .put("description", task.place().description())
        .put("queue", task.queue())
        .put("machine", bounds.machine())
        .put("max_attempts", bounds.maxAttempts())
        .put("max_duration_seconds", bounds.maxDurationSeconds())
        .put("ttl", bounds.ttl())
        .put("trigger_source", task.source())
        .put("retry", bounds.retry())
        .put("payload_schema", task.schema());
  }

  /** Has queues be there, with these limits; what somebody has set over them stays. */
  public Future<Void> declare(EnvironmentId environment, List<NewWorker.DeclaredQueue> queues) {
    JsonArray rows = new JsonArray();
    queues.forEach(
        queue -> rows.add(new JsonObject().put("name", queue.name()).put("most", queue.limit())));
    return transaction
        .query(DECLARE_QUEUES, Tuple.of(environment.value(), rows.encode()))
        .mapEmpty();
  }

  /** Lets runs into the queue that waited for such a build. Says how many. */
  public Future<Integer> release(EnvironmentId environment, Worker worker) {
    return transaction
        .query(RELEASE, Tuple.of(environment.value(), worker.id()))
        .map(RowSet::rowCount);
  }

  /**
   * Removes builds that nobody has had for so long, that no run names, and that are the newest of
   * nothing. Says how many.
   */
  public Future<Integer> removeUnused(Duration unseen, int limit) {
    return transaction
        .query(REMOVE, Tuple.of(unseen.toMillis() / 1000.0, (long) limit))
        .map(RowSet::rowCount);
  }

  private static Optional<Worker> first(RowSet<Row> rows) {
    RowIterator<Row> found = rows.iterator();
    if (!found.hasNext()) {
      return Optional.empty();
    }
    return Optional.of(worker(found.next(), "id"));
  }

  /**
   * The build of a row.
   *
   * @param id what the column of its id is called there
   */
  static Worker worker(Row row, String id) {
    return new Worker(
        row.getString(id),
        row.getLong("number"),
        row.getString("version"),
        row.getString("content_hash"));
  }
}
