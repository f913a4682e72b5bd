package dev.runcast.store.wait;

import dev.runcast.run.EnvironmentId;
import dev.runcast.run.RunId;
import dev.runcast.store.Transaction;
import io.vertx.core.Future;
import io.vertx.sqlclient.Tuple;
import java.util.Collection;

/** What those wait for that a run is to wait for, and so on. */
public record WaitsAhead(Transaction transaction) {
  /** Cycles come only by runs that were there before: who waits for such takes turns. */
  private static final String TAKE_TURN =
      "select pg_advisory_xact_lock(hashtextextended('wait for a run that was there ' || $1, 0))";

  /** Far beyond what anybody nests: what is found later goes unfound. */
  private static final String WAITS_FOR =
      """
      with recursive ahead (id) as (
        select unnest($2::text[])
        union
        select coalesce(member.id, w.target) from ahead
          join wait w on w.environment_id = $1 and w.run_id = ahead.id and w.delivered is null
            and w.kind in ('RUN', 'BATCH')
          left join lateral (
            select id from run where environment_id = $1 and batch_id = w.target
            union all
            select run_id from batch_reused_item where environment_id = $1 and batch_id = w.target
          ) member on w.kind = 'BATCH')
      select 1 from (select id from ahead limit 10000) looked where id = $3 limit 1""";

  /** Has nobody else begin to wait for a run that was there before, until the transaction ends. */
  public Future<Void> takeTurn(EnvironmentId environment) {
    return transaction.query(TAKE_TURN, Tuple.of(environment.value())).mapEmpty();
  }

  /**
   * Whether a run is one of these, or one of these waits for it: by itself, or by those that it
   * waits for.
   */
  public Future<Boolean> waitsFor(EnvironmentId environment, Collection<RunId> runs, RunId run) {
    String[] ids = runs.stream().map(RunId::value).toArray(String[]::new);
    return transaction
        .query(
            WAITS_FOR, Tuple.of(environment.value()).addArrayOfString(ids).addString(run.value()))
        .map(rows -> rows.size() > 0);
  }
}
