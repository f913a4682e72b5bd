package dev.runcast.store.table;

import dev.runcast.run.BatchId;
import dev.runcast.run.EnvironmentId;
import dev.runcast.run.RunId;
import dev.runcast.run.RunStatus;
import dev.runcast.store.Transaction;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowIterator;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The runs, as their writers see them. */
public record RunTable(Transaction transaction) {
  private static final String INSERT =
      """
      insert into run (environment_id, id, status, task_identifier, tags,
        parent_id, root_id, depth, batch_id, batch_index, trigger_function, queued_at,
        queue, concurrency_key, machine, region, locked_version, delay_until, ttl,
        priority, max_attempts, max_duration_seconds, is_test,
        payload, payload_type, metadata, metadata_type, idempotency_key, options)
      select $1, $2, $3, $4, $5::text[],
        parent.id, coalesce(parent.root_id, parent.id), coalesce(parent.depth + 1, 0),
        $7, $8::integer, $9, case when $3 = 'PENDING' then now() end,
        $10, $11, $12, $13, $14, $15::timestamptz, $16,
        $17::integer, $18::integer, $19::integer, $20::boolean,
        $21, $22, $23, $24, $25, $26
      from (select) once
        left join run parent on parent.environment_id = $1 and parent.id = $6::text
      where $6::text is null or parent.id is not null
      on conflict (environment_id, id) do nothing
      returning version, changed_xid::text::bigint as xid""";

  private static final String LOCK =
      """
      select environment_id, id, version, status, task_identifier, tags, batch_id, parent_id,
        root_id, metadata
      from run where environment_id = $1 and id = $2 and status <> 'DELETED' for update""";

  /**
   * Inserts a run. Empty when it was not inserted: its id is taken, or its parent is none of the
   * environment's runs.
   */
  public Future<Optional<Written>> insert(NewRun run) {
    return transaction.query(INSERT, values(run)).map(RunTable::written);
  }

  /** Inserts runs in one round trip; the answers are in the order of the runs. */
  public Future<List<Optional<Written>>> insertAll(List<NewRun> runs) {
    if (runs.isEmpty()) {
      return Future.succeededFuture(List.of());
    }
    return transaction
        .each(INSERT, runs.stream().map(RunTable::values).toList())
        .map(
            results -> {
              List<Optional<Written>> written = new ArrayList<>(runs.size());
              for (RowSet<Row> result = results; result != null; result = result.next()) {
                written.add(written(result));
              }
              return written;
            });
  }

  /** Locks a run until the transaction ends; empty when there is none, or it was deleted. */
  public Future<Optional<LockedRun>> lock(EnvironmentId environment, RunId run) {
    return transaction
        .query(LOCK, Tuple.of(environment.value(), run.value()))
        .map(
            rows -> {
              RowIterator<Row> row = rows.iterator();
              return row.hasNext() ? Optional.of(locked(row.next())) : Optional.empty();
            });
  }

  /** Updates a locked run, in one row change. */
  public Future<Written> update(LockedRun run, RunUpdate update) {
    Tuple values = update.values().addString(run.environment().value()).addString(run.id().value());
    String sql =
        "update run set %s where environment_id = $%d and id = $%d returning version, %s"
            .formatted(
                update.assignments(),
                values.size() - 1,
                values.size(),
                "changed_xid::text::bigint as xid");
    return transaction.query(sql, values).map(rows -> written(rows).orElseThrow());
  }

  /**
   * Updates those of the runs that have never started and are in one of these statuses now, each in
   * one row change.
   *
   * @return how many were
   */
  public Future<Integer> updateUnstarted(
      List<DueTable.Claimed> runs, Set<RunStatus> in, RunUpdate update) {
    if (runs.isEmpty()) {
      return Future.succeededFuture(0);
    }
    Tuple values = update.values();
    int first = values.size() + 1;
    values.addArrayOfString(
        runs.stream().map(run -> run.environment().value()).toArray(String[]::new));
    values.addArrayOfString(runs.stream().map(run -> run.run().value()).toArray(String[]::new));
    values.addArrayOfString(in.stream().map(RunStatus::name).toArray(String[]::new));
    String sql =
        """
        update run set %s where (environment_id, id) in
          (select * from unnest($%d::text[], $%d::text[])) and status = any($%d) and started_at is null"""
            .formatted(update.assignments(), first, first + 1, first + 2);
    return transaction.query(sql, values).map(RowSet::rowCount);
  }

  private static Optional<Written> written(RowSet<Row> rows) {
    RowIterator<Row> row = rows.iterator();
    if (!row.hasNext()) {
      return Optional.empty();
    }
    Row first = row.next();
    return Optional.of(new Written(first.getLong("version"), first.getLong("xid")));
  }

  private static LockedRun locked(Row row) {
    String batch = row.getString("batch_id");
    return new LockedRun(
        new EnvironmentId(row.getString("environment_id")),
        new RunId(row.getString("id")),
        row.getLong("version"),
        RunStatus.valueOf(row.getString("status")),
        row.getString("task_identifier"),
        List.of(row.getArrayOfStrings("tags")),
        new LockedRun.Links(
            batch == null ? null : new BatchId(batch),
            runId(row.getString("parent_id")),
            runId(row.getString("root_id"))),
        row.getString("metadata"));
  }

  private static @Nullable RunId runId(@Nullable String id) {
    return id == null ? null : new RunId(id);
  }

  private static Tuple values(NewRun run) {
    NewRun.Origin origin = run.origin();
    Tuple values = Tuple.tuple();
    values.addString(run.environment().value());
    values.addString(run.id().value());
    values.addString(run.status().name());
    values.addString(run.task());
    values.addArrayOfString(run.tags().toArray(String[]::new));
    values.addString(origin.parent() == null ? null : origin.parent().value());
    values.addString(origin.batch() == null ? null : origin.batch().value());
    values.addInteger(origin.batchIndex());
    values.addString(origin.triggerFunction());
    add(values, run.traits());
    add(values, run.contents());
    return values;
  }

  private static void add(Tuple values, NewRun.Traits traits) {
    Instant delayUntil = traits.delayUntil();
    values.addString(traits.queue());
    values.addString(traits.concurrencyKey());
    values.addString(traits.machine());
    values.addString(traits.region());
    values.addString(traits.lockedVersion());
    values.addOffsetDateTime(delayUntil == null ? null : delayUntil.atOffset(ZoneOffset.UTC));
    values.addString(traits.ttl());
    values.addInteger(traits.bounds().priority());
    values.addInteger(traits.bounds().maxAttempts());
    values.addInteger(traits.bounds().maxDurationSeconds());
    values.addBoolean(traits.bounds().isTest());
  }

  private static void add(Tuple values, NewRun.Contents contents) {
    values.addString(contents.payload());
    values.addString(contents.payloadType());
    values.addString(contents.metadata());
    values.addString(contents.metadataType());
    values.addString(contents.idempotencyKey());
    values.addString(contents.options());
  }
}
