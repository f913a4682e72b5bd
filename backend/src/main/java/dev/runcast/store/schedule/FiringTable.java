package dev.runcast.store.schedule;

import dev.runcast.run.EnvironmentId;
import dev.runcast.run.RunId;
import dev.runcast.store.Transaction;
import dev.runcast.store.table.DueTable.Claimed;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** How far schedules have been served, and the runs that they made. */
public record FiringTable(Transaction transaction) {
  private static final String LOAD =
      """
      select s.environment_id, %s, s.served_until, s.last_at, clock_timestamp() as now
      from schedule s join unnest($1::text[], $2::text[]) as claimed (environment_id, id)
        on s.environment_id = claimed.environment_id and s.id = claimed.id
      where s.active"""
          .formatted(ScheduleRows.columns("s"));

  private static final String RECORD =
      """
      insert into scheduled_run (environment_id, schedule_id, at, run_id) values ($1, $2, $3, $4)
      on conflict do nothing""";

  private static final String SERVE =
      """
      update schedule set served_until = $3, last_at = $3
      where environment_id = $1 and id = $2""";

  private static final String OF_RUN =
      """
      select %s from scheduled_run r
        join schedule s on s.environment_id = r.environment_id and s.id = r.schedule_id
      where r.environment_id = $1 and r.run_id = $2"""
          .formatted(ScheduleRows.columns("s"));

  /** What was claimed; those that are not in force any more are left out. */
  public Future<List<DueSchedule>> load(List<Claimed> claimed) {
    Tuple values =
        Tuple.tuple()
            .addArrayOfString(
                claimed.stream().map(each -> each.environment().value()).toArray(String[]::new))
            .addArrayOfString(claimed.stream().map(Claimed::ref).toArray(String[]::new));
    return transaction
        .query(LOAD, values)
        .map(
            rows -> {
              List<DueSchedule> due = new ArrayList<>(rows.size());
              rows.forEach(row -> due.add(dueSchedule(row)));
              return due;
            });
  }

  /** Has a time be that of a run, unless it has one already. Says whether it does now. */
  public Future<Boolean> record(DueSchedule due, Instant at, RunId run) {
    Tuple values = Tuple.of(due.environment().value(), due.schedule().id(), time(at), run.value());
    return transaction.query(RECORD, values).map(rows -> rows.rowCount() == 1);
  }

  /** Has a schedule be served up to one of its times. */
  public Future<Void> serve(DueSchedule due, Instant at) {
    return transaction
        .query(SERVE, Tuple.of(due.environment().value(), due.schedule().id(), time(at)))
        .mapEmpty();
  }

  /** The schedule that made a run; empty when none did, or it was removed. */
  public Future<Optional<Schedule>> of(EnvironmentId environment, RunId run) {
    return transaction.one(OF_RUN, Tuple.of(environment.value(), run.value()), ScheduleRows::read);
  }

  private static DueSchedule dueSchedule(Row row) {
    return new DueSchedule(
        new EnvironmentId(row.getString("environment_id")),
        ScheduleRows.read(row),
        row.getOffsetDateTime("served_until").toInstant(),
        instant(row.getOffsetDateTime("last_at")),
        row.getOffsetDateTime("now").toInstant());
  }

  private static @Nullable Instant instant(@Nullable OffsetDateTime time) {
    return time == null ? null : time.toInstant();
  }

  private static OffsetDateTime time(Instant at) {
    return at.atOffset(ZoneOffset.UTC);
  }
}
