package dev.runcast.store.execution;

import dev.runcast.run.EnvironmentId;
import dev.runcast.store.Transaction;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The environments whose runs are executed by the engine, and how far those before have come. */
public record EnrolmentTable(Transaction transaction) {
  private static final String ENROL =
      """
      with made as (
        insert into enrolment (environment_id) values ($1) on conflict do nothing
        returning environment_id)
      insert into due (kind, environment_id, ref, at)
        select 'ENROLMENT', environment_id, '', clock_timestamp() from made
      on conflict (kind, environment_id, ref) do update set at = excluded.at""";

  private static final String HAS = "select 1 from enrolment where environment_id = $1";

  private static final String CLAIM =
      """
      select environment_id from due where kind = 'ENROLMENT' and at <= now()
      order by at limit 1 for update skip locked""";

  private static final String PROGRESS =
      """
      select after_created::text as created, after_run, walked, skipped,
        pg_snapshot_xmin(pg_current_snapshot()) >= seen_from as passed
      from enrolment where environment_id = $1 for update""";

  /**
   * Only those that still wait when they are locked: a row of a run that has gone on would stand in
   * the queue for good.
   */
  private static final String PUT =
      """
      wanted as materialized (
        select r.* from page join run r on r.environment_id = $1 and r.id = page.id
        where page.lacking and r.status in ('PENDING', 'PENDING_VERSION')
        for no key update of r skip locked),
      put as (
        insert into execution (environment_id, run_id, task, queue, concurrency_key, rank, status,
          description, attempt)
        select environment_id, id, task_identifier, queue, coalesce(concurrency_key, ''),
          created_at - make_interval(secs => priority),
          case status when 'PENDING' then 'QUEUED' else 'PENDING_VERSION' end, 'Run was queued',
          attempt_count
        from wanted on conflict do nothing),
      told as (
        select count(*) as looked,
          count(*) filter (where lacking) > (select count(*) from wanted) as skipped from page)
      """;

  private static final String LACKING =
      """
      r.status in ('PENDING', 'PENDING_VERSION') and not exists (
          select from execution e where e.environment_id = r.environment_id and e.run_id = r.id)
        as lacking""";

  private static final String WALK =
      """
      with page as materialized (
        select r.created_at, r.id,
      """
          + LACKING
          + """
         from run r where r.environment_id = $1
          and (r.created_at, r.id) > ($2::text::timestamptz, $3)
        order by r.created_at, r.id limit $4),
      """
          + PUT
          + """
      update enrolment set walked = told.looked < $4, skipped = enrolment.skipped or told.skipped,
        after_created = coalesce(
          (select created_at from page order by created_at desc, id desc limit 1), after_created),
        after_run = coalesce(
          (select id from page order by created_at desc, id desc limit 1), after_run)
      from told where environment_id = $1""";

  private static final String LATE =
      """
      with page as materialized (
        select r.id,
      """
          + LACKING
          + """
         from run r where r.environment_id = $1 and r.changed_bucket >= (
          select since::text::bigint >> 12 from enrolment where environment_id = $1)),
      """
          + PUT
          + """
      update enrolment set
        settled_at = case when not (enrolment.skipped or told.skipped) then clock_timestamp() end,
        walked = not (enrolment.skipped or told.skipped), skipped = false,
        after_created = '-infinity', after_run = ''
      from told where environment_id = $1 returning settled_at is not null as settled""";

  private static final String SEE =
      """
      update enrolment set seen_from = pg_snapshot_xmax(pg_current_snapshot())
      where environment_id = $1""";

  private static final String AGAIN =
      """
      update due set at = clock_timestamp() + make_interval(secs => $2)
      where kind = 'ENROLMENT' and environment_id = $1""";

  private static final String OVER =
      "delete from due where kind = 'ENROLMENT' and environment_id = $1";

  /**
   * How far an enrolment has come.
   *
   * @param created when the last run was made that was looked at, as Postgres writes it
   * @param run its id
   * @param walked whether all were looked at that could be seen
   * @param passed whether everybody is gone who may have missed it; null before it was first asked
   */
  public record Progress(String created, String run, boolean walked, @Nullable Boolean passed) {}

  /**
   * Has runs of an environment stand with the engine from now on. Those that wait already are
   * looked after when it comes due, which is at once. Says whether it was not so before.
   */
  public Future<Boolean> enrol(EnvironmentId environment) {
    return transaction.query(ENROL, Tuple.of(environment.value())).map(rows -> rows.rowCount() > 0);
  }

  /** Whether runs of an environment stand with the engine. */
  public Future<Boolean> has(EnvironmentId environment) {
    return transaction
        .query(HAS, Tuple.of(environment.value()))
        .map(rows -> rows.iterator().hasNext());
  }

  /** Takes an environment whose enrolment has not settled, and that no other node is at. */
  public Future<Optional<EnvironmentId>> claim() {
    return transaction.one(
        CLAIM, Tuple.tuple(), row -> new EnvironmentId(row.getString("environment_id")));
  }

  /** Locks an enrolment and reads how far it has come. */
  public Future<Progress> progress(EnvironmentId environment) {
    return transaction
        .query(PROGRESS, Tuple.of(environment.value()))
        .map(
            rows -> {
              Row row = rows.iterator().next();
              return new Progress(
                  row.getString("created"),
                  row.getString("after_run"),
                  row.getBoolean("walked"),
                  row.getBoolean("passed"));
            });
  }

  /** Looks at the next runs, and puts those into the queue that wait. */
  public Future<Void> walk(EnvironmentId environment, Progress progress, int limit) {
    Tuple values = Tuple.of(environment.value(), progress.created(), progress.run(), (long) limit);
    return transaction.query(WALK, values).mapEmpty();
  }

  /** Notes that whoever begins from now on sees it. Not in the transaction that enrolled. */
  public Future<Void> see(EnvironmentId environment) {
    return transaction.query(SEE, Tuple.of(environment.value())).mapEmpty();
  }

  /**
   * Puts those into the queue whose writers have missed it. Says whether it is settled; if not, all
   * are to be walked through again, for somebody held one locked.
   */
  public Future<Boolean> putLate(EnvironmentId environment) {
    return transaction
        .query(LATE, Tuple.of(environment.value()))
        .map(rows -> rows.iterator().next().getBoolean("settled"));
  }

  /** Sets when it is to be looked after next. */
  public Future<Void> again(EnvironmentId environment, Duration pause) {
    return transaction
        .query(AGAIN, Tuple.of(environment.value(), pause.toMillis() / 1000.0))
        .mapEmpty();
  }

  /** Ends it: there is nothing left to look after. */
  public Future<Void> end(EnvironmentId environment) {
    return transaction.query(OVER, Tuple.of(environment.value())).mapEmpty();
  }
}
