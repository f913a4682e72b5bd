package dev.runcast.store.table;

import dev.runcast.run.BatchId;
import dev.runcast.run.EnvironmentId;
import dev.runcast.run.RunId;
import dev.runcast.store.Transaction;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowIterator;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.time.OffsetDateTime;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Batches: how many runs were announced, and whether all of them have come. */
public record BatchTable(Transaction transaction) {
  private static final String COLUMNS =
      "id, run_count, parent_id, trigger_function, idempotency_key, sealed_at";

  private static final String INSERT =
      """
      insert into batch
        (environment_id, id, run_count, parent_id, trigger_function, idempotency_key)
      select $1, $2, $3::integer, $4::text, $5, $6
      from (select) once
        left join run parent on parent.environment_id = $1 and parent.id = $4::text
      where $4::text is null or parent.id is not null
      on conflict (environment_id, idempotency_key) where idempotency_key is not null do nothing
      returning pg_current_xact_id()::text::bigint as xid""";

  private static final String BY_KEY =
      "select " + COLUMNS + " from batch where environment_id = $1 and idempotency_key = $2";

  private static final String LOCK =
      "select " + COLUMNS + " from batch where environment_id = $1 and id = $2 for update";

  private static final String PRESENT =
      """
      select batch_index from run
      where environment_id = $1 and batch_id = $2 and batch_index = any($3)
      union all select batch_index from batch_reused_item
      where environment_id = $1 and batch_id = $2 and batch_index = any($3)""";

  private static final String REUSE =
      """
      insert into batch_reused_item (environment_id, batch_id, batch_index, run_id)
      values ($1, $2, $3, $4) on conflict do nothing""";

  /** Seals when every announced item has come, by whichever of the two ways. */
  private static final String SEAL =
      """
      update batch set status = 'PROCESSING', sealed_at = clock_timestamp(),
        updated_at = clock_timestamp()
      where environment_id = $1 and id = $2 and sealed_at is null and run_count <=
        (select count(*) from run where environment_id = $1 and batch_id = $2)
        + (select count(*) from batch_reused_item where environment_id = $1 and batch_id = $2)
      returning sealed_at""";

  /** A batch to insert. */
  public record NewBatch(
      EnvironmentId environment,
      BatchId id,
      int runCount,
      @Nullable RunId parent,
      String triggerFunction,
      @Nullable String idempotencyKey) {}

  /** A batch as it stands. */
  public record Batch(
      BatchId id,
      int runCount,
      @Nullable RunId parent,
      String triggerFunction,
      @Nullable String idempotencyKey,
      boolean sealed) {}

  /**
   * Inserts a batch, and says in which transaction. Empty when it was not inserted: its key is
   * taken, or its parent is none of the environment's runs.
   */
  public Future<Optional<Long>> insert(NewBatch batch) {
    RunId parent = batch.parent();
    Tuple values =
        Tuple.of(
            batch.environment().value(),
            batch.id().value(),
            batch.runCount(),
            parent == null ? null : parent.value(),
            batch.triggerFunction(),
            batch.idempotencyKey() == null ? null : IndexedText.of(batch.idempotencyKey()));
    return transaction
        .query(INSERT, values)
        .map(
            rows -> {
              RowIterator<Row> row = rows.iterator();
              return row.hasNext() ? Optional.of(row.next().getLong("xid")) : Optional.empty();
            });
  }

  /** The batch that holds an idempotency key. */
  public Future<Optional<Batch>> byKey(EnvironmentId environment, String key) {
    return transaction
        .query(BY_KEY, Tuple.of(environment.value(), IndexedText.of(key)))
        .map(BatchTable::batch);
  }

  /** Locks a batch until the transaction ends, so that nobody else adds to it meanwhile. */
  public Future<Optional<Batch>> lock(EnvironmentId environment, BatchId batch) {
    return transaction
        .query(LOCK, Tuple.of(environment.value(), batch.value()))
        .map(BatchTable::batch);
  }

  /** Which of these indexes the batch has items at already. */
  public Future<Set<Integer>> present(
      EnvironmentId environment, BatchId batch, Collection<Integer> indexes) {
    Tuple values = Tuple.of(environment.value(), batch.value());
    values.addArrayOfInteger(indexes.toArray(Integer[]::new));
    return transaction
        .query(PRESENT, values)
        .map(
            rows -> {
              Set<Integer> present = new HashSet<>();
              rows.forEach(row -> present.add(row.getInteger("batch_index")));
              return present;
            });
  }

  /** Notes items that stand for runs which were there before, by their index in the batch. */
  public Future<Void> reuse(EnvironmentId environment, BatchId batch, Map<Integer, RunId> items) {
    List<Tuple> rows =
        items.entrySet().stream()
            .map(
                item ->
                    Tuple.of(
                        environment.value(), batch.value(), item.getKey(), item.getValue().value()))
            .toList();
    return rows.isEmpty() ? Future.succeededFuture() : transaction.each(REUSE, rows).mapEmpty();
  }

  /** Seals a locked batch if all of its items are there; says whether it is sealed now. */
  public Future<Boolean> seal(EnvironmentId environment, BatchId batch) {
    return transaction
        .query(SEAL, Tuple.of(environment.value(), batch.value()))
        .map(rows -> rows.size() == 1);
  }

  private static Optional<Batch> batch(RowSet<Row> rows) {
    RowIterator<Row> iterator = rows.iterator();
    if (!iterator.hasNext()) {
      return Optional.empty();
    }
    Row row = iterator.next();
    String parent = row.getString("parent_id");
    OffsetDateTime sealed = row.getOffsetDateTime("sealed_at");
    return Optional.of(
        new Batch(
            new BatchId(row.getString("id")),
            row.getInteger("run_count"),
            parent == null ? null : new RunId(parent),
            row.getString("trigger_function"),
            row.getString("idempotency_key"),
            sealed != null));
  }
}
