package dev.runcast.store.table;

import dev.runcast.run.RunStatus;
import dev.runcast.store.Transaction;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.util.Arrays;

/**
 * What grows old, in all environments. Each verb takes at most so many rows, the oldest first, and
 * says how many it took; rows that another transaction is at are left for later, so that none of
 * them ever waits for a writer. Ages count from the start of the transaction, by the database's
 * clock.
 */
public record RetentionTable(Transaction transaction) {
  static final String SWEEP = "SWEEP";

  /** The one row that the next sweep of all nodes hangs on. A shorter pause moves it up. */
  private static final String PLAN =
      """
      insert into due (kind, environment_id, ref, at)
      values ('SWEEP', '', '', now() + make_interval(secs => $1))
      on conflict (kind, environment_id, ref) do update set at = least(due.at, excluded.at)""";

  private static final String BEGIN =
      "select 1 from due where kind = 'SWEEP' and at <= now() for update skip locked";

  private static final String END =
      "update due set at = clock_timestamp() + make_interval(secs => $1) where kind = 'SWEEP'";

  private static final String TOMBSTONE =
      """
      update run set status = 'DELETED' from (
        select environment_id, id from run
        where completed_at < now() - make_interval(secs => $1)
          and updated_at < now() - make_interval(secs => $1) and status = any($3)
        order by completed_at limit $2 for update skip locked) old
      where run.environment_id = old.environment_id and run.id = old.id""";

  /**
   * A run that is not deleted any more only loses its tombstone. What hung on a run goes with it;
   * an idempotency key that is locked is about to stand for another run, or expires. A debounce key
   * never does: while it is locked, its run stays for a later sweep.
   */
  private static final String PURGE =
      """
      with old as materialized (
        select environment_id, run_id from tombstone
        where deleted_at < now() - make_interval(secs => $1)
        order by deleted_at limit $2 for update skip locked),
      debounced as materialized (
        select d.environment_id, d.task_identifier, d.key from debounce d join old
          on d.environment_id = old.environment_id and d.run_id = old.run_id
        for update of d skip locked),
      gone as (
        delete from run where (environment_id, id) in (
          select run.environment_id, run.id from run join old
            on run.environment_id = old.environment_id and run.id = old.run_id
          where run.status = 'DELETED' and not exists (
            select from debounce d where d.environment_id = run.environment_id
              and d.run_id = run.id and (d.environment_id, d.task_identifier, d.key) not in (
                select environment_id, task_identifier, key from debounced))
          for update of run skip locked)
        returning environment_id, id),
      buried as (
        delete from tombstone using old
        where tombstone.environment_id = old.environment_id and tombstone.run_id = old.run_id
          and (exists (select from gone
              where gone.environment_id = old.environment_id and gone.id = old.run_id)
            or not exists (select from run where run.environment_id = old.environment_id
              and run.id = old.run_id and run.status = 'DELETED'))),
      keys as (
        delete from idempotency_key where (environment_id, task_identifier, key) in (
          select k.environment_id, k.task_identifier, k.key from idempotency_key k join gone
            on k.environment_id = gone.environment_id and k.run_id = gone.id
          for update of k skip locked)),
      debounce_keys as (
        delete from debounce d using gone
        where d.environment_id = gone.environment_id and d.run_id = gone.id),
      times as (
        delete from due using gone
        where due.kind in ('DELAY', 'TTL', 'EXECUTION', 'RESUME', 'CANCEL')
          and due.environment_id = gone.environment_id and due.ref = gone.id),
      scheduled as (
        delete from scheduled_run s using gone
        where s.environment_id = gone.environment_id and s.run_id = gone.id),
      segments as (
        delete from stream_segment s using gone
        where s.environment_id = gone.environment_id and s.run_id = gone.id),
      writers as (
        delete from stream_writer w using gone
        where w.environment_id = gone.environment_id and w.run_id = gone.id),
      streams as (
        delete from stream s using gone
        where s.environment_id = gone.environment_id and s.run_id = gone.id)
      select count(*) as taken from old""";

  /** Batches that have none of their runs left. */
  private static final String BATCHES =
      """
      with gone as (
        delete from batch where (environment_id, id) in (
          select b.environment_id, b.id from batch b
          where b.created_at < now() - make_interval(secs => $1) and not exists (
            select from run where run.environment_id = b.environment_id and run.batch_id = b.id)
          order by b.created_at limit $2 for update skip locked)
        returning environment_id, id),
      items as (
        delete from batch_reused_item i using gone
        where i.environment_id = gone.environment_id and i.batch_id = gone.id)
      select count(*) as taken from gone""";

  private static final String KEYS =
      """
      delete from idempotency_key where (environment_id, task_identifier, key) in (
        select environment_id, task_identifier, key from idempotency_key
        where expires_at < now() - make_interval(secs => $1)
        order by expires_at limit $2 for update skip locked)""";

  private static final String CHUNKS =
      """
      delete from stream_segment where (environment_id, run_id, key, first_seq, revision) in (
        select environment_id, run_id, key, first_seq, revision from stream_segment
        where appended_at < now() - make_interval(secs => $1)
        order by appended_at limit $2 for update skip locked)""";

  private static final String REQUESTS =
      """
      delete from request_result where (environment_id, principal, route, key) in (
        select environment_id, principal, route, key from request_result
        where created_at < now() - make_interval(secs => $1)
        order by created_at limit $2 for update skip locked)""";

  private static final String TOKENS =
      """
      delete from used_token where (environment_id, digest) in (
        select environment_id, digest from used_token
        where expires_at < now() - make_interval(secs => $1)
        order by expires_at limit $2 for update skip locked)""";

  /** What can't come to pass any more: its run, waitpoint or schedule is not there. */
  private static final String ORPHANS =
      """
      delete from due where (kind, environment_id, ref) in (
        select kind, environment_id, ref from due
        where at < now() - make_interval(secs => $1)
          and (kind in ('DELAY', 'TTL', 'EXECUTION', 'RESUME', 'CANCEL') and not exists (
              select from run where run.environment_id = due.environment_id and run.id = due.ref)
            or kind = 'WAITPOINT' and not exists (
              select from waitpoint w where w.environment_id = due.environment_id
                and w.id = due.ref)
            or kind = 'SCHEDULE' and not exists (
              select from schedule s where s.environment_id = due.environment_id
                and s.id = due.ref))
        order by at limit $2 for update skip locked)""";

  /** Has a sweep come due within a pause, unless one comes sooner anyway. */
  public Future<Void> planSweep(Duration pause) {
    return transaction.query(PLAN, Tuple.of(seconds(pause))).mapEmpty();
  }

  /**
   * Whether a sweep is due and no other node is at it. It is this transaction's then, until it
   * ends.
   */
  public Future<Boolean> beginSweep() {
    return transaction.query(BEGIN, Tuple.tuple()).map(rows -> rows.size() == 1);
  }

  /** Sets the next sweep, of a transaction that began one. */
  public Future<Void> endSweep(Duration pause) {
    return transaction.query(END, Tuple.of(seconds(pause))).mapEmpty();
  }

  /** Marks finished runs as deleted, whose last change is older. */
  public Future<Integer> tombstone(Duration older, int limit) {
    String[] finished =
        Arrays.stream(RunStatus.values())
            .filter(status -> status.isFinal() && status != RunStatus.DELETED)
            .map(RunStatus::name)
            .toArray(String[]::new);
    return transaction
        .query(TOMBSTONE, Tuple.of(seconds(older), (long) limit).addArrayOfString(finished))
        .map(RowSet::rowCount);
  }

  /** Removes runs that were marked earlier than this ago, and all that hangs on them. */
  public Future<Integer> purge(Duration older, int limit) {
    return taken(PURGE, older, limit);
  }

  /** Removes older batches that have no run, or none any more. */
  public Future<Integer> removeBatches(Duration older, int limit) {
    return taken(BATCHES, older, limit);
  }

  /** Removes idempotency keys that expired earlier than this ago. */
  public Future<Integer> removeIdempotencyKeys(Duration older, int limit) {
    return remove(KEYS, older, limit);
  }

  /** Removes older chunks of streams, by the segment. */
  public Future<Integer> removeChunks(Duration older, int limit) {
    return remove(CHUNKS, older, limit);
  }

  /** Removes the first answers of older requests. */
  public Future<Integer> removeRequests(Duration older, int limit) {
    return remove(REQUESTS, older, limit);
  }

  /** Removes used tokens that expired earlier than this ago. */
  public Future<Integer> removeUsedTokens(Duration older, int limit) {
    return remove(TOKENS, older, limit);
  }

  /** Removes due times, passed earlier than this ago, of what does not exist. */
  public Future<Integer> removeOrphans(Duration older, int limit) {
    return remove(ORPHANS, older, limit);
  }

  private Future<Integer> remove(String sql, Duration older, int limit) {
    return transaction.query(sql, Tuple.of(seconds(older), (long) limit)).map(RowSet::rowCount);
  }

  private Future<Integer> taken(String sql, Duration older, int limit) {
    return transaction
        .query(sql, Tuple.of(seconds(older), (long) limit))
        .map(RetentionTable::taken);
  }

  private static int taken(RowSet<Row> rows) {
    return rows.iterator().next().getLong("taken").intValue();
  }

  private static double seconds(Duration duration) {
    return duration.toMillis() / 1000.0;
  }
}
