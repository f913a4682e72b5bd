package dev.runcast.store.schedule;

import dev.runcast.run.EnvironmentId;
import dev.runcast.store.Transaction;
import io.vertx.core.Future;
import io.vertx.sqlclient.Tuple;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The schedules of environments. */
public record ScheduleTable(Transaction transaction) {
  private static final String PUT =
      """
      insert into schedule as s (environment_id, id, task, cron, timezone, delay_window, external_id,
        deduplication_key)
      values ($1, 'sched_' || replace(gen_random_uuid()::text, '-', ''), $2, $3, $4, $5, $6, $7)
      on conflict (environment_id, deduplication_key) do update set task = excluded.task,
        cron = excluded.cron, timezone = excluded.timezone, delay_window = excluded.delay_window,
        external_id = excluded.external_id, updated_at = clock_timestamp()
      returning %s"""
          .formatted(ScheduleRows.COLUMNS);

  private static final String CHANGE =
      """
      update schedule set task = $3, cron = $4, timezone = $5, delay_window = $6, external_id = $7,
        updated_at = clock_timestamp()
      where environment_id = $1 and id = $2 returning %s"""
          .formatted(ScheduleRows.COLUMNS);

  private static final String ACTIVATE =
      """
      update schedule set active = $3, updated_at = clock_timestamp()
      where environment_id = $1 and id = $2 returning %s"""
          .formatted(ScheduleRows.COLUMNS);

  private static final String FIND =
      "select " + ScheduleRows.COLUMNS + " from schedule where environment_id = $1 and id = $2";

  private static final String LOCK = FIND + " for update";

  private static final String REMOVE = "delete from schedule where environment_id = $1 and id = $2";

  private static final String PAGE =
      "select "
          + ScheduleRows.COLUMNS
          + " from schedule where environment_id = $1 order by created_at desc, id desc"
          + " limit $2 offset $3";

  private static final String COUNT =
      "select count(*) as total from schedule where environment_id = $1";

  /** A part of a list, and how long the whole is. */
  public record Page(List<Schedule> schedules, long total) {
    public Page {
      schedules = List.copyOf(schedules);
    }
  }

  /** Makes a schedule, or changes the one that has this key already. */
  public Future<Schedule> put(EnvironmentId environment, Schedule.Plan plan, String key) {
    return transaction
        .one(PUT, values(Tuple.of(environment.value()), plan).addString(key), ScheduleRows::read)
        .map(Optional::orElseThrow);
  }

  /** Changes a schedule; empty if there is none of this id. */
  public Future<Optional<Schedule>> change(
      EnvironmentId environment, String id, Schedule.Plan plan) {
    return transaction.one(
        CHANGE, values(Tuple.of(environment.value(), id), plan), ScheduleRows::read);
  }

  /** Has a schedule be in force, or not; empty if there is none of this id. */
  public Future<Optional<Schedule>> activate(EnvironmentId environment, String id, boolean active) {
    return transaction.one(ACTIVATE, Tuple.of(environment.value(), id, active), ScheduleRows::read);
  }

  public Future<Optional<Schedule>> find(EnvironmentId environment, String id) {
    return transaction.one(FIND, Tuple.of(environment.value(), id), ScheduleRows::read);
  }

  /** Finds a schedule that stays as it is until the transaction ends. */
  public Future<Optional<Schedule>> lock(EnvironmentId environment, String id) {
    return transaction.one(LOCK, Tuple.of(environment.value(), id), ScheduleRows::read);
  }

  /** Removes a schedule. */
  public Future<Void> remove(EnvironmentId environment, String id) {
    return transaction.query(REMOVE, Tuple.of(environment.value(), id)).mapEmpty();
  }

  /** Schedules, the newest first, from an offset on. */
  public Future<Page> page(EnvironmentId environment, int limit, long offset) {
    return transaction
        .query(COUNT, Tuple.of(environment.value()))
        .map(rows -> rows.iterator().next().getLong("total"))
        .compose(
            total ->
                transaction
                    .query(PAGE, Tuple.of(environment.value(), (long) limit, offset))
                    .map(
                        rows -> {
                          List<Schedule> schedules = new ArrayList<>(rows.size());
                          rows.forEach(row -> schedules.add(ScheduleRows.read(row)));
                          return new Page(schedules, total);
                        }));
  }

  private static Tuple values(Tuple values, Schedule.Plan plan) {
    return values
        .addString(plan.task())
        .addString(plan.cron())
        .addString(plan.timezone())
        .addString(plan.window())
        .addString(plan.externalId());
  }
}
