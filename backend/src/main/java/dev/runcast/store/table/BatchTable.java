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
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Batches: how many items were announced, and which of them have come. */
public record BatchTable(Transaction transaction) {
  private static final String COLUMNS =
      "environment_id, id, run_count, tasks, parent_id, trigger_function, idempotency_key,"
          + " key_expires_at, openers, sealed_at is not null as sealed";

  private static final String INSERT =
      """
      insert into batch
        (environment_id, id, run_count, tasks, parent_id, trigger_function, idempotency_key,
          key_expires_at, openers)
      select $1, $2, $3::integer, $4::text[], $5::text, $6, $7, $8::timestamptz, $9::text[]
      from (select) once
        left join run parent on parent.environment_id = $1 and parent.id = $5::text
      where $5::text is null or parent.id is not null
      on conflict (environment_id, idempotency_key) where idempotency_key is not null do nothing
      returning pg_current_xact_id()::text::bigint as xid""";

  private static final String EXPIRE_KEY =
      """
      update batch set idempotency_key = null
      where environment_id = $1 and idempotency_key = $2 and key_expires_at <= clock_timestamp()""";

  private static final String OPEN_TO =
      "update batch set openers = openers || $3::text[] where environment_id = $1 and id = $2";

  private static final String MEMBERS =
      """
      select batch_index, id, task_identifier, idempotency_key, false as reused from run
        where environment_id = $1 and batch_id = $2 and batch_index is not null
      union all
      select item.batch_index, run.id, run.task_identifier, run.idempotency_key, true
        from batch_reused_item item join run
          on run.environment_id = item.environment_id and run.id = item.run_id
        where item.environment_id = $1 and item.batch_id = $2
      order by batch_index""";

  private static final String BY_KEY =
      "select " + COLUMNS + " from batch where environment_id = $1 and idempotency_key = $2";

  private static final String FIND =
      "select " + COLUMNS + " from batch where environment_id = $1 and id = $2";

  private static final String LOCK = FIND + " for update";

  private static final String PRESENT =
      """
      select batch_index from run
        where environment_id = $1 and batch_id = $2 and batch_index = any($3)
      union all select batch_index from batch_reused_item
        where environment_id = $1 and batch_id = $2 and batch_index = any($3)""";

  private static final String REUSE =
      """
      insert into batch_reused_item (environment_id, batch_id, batch_index, run_id)
      values ($1, $2, $3, $4)""";

  /** Counts items, by whichever of the two ways they came; a run without an index is none. */
  private static final String SEAL =
      """
      with present as (
        select (select count(*) from run
            where environment_id = $1 and batch_id = $2 and batch_index is not null)
          + (select count(*) from batch_reused_item
            where environment_id = $1 and batch_id = $2) as items),
      sealed as (
        update batch set sealed_at = clock_timestamp() from present
        where environment_id = $1 and id = $2 and sealed_at is null and run_count <= items)
      select items from present""";

  /**
   * A batch.
   *
   * @param runCount how many items are announced
   * @param tasks what may be added by whoever holds no more than a token for the batch; null for
   *     anything
   * @param openers the one-time tokens that announced it, each by its SHA-256 in hexadecimal: of
   *     such tokens only these may add to it
   * @param sealed whether all announced items have come
   */
  public record Batch(
      EnvironmentId environment,
      BatchId id,
      int runCount,
      @Nullable List<String> tasks,
      Origin origin,
      List<String> openers,
      boolean sealed) {
    public Batch {
      openers = List.copyOf(openers);
      tasks = tasks == null ? null : List.copyOf(tasks);
    }
  }

  /**
   * What a batch was made by, and what its runs are to be told of it.
   *
   * @param keyExpiresAt when its idempotency key stands for it no longer; null for never
   */
  public record Origin(
      @Nullable RunId parent,
      String triggerFunction,
      @Nullable String idempotencyKey,
      @Nullable Instant keyExpiresAt) {}

  /**
   * The run that an item led to.
   *
   * @param reused whether it was there before, under the item's idempotency key
   */
  public record Member(RunId run, String task, @Nullable String idempotencyKey, boolean reused) {}

  /**
   * Inserts a batch, and says in which transaction. Empty when it was not inserted: its key is
   * taken, or its parent is none of the environment's runs.
   */
  public Future<Optional<Long>> insert(Batch batch) {
    String key = batch.origin().idempotencyKey();
    return key == null
        ? insertFresh(batch)
        : transaction
            .query(EXPIRE_KEY, Tuple.of(batch.environment().value(), IndexedText.of(key)))
            .compose(expired -> insertFresh(batch));
  }

  private Future<Optional<Long>> insertFresh(Batch batch) {
    RunId parent = batch.origin().parent();
    Tuple values = key(batch.environment(), batch.id());
    values.addInteger(batch.runCount());
    values.addArrayOfString(batch.tasks() == null ? null : batch.tasks().toArray(String[]::new));
    values.addString(parent == null ? null : parent.value());
    values.addString(batch.origin().triggerFunction());
    String key = batch.origin().idempotencyKey();
    values.addString(key == null ? null : IndexedText.of(key));
    Instant expiry = batch.origin().keyExpiresAt();
    values.addOffsetDateTime(expiry == null ? null : expiry.atOffset(ZoneOffset.UTC));
    values.addArrayOfString(batch.openers().toArray(String[]::new));
    return transaction.one(INSERT, values, row -> row.getLong("xid"));
  }

  /** Lets these one-time tokens add to a batch, too. */
  public Future<Void> openTo(Batch batch, List<String> openers) {
    Tuple values = key(batch.environment(), batch.id());
    return transaction
        .query(OPEN_TO, values.addArrayOfString(openers.toArray(String[]::new)))
        .mapEmpty();
  }

  /** The runs of all items, in the order of their indexes. */
  public Future<List<Member>> members(Batch batch) {
    return transaction
        .query(MEMBERS, key(batch.environment(), batch.id()))
        .map(
            rows -> {
              List<Member> members = new ArrayList<>(rows.size());
              rows.forEach(row -> members.add(member(row)));
              return members;
            });
  }

  private static Member member(Row row) {
    return new Member(
        new RunId(row.getString("id")),
        row.getString("task_identifier"),
        row.getString("idempotency_key"),
        row.getBoolean("reused"));
  }

  /** The batch that holds an idempotency key. */
  public Future<Optional<Batch>> byKey(EnvironmentId environment, String key) {
    return transaction
        .query(BY_KEY, Tuple.of(environment.value(), IndexedText.of(key)))
        .map(BatchTable::batch);
  }

  public Future<Optional<Batch>> find(EnvironmentId environment, BatchId batch) {
    return transaction.query(FIND, key(environment, batch)).map(BatchTable::batch);
  }

  /** Locks a batch until the transaction ends, so that nobody else adds to it meanwhile. */
  public Future<Optional<Batch>> lock(EnvironmentId environment, BatchId batch) {
    return transaction.query(LOCK, key(environment, batch)).map(BatchTable::batch);
  }

  /** Which of these items a locked batch has. */
  public Future<Set<Integer>> present(Batch batch, Collection<Integer> indexes) {
    Tuple values = key(batch.environment(), batch.id());
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

  /** Notes items of a locked batch that stand for runs which were there before, by their index. */
  public Future<Void> reuse(Batch batch, Map<Integer, RunId> items) {
    List<Tuple> rows =
        items.entrySet().stream()
            .map(
                item ->
                    key(batch.environment(), batch.id())
                        .addInteger(item.getKey())
                        .addString(item.getValue().value()))
            .toList();
    return rows.isEmpty() ? Future.succeededFuture() : transaction.each(REUSE, rows).mapEmpty();
  }

  /**
   * Seals a locked batch if all of its items have come.
   *
   * @return how many have
   */
  public Future<Integer> seal(Batch batch) {
    return transaction
        .query(SEAL, key(batch.environment(), batch.id()))
        .map(rows -> rows.iterator().next().getLong("items").intValue());
  }

  private static Tuple key(EnvironmentId environment, BatchId batch) {
    return Tuple.of(environment.value(), batch.value());
  }

  private static Optional<Batch> batch(RowSet<Row> rows) {
    RowIterator<Row> iterator = rows.iterator();
    if (!iterator.hasNext()) {
      return Optional.empty();
    }
    Row row = iterator.next();
    String parent = row.getString("parent_id");
    String[] tasks = row.getArrayOfStrings("tasks");
    OffsetDateTime expiry = row.getOffsetDateTime("key_expires_at");
    return Optional.of(
        new Batch(
            new EnvironmentId(row.getString("environment_id")),
            new BatchId(row.getString("id")),
            row.getInteger("run_count"),
            tasks == null ? null : List.of(tasks),
            new Origin(
                parent == null ? null : new RunId(parent),
                row.getString("trigger_function"),
                row.getString("idempotency_key"),
                expiry == null ? null : expiry.toInstant()),
            List.of(row.getArrayOfStrings("openers")),
            row.getBoolean("sealed")));
  }
}
