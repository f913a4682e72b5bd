package dev.runcast.store.execution;

import dev.runcast.run.EnvironmentId;
import dev.runcast.run.RunId;
import dev.runcast.store.Transaction;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is to be handed out next. The queue is kept in lanes, one for each task, queue and
 * concurrency key, so that what it costs to find the first of each does not depend on how many wait
 * behind it, nor on runs of tasks that no worker has.
 */
public record DequeueTable(Transaction transaction) {
  /** Who shares a limit takes turns, and the environment has one; registrations take theirs too. */
  private static final String TAKE_TURN =
      "select 1 from environment where id = $1 for no key update";

  static final String FIRST =
      """
      with recursive lane (task, queue, concurrency_key) as (
        select head.* from task t cross join lateral (
            select e.task, e.queue, e.concurrency_key from execution e
            where e.environment_id = $1 and e.task = t.id and e.status = 'QUEUED'
            order by e.queue, e.concurrency_key limit 1) head
          where t.environment_id = $1
        union all
        select next.* from lane cross join lateral (
            select e.task, e.queue, e.concurrency_key from execution e
            where e.environment_id = $1 and e.task = lane.task and e.status = 'QUEUED'
              and (e.queue, e.concurrency_key) > (lane.queue, lane.concurrency_key)
            order by e.queue, e.concurrency_key limit 1) next),
      free as (
        select lane.*, case when q.paused then 0
            when bound.most is null then $2::bigint
            else bound.most - holders.running end as places
          from lane
            left join queue q on q.environment_id = $1 and q.name = lane.queue
            cross join lateral (
              select coalesce(q.concurrency_override, q.concurrency_limit) as most) bound
            cross join lateral (
              select count(*) as running from execution h
              where bound.most is not null and h.environment_id = $1 and h.queue = lane.queue
                and h.concurrency_key = lane.concurrency_key
                and h.status in ('PENDING_EXECUTING', 'EXECUTING', 'PENDING_CANCEL')) holders),
      ranked as (
        select first.run_id, first.rank, free.places, row_number() over (
            partition by free.queue, free.concurrency_key order by first.rank, first.run_id)
            as place
          from free cross join lateral (
            select e.run_id, e.rank from execution e
            where e.environment_id = $1 and e.task = free.task and e.queue = free.queue
              and e.concurrency_key = free.concurrency_key and e.status = 'QUEUED'
            order by e.rank, e.run_id limit least(free.places, $2::bigint)) first
          where free.places > 0)
      select run_id from ranked where place <= places order by rank, run_id
      limit greatest(0, least($2::bigint, $3::bigint - (
        select count(*) from execution h where h.environment_id = $1
          and h.status in ('PENDING_EXECUTING', 'EXECUTING', 'PENDING_CANCEL'))))""";

  private static final String LOCK =
      """
      select e.run_id from execution e
        join run r on r.environment_id = e.environment_id and r.id = e.run_id
      where e.environment_id = $1 and e.run_id = any($2) and e.status = 'QUEUED'
        and r.status = 'PENDING'
      for update of e, r skip locked""";

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

  private static final String HANDED_OUT =
      """
      select e.*, w.version, r.machine, r.is_test from execution e
        join run r on r.environment_id = e.environment_id and r.id = e.run_id
        join worker w on w.environment_id = e.environment_id and w.id = e.worker_id
      where e.environment_id = $1 and e.status = 'PENDING_EXECUTING' and %s
      order by e.rank, e.run_id""";

  private static final String BY_RUN = HANDED_OUT.formatted("e.run_id = any($2)");

  private static final String BY_REQUEST = HANDED_OUT.formatted("e.request_key = $2");

  /** Has others who hand out runs of the environment wait until the transaction ends. */
  public Future<Void> takeTurn(EnvironmentId environment) {
    return transaction.query(TAKE_TURN, Tuple.of(environment.value())).mapEmpty();
  }

  /**
   * The runs that come next, in their order.
   *
   * @param limit how many at most
   * @param running how many of the environment may be with workers at once
   */
  public Future<List<RunId>> first(EnvironmentId environment, int limit, int running) {
    return transaction
        .query(FIRST, Tuple.of(environment.value(), (long) limit, (long) running))
        .map(DequeueTable::runs);
  }

  /** Locks those of the runs that still wait and that nobody else is at, and their executions. */
  public Future<List<RunId>> lock(EnvironmentId environment, List<RunId> runs) {
    return transaction.query(LOCK, key(environment, runs)).map(DequeueTable::runs);
  }

  /**
   * Hands locked runs out to the builds that they are for. One whose task no such build has waits
   * for one instead.
   *
   * @param worker the build of runs that are bound to no version
   * @param request the key of the request; null when it has none
   */
  public Future<List<HandedOut>> handOut(
      EnvironmentId environment, List<RunId> runs, String worker, @Nullable String request) {
    return transaction
        .query(HAND_OUT, key(environment, runs).addString(worker).addString(request))
        .compose(done -> transaction.query(KNOW_QUEUES, key(environment, runs)))
        .compose(done -> transaction.query(TELL, key(environment, runs)))
        .compose(told -> transaction.query(BY_RUN, key(environment, runs)))
        .map(DequeueTable::handedOut);
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

  private static List<RunId> runs(RowSet<Row> rows) {
    List<RunId> runs = new ArrayList<>(rows.size());
    rows.forEach(row -> runs.add(new RunId(row.getString("run_id"))));
    return runs;
  }

  private static List<HandedOut> handedOut(RowSet<Row> rows) {
    List<HandedOut> handed = new ArrayList<>(rows.size());
    rows.forEach(
        row ->
            handed.add(
                new HandedOut(
                    ExecutionTable.execution(row),
                    row.getString("worker_id"),
                    row.getString("version"),
                    row.getString("machine"),
                    row.getBoolean("is_test"))));
    return handed;
  }
}
