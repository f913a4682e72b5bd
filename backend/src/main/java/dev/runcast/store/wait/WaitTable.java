package dev.runcast.store.wait;

import dev.runcast.run.EnvironmentId;
import dev.runcast.run.RunId;
import dev.runcast.store.Transaction;
import dev.runcast.store.wait.NewWait.Index;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What runs wait for. */
public record WaitTable(Transaction transaction) {
  private static final String INSERT =
      """
      insert into wait (environment_id, run_id, id, kind, target, batch_id, batch_index, until)
      values ($1, $2, $3, $4, $5, $6, $7, $8)
      on conflict (environment_id, run_id, id) do update set target = excluded.target,
        until = excluded.until, delivered = null""";

  /** Whoever ends one of these meanwhile waits, and then sees who waits for it. */
  private static final String LOCK_RUNS =
      """
      select from run where environment_id = $1 and id = any($2) order by id for share""";

  private static final String LOCK_WAITPOINT =
      "select from waitpoint where environment_id = $1 and id = $2 for share";

  private static final String IS_AWAITED =
      """
      select exists (select from wait
        where environment_id = $1 and target = $2 and delivered is null) as awaited""";

  /** What is gone has ended. */
  private static final String JOINED =
      """
      from wait w
        left join run r on w.kind = 'RUN' and r.environment_id = w.environment_id
          and r.id = w.target and r.status <> 'DELETED'
        left join waitpoint p on w.kind = 'MANUAL' and p.environment_id = w.environment_id
          and p.id = w.target
        left join batch b on w.kind = 'BATCH' and b.environment_id = w.environment_id
          and b.id = w.target
      where w.environment_id = $1 and w.run_id = $2""";

  private static final String OPEN =
      """
      select count(*) filter (where not ended) as open, min(until) filter (where not ended) as until
      from (select w.until, case w.kind
          when 'RUN' then r.id is null or r.completed_at is not null
          when 'MANUAL' then p.id is null or p.status <> 'WAITING'
          when 'BATCH' then b.id is null or b.sealed_at is not null
          else w.until <= clock_timestamp() end as ended
      """
          + JOINED
          + " and w.delivered is null) waits";

  private static final String DELIVER =
      """
      update wait set delivered = $3
      where environment_id = $1 and run_id = $2 and delivered is null""";

  private static final String FORGET =
      """
      delete from wait where environment_id = $1 and run_id = $2 and delivered is not null""";

  /** A task waits for one thing at a time: a batch that it announced before is not to come. */
  private static final String ABANDON =
      """
      delete from wait w
      where environment_id = $1 and run_id = $2 and delivered is null and kind = 'BATCH'
        and target <> all($3)
        and not exists (select from batch b where b.environment_id = w.environment_id
          and b.id = w.target and b.sealed_at is not null)""";

  private static final String UNFILLED =
      """
      delete from wait w
      where environment_id = $1 and run_id = $2 and delivered is null and kind = 'BATCH'
        and target = $3
        and not exists (select from batch b where b.environment_id = w.environment_id
          and b.id = w.target and b.sealed_at is not null)""";

  private static final String CLEAR = "delete from wait where environment_id = $1 and run_id = $2";

  private static final String DELIVERED =
      """
      select w.id, w.kind, w.target, w.batch_id, w.batch_index, w.until, r.status as run_status,
        coalesce(r.completed_at, p.completed_at, b.sealed_at, w.until, now()) as ended_at,
        coalesce(r.output, p.output) as output, coalesce(r.output_type, p.output_type) as type,
        r.error, p.output_is_error
      """
          + JOINED
          + " and w.delivered = $3 order by w.batch_index, w.id";

  private static final String WAITING =
      """
      select distinct target, run_id from wait
      where environment_id = $1 and target = any($2) and delivered is null
      order by target, run_id limit 1000""";

  /**
   * What a run still waits for.
   *
   * @param count how much of it has not ended
   * @param until when the first of the times among it comes; null for none
   */
  public record Open(long count, @Nullable Instant until) {}

  /** Has a run wait for these, too. What it was told of the end of others is forgotten. */
  public Future<Void> insert(EnvironmentId environment, RunId run, List<NewWait> waits) {
    List<Tuple> rows = waits.stream().map(wait -> values(environment, run, wait)).toList();
    String[] targets =
        waits.stream().map(NewWait::target).filter(Objects::nonNull).toArray(String[]::new);
    return transaction
        .query(FORGET, key(environment, run))
        .compose(
            forgotten ->
                transaction.query(ABANDON, key(environment, run).addArrayOfString(targets)))
        .compose(abandoned -> transaction.each(INSERT, rows))
        .mapEmpty();
  }

  /** Has a run wait no more for a batch that is not full. Says whether it did. */
  public Future<Boolean> removeUnfilled(EnvironmentId environment, RunId run, String batch) {
    return transaction
        .query(UNFILLED, key(environment, run).addString(batch))
        .map(rows -> rows.rowCount() > 0);
  }

  private static Tuple values(EnvironmentId environment, RunId run, NewWait wait) {
    Index index = wait.index();
    Instant until = wait.until();
    return key(environment, run)
        .addString(wait.id())
        .addString(wait.kind().name())
        .addString(wait.target())
        .addString(index == null ? null : index.batch())
        .addInteger(index == null ? null : index.place())
        .addOffsetDateTime(until == null ? null : until.atOffset(ZoneOffset.UTC));
  }

  /** Which runs wait for things, by what they wait for; of very many some. */
  public Future<Map<String, List<String>>> waiting(
      EnvironmentId environment, List<String> targets) {
    return transaction
        .query(
            WAITING, Tuple.of(environment.value()).addArrayOfString(targets.toArray(String[]::new)))
        .map(
            rows -> {
              Map<String, List<String>> waiting = new HashMap<>();
              rows.forEach(
                  row ->
                      waiting
                          .computeIfAbsent(row.getString("target"), target -> new ArrayList<>())
                          .add(row.getString("run_id")));
              return waiting;
            });
  }

  private static String[] ids(List<RunId> runs) {
    return runs.stream().map(RunId::value).toArray(String[]::new);
  }

  /** Keeps runs from ending until the transaction does. */
  public Future<Void> lockRuns(EnvironmentId environment, List<RunId> runs) {
    return transaction
        .query(LOCK_RUNS, Tuple.of(environment.value()).addArrayOfString(ids(runs)))
        .mapEmpty();
  }

  /** Keeps a waitpoint from ending until the transaction does. Says whether there is one. */
  public Future<Boolean> lockWaitpoint(EnvironmentId environment, String id) {
    return transaction
        .query(LOCK_WAITPOINT, Tuple.of(environment.value(), id))
        .map(rows -> rows.size() > 0);
  }

  /** What a run still waits for. */
  public Future<Open> open(EnvironmentId environment, RunId run) {
    return transaction
        .query(OPEN, key(environment, run))
        .map(
            rows -> {
              Row row = rows.iterator().next();
              OffsetDateTime until = row.getOffsetDateTime("until");
              return new Open(row.getLong("open"), until == null ? null : until.toInstant());
            });
  }

  /** Has a snapshot tell the end of all that a run waits for. */
  public Future<Void> deliver(EnvironmentId environment, RunId run, long snapshot) {
    return transaction.query(DELIVER, key(environment, run).addLong(snapshot)).mapEmpty();
  }

  /** Has a run wait for nothing any more. */
  public Future<Void> clear(EnvironmentId environment, RunId run) {
    return transaction.query(CLEAR, key(environment, run)).mapEmpty();
  }

  /** What a snapshot tells the end of. */
  public Future<List<EndedWait>> delivered(EnvironmentId environment, RunId run, long snapshot) {
    return transaction
        .query(DELIVERED, key(environment, run).addLong(snapshot))
        .map(
            rows -> {
              List<EndedWait> ended = new ArrayList<>(rows.size());
              rows.forEach(row -> ended.add(EndedWaitRows.read(row)));
              return ended;
            });
  }

  private static Tuple key(EnvironmentId environment, RunId run) {
    return Tuple.of(environment.value(), run.value());
  }

  /** Whether anybody waits for a run. */
  public Future<Boolean> isAwaited(EnvironmentId environment, RunId run) {
    return transaction
        .query(IS_AWAITED, Tuple.of(environment.value(), run.value()))
        .map(rows -> rows.iterator().next().getBoolean("awaited"));
  }
}
