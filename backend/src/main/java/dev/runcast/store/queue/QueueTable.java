package dev.runcast.store.queue;

import dev.runcast.run.EnvironmentId;
import dev.runcast.store.Transaction;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The queues of environments. */
public record QueueTable(Transaction transaction) {
  private static final String NEW_ID = "'queue_' || replace(gen_random_uuid()::text, '-', '')";

  /**
   * Skips from name to name, so that it takes a look at the index for each queue and not each run.
   */
  static final String DISCOVER =
      """
      with recursive names (name) as (
        (select queue from run where environment_id = $1 and queue is not null
          order by queue limit 1)
        union all
        select (select queue from run where environment_id = $1 and queue > names.name
          order by queue limit 1)
        from names where names.name is not null)
      insert into queue (environment_id, name, id)
      select $1, name, %s from names
      where name is not null
        and not exists (select from queue where environment_id = $1 and queue.name = names.name)
      order by name
      on conflict (environment_id, name) do nothing"""
          .formatted(NEW_ID);

  private static final String DISCOVER_ONE =
      """
      insert into queue (environment_id, name, id)
      select $1, $2, %s
      where not exists (select from queue where environment_id = $1 and name = $2)
        and exists (select from run where environment_id = $1 and queue = $2)
      on conflict (environment_id, name) do nothing"""
          .formatted(NEW_ID);

  /** What takes up a place of its queue, also while it is being cancelled. */
  private static final String HELD = "('PENDING_EXECUTING', 'EXECUTING', 'PENDING_CANCEL')";

  /** Besides them those that are executed by somebody who takes them by himself. */
  private static final String MOVED =
      """
      run.status in ('DEQUEUED', 'EXECUTING', 'RETRYING_AFTER_FAILURE') and not exists (
        select from execution e
        where e.environment_id = run.environment_id and e.run_id = run.id)""";

  private static final String FILLED =
      """
      select q.id, q.name, q.paused, q.concurrency_limit, q.concurrency_override, q.overridden_at,
        held.count + fill.moved as running, fill.queued, q.total
      from (%s) q cross join lateral (
        select count(*) filter (where\s"""
          + MOVED
          + """
          ) as moved, count(*) filter (where status = 'PENDING') as queued
        from run
        where run.environment_id = $1 and run.queue = q.name and run.completed_at is null) fill
      cross join lateral (
        select count(*) from execution h
        where h.environment_id = $1 and h.queue = q.name and h.status in\s"""
          + HELD
          + """
          ) held
      order by q.name""";

  private static final String PAGE =
      FILLED.formatted(
          """
          select *, count(*) over () as total from queue
          where environment_id = $1 order by name limit $2 offset $3""");

  /** Of a queue with very many runs some are looked at: what it tells is for people. */
  static final String KEYS =
      """
      select key, sum(queued)::bigint as queued, sum(running)::bigint as running from (
        (select concurrency_key as key, (status = 'PENDING')::integer as queued,
          ("""
          + MOVED
          + """
          )::integer as running
        from run where environment_id = $1 and queue = $2 and completed_at is null limit 100000)
        union all
        (select concurrency_key, 0, 1 from execution
        where environment_id = $1 and queue = $2 and status in\s"""
          + HELD
          + """
          limit 100000)) run
      where key <> ''
      group by key order by sum(queued) + sum(running) desc, key limit 50""";

  private static final String COUNT =
      "select count(*) as total from queue where environment_id = $1";

  private static final String BY_NAME =
      FILLED.formatted("select *, 1 as total from queue where environment_id = $1 and name = $2");

  private static final String BY_ID =
      FILLED.formatted("select *, 1 as total from queue where environment_id = $1 and id = $2");

  private static final String PAUSE =
      "update queue set paused = $3 where environment_id = $1 and id = $2";

  private static final String OVERRIDE =
      """
      update queue set concurrency_override = $3, overridden_at = clock_timestamp()
      where environment_id = $1 and id = $2""";

  private static final String RESET =
      """
      update queue set concurrency_override = null, overridden_at = null
      where environment_id = $1 and id = $2""";

  /** A part of a list, and how long the whole is. */
  public record Page(List<Queue> queues, long total) {
    public Page {
      queues = List.copyOf(queues);
    }
  }

  /** A concurrency key, and how many of its runs are not over. */
  public record Key(String text, long running, long queued) {}

  /** The keys of the runs in a queue that are not over, those first that have the most. */
  public Future<List<Key>> keys(EnvironmentId environment, String name) {
    return transaction
        .query(KEYS, Tuple.of(environment.value(), name))
        .map(
            rows -> {
              List<Key> keys = new ArrayList<>(rows.size());
              rows.forEach(
                  row ->
                      keys.add(
                          new Key(
                              row.getString("key"),
                              row.getLong("running"),
                              row.getLong("queued"))));
              return keys;
            });
  }

  /** Queues by name, from an offset on. */
  public Future<Page> page(EnvironmentId environment, int limit, long offset) {
    String id = environment.value();
    return transaction
        .query(DISCOVER, Tuple.of(id))
        .compose(known -> transaction.query(PAGE, Tuple.of(id, (long) limit, offset)))
        .compose(rows -> rows.size() == 0 ? beyond(id) : Future.succeededFuture(page(rows)));
  }

  private Future<Page> beyond(String environment) {
    return transaction
        .query(COUNT, Tuple.of(environment))
        .map(rows -> new Page(List.of(), rows.iterator().next().getLong("total")));
  }

  private static Page page(RowSet<Row> rows) {
    List<Queue> queues = new ArrayList<>(rows.size());
    rows.forEach(row -> queues.add(queue(row)));
    return new Page(queues, rows.iterator().next().getLong("total"));
  }

  /** The queue of a name; empty when no run was ever triggered on it. */
  public Future<Optional<Queue>> byName(EnvironmentId environment, String name) {
    Tuple values = Tuple.of(environment.value(), name);
    return transaction
        .query(DISCOVER_ONE, values)
        .compose(known -> transaction.one(BY_NAME, values, QueueTable::queue));
  }

  /** The queue of an id that was told before. */
  public Future<Optional<Queue>> byId(EnvironmentId environment, String id) {
    return transaction.one(BY_ID, Tuple.of(environment.value(), id), QueueTable::queue);
  }

  /** Has runs of a queue wait, or go on. */
  public Future<Void> pause(EnvironmentId environment, String id, boolean paused) {
    return transaction.query(PAUSE, Tuple.of(environment.value(), id, paused)).mapEmpty();
  }

  /** Has another limit hold than the declared one. */
  public Future<Void> override(EnvironmentId environment, String id, int limit) {
    return transaction.query(OVERRIDE, Tuple.of(environment.value(), id, limit)).mapEmpty();
  }

  /** Has the declared limit hold again. */
  public Future<Void> reset(EnvironmentId environment, String id) {
    return transaction.query(RESET, Tuple.of(environment.value(), id)).mapEmpty();
  }

  private static Queue queue(Row row) {
    OffsetDateTime overriddenAt = row.getOffsetDateTime("overridden_at");
    return new Queue(
        row.getString("id"),
        row.getString("name"),
        row.getBoolean("paused"),
        new Queue.Limit(
            row.getInteger("concurrency_limit"),
            row.getInteger("concurrency_override"),
            overriddenAt == null ? null : overriddenAt.toInstant()),
        row.getLong("running"),
        row.getLong("queued"));
  }
}
