package dev.runcast.store.execution;

import dev.runcast.run.EnvironmentId;
import dev.runcast.run.RunId;
import dev.runcast.store.Transaction;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** How runs are handed out to the builds of the command line tool. */
public record DequeueTable(Transaction transaction) {
  /**
   * A run that its trigger bound to a version goes to that build, whoever asks. Another one goes to
   * who asks, which is sure to be there; where that build lacks its task, to a newer one that has
   * it, else to the one that had the run before.
   */
  private static final String BOUND =
      """
        from execution e
          join run r on r.environment_id = e.environment_id and r.id = e.run_id
          left join task known on known.environment_id = e.environment_id and known.id = e.task
          left join worker asker on asker.environment_id = e.environment_id and asker.id = $3
          left join worker newer on newer.environment_id = e.environment_id
            and newer.id = known.worker_id and newer.number > asker.number
          left join worker_task asked on asked.environment_id = e.environment_id
            and asked.worker_id = $3 and asked.task = e.task
          left join worker w on w.environment_id = e.environment_id
            and case
              when r.locked_version is not null
                and (e.worker_id is null or r.locked_version = version_asked_for(r.options))
                then w.version = r.locked_version
              when asked.worker_id is not null or newer.id is not null
                then w.id = coalesce(asked.worker_id, newer.id)
              else w.version = r.locked_version end
          left join worker_task t on t.environment_id = w.environment_id and t.worker_id = w.id
            and t.task = e.task
        where e.environment_id = $1 and e.run_id = any($2)""";

  private static final String HAND_OUT =
      """
      with bound as (select e.run_id, w.id as worker, t.task is not null as known
      """
          + BOUND
          + """
      )
      update execution e set
          status = case when known then 'PENDING_EXECUTING' else 'PENDING_VERSION' end,
          description = case when known then 'Run was handed out'
            else 'No registered version has its task' end,
          worker_id = worker, heartbeat_at = clock_timestamp(), from_snapshot = null,
          request_key = $4, snapshot = nextval('execution_snapshot'),
          changed_at = clock_timestamp()
        from bound where e.environment_id = $1 and e.run_id = bound.run_id""";

  private static final String KNOW_QUEUES =
      """
      insert into queue (environment_id, name, id)
      select distinct $1::text, queue, 'queue_' || md5(queue) from execution
      where environment_id = $1 and run_id = any($2) order by queue
      on conflict (environment_id, name) do nothing""";

  /** Of what was handed out just now. One that found no build is bound to none by what it was. */
  private static final String TELL =
      """
      update run r set
          status = case when e.status = 'PENDING_EXECUTING' then 'DEQUEUED'
            else 'PENDING_VERSION' end,
          locked_version = case when e.status = 'PENDING_EXECUTING' then w.version
            when r.attempt_count > 0 then version_asked_for(r.options)
            else r.locked_version end,
          machine = coalesce(r.machine, t.machine),
          max_attempts = coalesce(r.max_attempts, t.max_attempts),
          max_duration_seconds = coalesce(r.max_duration_seconds, t.max_duration_seconds)
        from execution e
          left join worker w on w.environment_id = e.environment_id and w.id = e.worker_id
          left join worker_task t on t.environment_id = w.environment_id and t.worker_id = w.id
            and t.task = e.task
        where e.environment_id = $1 and e.run_id = any($2)
          and r.environment_id = e.environment_id and r.id = e.run_id""";

  /** Who has it must begin it in time. */
  private static final String WATCH =
      """
      insert into due (kind, environment_id, ref, at)
      select 'EXECUTION', environment_id, run_id, $3 from execution
      where environment_id = $1 and run_id = any($2) and status = 'PENDING_EXECUTING'
      on conflict (kind, environment_id, ref) do update set at = excluded.at""";

  private static final String HANDED_OUT =
      """
      select e.*, w.version, r.machine, r.is_test, v.project_id,
        coalesce(r.options::jsonb ? 'replayOf', false) as is_replay from execution e
        join run r on r.environment_id = e.environment_id and r.id = e.run_id
        join worker w on w.environment_id = e.environment_id and w.id = e.worker_id
        join environment v on v.id = e.environment_id
      where e.environment_id = $1 and e.status = 'PENDING_EXECUTING' and %s
      order by e.rank, e.run_id""";

  private static final String BY_RUN = HANDED_OUT.formatted("e.run_id = any($2)");

  private static final String BY_REQUEST = HANDED_OUT.formatted("e.request_key = $2");

  /**
   * Hands locked runs out to the builds that they are for. One whose task no such build has waits
   * for one instead. The statements are sent at once, and executed one after the other.
   *
   * @param worker the build of runs that are bound to no version
   * @param request the key of the request; null when it has none
   * @param late when the engine has to look after those that were not begun
   */
  public Future<List<HandedOut>> handOut(
      EnvironmentId environment,
      List<RunId> runs,
      String worker,
      @Nullable String request,
      Instant late) {
    Tuple order = key(environment, runs).addString(worker).addString(request);
    Tuple watch = key(environment, runs).addOffsetDateTime(late.atOffset(ZoneOffset.UTC));
    List<Future<RowSet<Row>>> steps =
        List.of(
            transaction.query(HAND_OUT, order),
            transaction.query(KNOW_QUEUES, key(environment, runs)),
            transaction.query(TELL, key(environment, runs)),
            transaction.query(WATCH, watch),
            transaction.query(BY_RUN, key(environment, runs)));
    return Future.join(steps).map(all -> handedOut(steps.get(4).result()));
  }

  /** What a request was given before that comes again. */
  public Future<List<HandedOut>> again(EnvironmentId environment, String request) {
    return transaction
        .query(BY_REQUEST, Tuple.of(environment.value(), request))
        .map(DequeueTable::handedOut);
  }

  private static Tuple key(EnvironmentId environment, List<RunId> runs) {
    return Tuple.of(environment.value())
        .addArrayOfString(runs.stream().map(RunId::value).toArray(String[]::new));
  }

  private static List<HandedOut> handedOut(RowSet<Row> rows) {
    List<HandedOut> handed = new ArrayList<>(rows.size());
    rows.forEach(
        row ->
            handed.add(
                new HandedOut(
                    ExecutionTable.execution(row),
                    row.getString("project_id"),
                    row.getString("worker_id"),
                    row.getString("version"),
                    row.getString("machine"),
                    row.getBoolean("is_test"),
                    row.getBoolean("is_replay"))));
    return handed;
  }
}
