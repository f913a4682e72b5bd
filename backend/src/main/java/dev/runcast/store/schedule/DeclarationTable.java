package dev.runcast.store.schedule;

import dev.runcast.run.EnvironmentId;
import dev.runcast.store.Transaction;
import io.vertx.core.Future;
import io.vertx.sqlclient.Tuple;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Schedules that are declared by the code of a task, one a task. */
public record DeclarationTable(Transaction transaction) {
  private static final String PUT =
      """
      insert into schedule as s (environment_id, id, type, task, cron, timezone, delay_window)
      select $1, 'sched_' || replace(gen_random_uuid()::text, '-', ''), 'DECLARATIVE', plan.*
      from unnest($2::text[], $3::text[], $4::text[], $5::text[]) as plan
      on conflict (environment_id, task) where type = 'DECLARATIVE' do update
        set cron = excluded.cron, timezone = excluded.timezone,
          delay_window = excluded.delay_window, updated_at = clock_timestamp()
        where (s.cron, s.timezone, s.delay_window)
          is distinct from (excluded.cron, excluded.timezone, excluded.delay_window)""";

  private static final String REMOVE =
      """
      delete from schedule
      where environment_id = $1 and type = 'DECLARATIVE' and not task = any($2)""";

  /** Makes the declared schedules of an environment these, of which a task has one at most. */
  public Future<Void> replace(EnvironmentId environment, List<Schedule.Plan> plans) {
    Tuple values =
        Tuple.of(environment.value())
            .addArrayOfString(texts(plans, Schedule.Plan::task))
            .addArrayOfString(texts(plans, Schedule.Plan::cron))
            .addArrayOfString(texts(plans, Schedule.Plan::timezone))
            .addArrayOfString(texts(plans, Schedule.Plan::window));
    return transaction
        .query(
            REMOVE,
            Tuple.of(environment.value()).addArrayOfString(texts(plans, Schedule.Plan::task)))
        .compose(removed -> transaction.query(PUT, values))
        .mapEmpty();
  }

  private static @Nullable String[] texts(
      List<Schedule.Plan> plans, Function<Schedule.Plan, @Nullable String> part) {
    return plans.stream().map(part).toArray(String[]::new);
  }
}
