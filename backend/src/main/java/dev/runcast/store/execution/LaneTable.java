package dev.runcast.store.execution;

import dev.runcast.run.EnvironmentId;
import dev.runcast.run.RunId;
import dev.runcast.store.Transaction;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What is to be handed out next. What waits is kept in lanes, one for each task, queue and
 * concurrency key, in one index. The lanes of a task take turns: a look begins behind the one that
 * was served last and goes on until it has found as many with a free place as it needs. So its cost
 * depends neither on how many runs wait nor on how many keys there are; what it passes over are
 * lanes that are full, which are no more than there are runs being executed.
 *
 * <p>Between queues age decides, and within a lane: a queue is as old as the oldest run of its that
 * is looked at.
 */
public record LaneTable(Transaction transaction) {
  /** Who shares a limit takes turns, and the environment has one; registrations take theirs too. */
  private static final String TAKE_TURN =
      "select 1 from environment where id = $1 for no key update";

  /** Those that some build has: runs of others are left to whoever moves them. */
  private static final String KNOWN_TASKS = "select id from task where environment_id = $1";

  /** Those of which anything waits. */
  private static final String WAITING_TASKS =
      """
      select n.task from (
        with recursive n (task) as (
          (select e.task from execution e where e.environment_id = $1 and e.status = 'QUEUED'
            order by e.task limit 1)
          union all
          select next.task from n cross join lateral (
            select e.task from execution e
            where e.environment_id = $1 and e.status = 'QUEUED' and e.task > n.task
            order by e.task limit 1) next)
        select task from n) n""";

  /** The next lane behind one; behind all of a queue that gives nothing; or the first of all. */
  private static final String NEXT =
      """
      select * from (
        (select e.queue, e.concurrency_key, walk.lap from execution e
          where not walk.closed and e.environment_id = $1 and e.task = name.task
            and e.status = 'QUEUED' %1$s
            and (e.queue, e.concurrency_key) > (walk.queue, walk.concurrency_key)
          order by e.queue, e.concurrency_key limit 1)
        union all
        (select e.queue, e.concurrency_key, walk.lap from execution e
          where walk.closed and e.environment_id = $1 and e.task = name.task
            and e.status = 'QUEUED' %1$s and e.queue > walk.queue
          order by e.queue, e.concurrency_key limit 1)
        union all
        (select e.queue, e.concurrency_key, 1 from execution e
          where walk.lap = 0 and e.environment_id = $1 and e.task = name.task
            and e.status = 'QUEUED' %1$s
          order by e.queue, e.concurrency_key limit 1)) ahead
      order by lap limit 1""";

  private static final String LANES =
      """
      select row_number() over () as nth, count(*) over () as lanes, free.* from (
        with recursive
          turn (queue, concurrency_key) as (
            select coalesce(t.queue, $4), coalesce(t.concurrency_key, '') from (select) once
              left join lane_turn t on t.environment_id = $1 and t.task = name.task
                and t.asked = $4),
          walk (queue, concurrency_key, lap, closed, places) as (
            select queue, concurrency_key, 0, false, 0::bigint from turn
            union all
            select next.queue, next.concurrency_key, next.lap, coalesce(bound.most <= 0, false),
              case when bound.most is null then $2::bigint
                else bound.most - (
                  select count(*) from (
                    select from execution h
                    where h.environment_id = $1 and h.queue = next.queue
                      and h.concurrency_key = next.concurrency_key
                      and h.status in ('PENDING_EXECUTING', 'EXECUTING', 'PENDING_CANCEL')
                    limit bound.most) held) end
            from walk cross join lateral (%2$s) next
              cross join lateral (
                select case when q.paused then 0
                  else coalesce(q.concurrency_override, q.concurrency_limit) end as most
                from (select) once left join queue q
                  on q.environment_id = $1 and q.name = next.queue) bound
            where next.lap = 0 or (next.queue, next.concurrency_key)
              <= (select queue, concurrency_key from turn))
        select queue, concurrency_key, places from walk where places > 0
        limit greatest(2, $2::bigint)) free""";

  /**
   * Of each lane as many as have places, or one of each where there are lanes enough; then in turns
   * within a queue, and by age between queues.
   */
  private static final String FIRST =
      """
      with name (task) as (%3$s),
        lane as (select name.task, found.* from name cross join lateral (%4$s) found),
        head as (
          select lane.*, waiting.run_id, waiting.rank from lane cross join lateral (
            select e.run_id, e.rank from execution e
            where e.environment_id = $1 and e.task = lane.task and e.queue = lane.queue
              and e.concurrency_key = lane.concurrency_key and e.status = 'QUEUED'
            order by e.rank, e.run_id
            limit least(lane.places, case when lane.lanes < $2::bigint then $2::bigint else 1 end))
            waiting),
        placed as (
          select head.*,
            row_number() over (partition by task, queue, concurrency_key order by rank, run_id)
              as turn,
            row_number() over (partition by queue, concurrency_key order by rank, run_id) as place
          from head),
        ranked as (
          select placed.*, min(rank) over (
              partition by task, queue order by turn, nth
              rows between current row and unbounded following) as age
          from placed where place <= places)
      select run_id, task, queue, concurrency_key, nth, lanes from ranked
      order by age, turn, nth, task
      limit greatest(0, least($2::bigint, $3::bigint - (
        select count(*) from (select from execution h where h.environment_id = $1
          and h.status in ('PENDING_EXECUTING', 'EXECUTING', 'PENDING_CANCEL')
          and h.lease is null limit $3::bigint) held)))""";

  static final String FIRST_OF_KNOWN = first(KNOWN_TASKS, "");
  static final String FIRST_OF_QUEUE = first(WAITING_TASKS, "and e.queue = $4");

  private static final String LOCK =
      """
      select e.run_id from execution e
        join run r on r.environment_id = e.environment_id and r.id = e.run_id
      where e.environment_id = $1 and e.run_id = any($2) and e.status = 'QUEUED'
        and r.status = 'PENDING'
      for update of e, r skip locked""";

  private static final String TURN =
      """
      insert into lane_turn (environment_id, asked, task, queue, concurrency_key)
      select $1, $2, t.* from unnest($3::text[], $4::text[], $5::text[])
        as t (task, queue, concurrency_key) order by t.task
      on conflict (environment_id, task, asked)
        do update set queue = excluded.queue, concurrency_key = excluded.concurrency_key""";

  /**
   * For whom runs are looked for.
   *
   * @param queue whose runs, whatever their task; null for those of tasks that some build has
   * @param limit how many at most
   * @param running how many of the environment the command line tool may have at once
   */
  public record Asked(EnvironmentId environment, @Nullable String queue, int limit, int running) {
    private String place() {
      return queue == null ? "" : queue;
    }
  }

  /**
   * A run that may be handed out.
   *
   * @param nth which of its task's lanes it is in, in the order of their turns
   * @param lanes how many of them were looked at
   */
  private record Candidate(
      RunId run, String task, String queue, String key, long nth, long lanes) {}

  private static String first(String tasks, String where) {
    return FIRST
        .replace("%4$s", LANES.replace("%2$s", NEXT.replace("%1$s", where)))
        .replace("%3$s", tasks);
  }

  /** Whether there is any that may be handed out, by a look that locks nothing. */
  public Future<Boolean> hasAny(Asked asked) {
    return look(asked).map(found -> !found.isEmpty());
  }

  /** Has others who hand out runs of the environment wait until the transaction ends. */
  public Future<Void> takeTurn(EnvironmentId environment) {
    return transaction.query(TAKE_TURN, Tuple.of(environment.value())).mapEmpty();
  }

  /**
   * Locks the runs that come next and their executions, in no order, whoever has the turn. Those
   * that somebody else is at are left out.
   */
  public Future<List<RunId>> take(Asked asked) {
    return look(asked)
        .compose(
            found ->
                found.isEmpty()
                    ? Future.succeededFuture(List.of())
                    : lock(asked.environment(), found)
                        .compose(locked -> turn(asked, found, locked).map(locked)));
  }

  private Future<List<Candidate>> look(Asked asked) {
    Tuple values =
        Tuple.of(
            asked.environment().value(),
            (long) asked.limit(),
            (long) asked.running(),
            asked.place());
    return transaction
        .query(asked.queue() == null ? FIRST_OF_KNOWN : FIRST_OF_QUEUE, values)
        .map(LaneTable::candidates);
  }

  private Future<List<RunId>> lock(EnvironmentId environment, List<Candidate> found) {
    Tuple values =
        Tuple.of(environment.value())
            .addArrayOfString(found.stream().map(one -> one.run().value()).toArray(String[]::new));
    return transaction
        .query(LOCK, values)
        .map(
            rows -> {
              List<RunId> runs = new ArrayList<>(rows.size());
              rows.forEach(row -> runs.add(new RunId(row.getString("run_id"))));
              return runs;
            });
  }

  /** Notes for each task whose turn it was last, where there is more than one lane. */
  private Future<Void> turn(Asked asked, List<Candidate> found, List<RunId> taken) {
    Set<RunId> gone = new HashSet<>(taken);
    Map<String, Candidate> last = new HashMap<>();
    for (Candidate one : found) {
      if (one.lanes() > 1 && gone.contains(one.run())) {
        last.merge(one.task(), one, (a, b) -> a.nth() > b.nth() ? a : b);
      }
    }
    return last.isEmpty() ? Future.succeededFuture() : turn(asked, last.values());
  }

  private Future<Void> turn(Asked asked, Collection<Candidate> last) {
    Tuple values =
        Tuple.of(asked.environment().value(), asked.place())
            .addArrayOfString(last.stream().map(Candidate::task).toArray(String[]::new))
            .addArrayOfString(last.stream().map(Candidate::queue).toArray(String[]::new))
            .addArrayOfString(last.stream().map(Candidate::key).toArray(String[]::new));
    return transaction.query(TURN, values).mapEmpty();
  }

  private static List<Candidate> candidates(RowSet<Row> rows) {
    List<Candidate> found = new ArrayList<>(rows.size());
    rows.forEach(
        row ->
            found.add(
                new Candidate(
                    new RunId(row.getString("run_id")),
                    row.getString("task"),
                    row.getString("queue"),
                    row.getString("concurrency_key"),
                    row.getLong("nth"),
                    row.getLong("lanes"))));
    return found;
  }
}
