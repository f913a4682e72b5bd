package dev.runcast.store.table;

import dev.runcast.run.BatchId;
import dev.runcast.run.EnvironmentId;
import dev.runcast.run.RunId;
import dev.runcast.run.RunStatus;
import dev.runcast.store.Transaction;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowIterator;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
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
        payload, payload_type, metadata, metadata_type, idempotency_key, options, error)
      select $1, $2, $3, $4, $5::text[],
        parent.id, coalesce(parent.root_id, parent.id), coalesce(parent.depth + 1, 0),
        $7, $8::integer, $9, case when $3 = 'PENDING' then now() end,
        $10, $11, $12, $13, $14, $15::timestamptz, $16,
        $17::integer, $18::integer, $19::integer, $20::boolean,
        $21, $22, $23, $24, $25, $26, $27
      from (select) once
        left join run parent on parent.environment_id = $1 and parent.id = $6::text
      where $6::text is null or parent.id is not null
      on conflict (environment_id, id) do nothing
      returning version, changed_xid::text::bigint as xid""";

  /** What the parameters of the insert are called in rows of JSON, in their order. */
  private static final String[] NAMES = {
    "environment_id",
    "id",
    "status",
    "task",
    "tags",
    "parent",
    "batch",
    "batch_index",
    "function",
    "queue",
    "concurrency_key",
    "machine",
    "region",
    "locked_version",
    "delay_until",
    "ttl",
    "priority",
    "max_attempts",
    "max_duration",
    "is_test",
    "payload",
    "payload_type",
    "metadata",
    "metadata_type",
    "idempotency_key",
    "options",
    "error"
  };

  private static final String INSERT_ALL =
      """
      insert into run (environment_id, id, status, task_identifier, tags,
        parent_id, root_id, depth, batch_id, batch_index, trigger_function, queued_at,
        queue, concurrency_key, machine, region, locked_version, delay_until, ttl,
        priority, max_attempts, max_duration_seconds, is_test,
        payload, payload_type, metadata, metadata_type, idempotency_key, options, error)
      select n.environment_id, n.id, n.status, n.task, n.tags,
        parent.id, coalesce(parent.root_id, parent.id), coalesce(parent.depth + 1, 0),
        n.batch, n.batch_index, n.function, case when n.status = 'PENDING' then now() end,
        n.queue, n.concurrency_key, n.machine, n.region, n.locked_version, n.delay_until, n.ttl,
        n.priority, n.max_attempts, n.max_duration, n.is_test,
        n.payload, n.payload_type, n.metadata, n.metadata_type, n.idempotency_key, n.options,
        n.error
      from json_to_recordset($1::text::json) as n (place integer,
          environment_id text, id text, status text, task text, tags text[], parent text,
          batch text, batch_index integer, function text, queue text, concurrency_key text,
          machine text, region text, locked_version text, delay_until timestamptz, ttl text,
          priority integer, max_attempts integer, max_duration integer, is_test boolean,
          payload text, payload_type text, metadata text, metadata_type text,
          idempotency_key text, options text, error text)
        left join run parent on parent.environment_id = n.environment_id and parent.id = n.parent
      where n.parent is null or parent.id is not null
      order by n.place
      on conflict (environment_id, id) do nothing
      returning id, version, changed_xid::text::bigint as xid""";

  private static final String NEWEST =
      """
      select changed_xid::text::bigint as xid from run where environment_id = $1 and id = $2""";

  private static final String LOCK =
      """
      select environment_id, id, version, changed_xid::text::bigint as xid, status,
        task_identifier, tags, batch_id, parent_id, root_id, metadata
      from run where environment_id = $1 and id = $2 and status <> 'DELETED' for update""";

  /**
   * Inserts a run. Empty when it was not inserted: its id is taken, or its parent is none of the
   * environment's runs.
   */
  public Future<Optional<Written>> insert(NewRun run) {
    return transaction.query(INSERT, values(run)).map(RunTable::written);
  }

  /** Inserts runs by one statement; the answers are in the order of the runs. */
  public Future<List<Optional<Written>>> insertAll(List<NewRun> runs) {
    if (runs.isEmpty()) {
      return Future.succeededFuture(List.of());
    }
    JsonArray rows = new JsonArray();
    runs.forEach(run -> rows.add(row(run, rows.size())));
    return transaction
        .query(INSERT_ALL, Tuple.of(rows.encode()))
        .map(
            inserted -> {
              Map<String, Written> written = new HashMap<>();
              inserted.forEach(row -> written.put(row.getString("id"), read(row)));
              return runs.stream()
                  .map(run -> Optional.ofNullable(written.get(run.id().value())))
                  .toList();
            });
  }

  /** The values of an insert, under the names that it reads them by. */
  private static JsonObject row(NewRun run, int place) {
    Tuple values = values(run);
    JsonObject row = new JsonObject().put("place", place);
    for (int i = 0; i < NAMES.length; i++) {
      Object value = values.getValue(i);
      if (value instanceof String[] texts) {
        row.put(NAMES[i], new JsonArray(List.of((Object[]) texts)));
      } else if (value != null) {
        row.put(NAMES[i], value instanceof OffsetDateTime time ? time.toString() : value);
      }
    }
    return row;
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

  /** The transaction that wrote a run last; empty when there is none to be seen. */
  public Future<Optional<Long>> newestXid(EnvironmentId environment, RunId run) {
    return transaction
        .query(NEWEST, Tuple.of(environment.value(), run.value()))
        .map(
            rows -> {
              RowIterator<Row> row = rows.iterator();
              return row.hasNext() ? Optional.of(row.next().getLong("xid")) : Optional.empty();
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
    values.addArrayOfString(runs.stream().map(DueTable.Claimed::ref).toArray(String[]::new));
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
    return Optional.of(read(row.next()));
  }

  private static Written read(Row row) {
    return new Written(row.getLong("version"), row.getLong("xid"));
  }

  private static LockedRun locked(Row row) {
    String batch = row.getString("batch_id");
    return new LockedRun(
        new EnvironmentId(row.getString("environment_id")),
        new RunId(row.getString("id")),
        row.getLong("version"),
        row.getLong("xid"),
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
    values.addString(contents.error());
  }
}
