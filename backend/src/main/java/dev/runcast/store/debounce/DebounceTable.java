package dev.runcast.store.debounce;

import dev.runcast.run.EnvironmentId;
import dev.runcast.run.RunId;
import dev.runcast.store.Transaction;
import dev.runcast.store.table.IndexedText;
import dev.runcast.store.table.NewRun;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The debounce keys of tasks. */
public record DebounceTable(Transaction transaction) {
  /** A parallel twin waits here until the first commits, and then sees its run. */
  private static final String HOLD =
      """
      insert into debounce as d (environment_id, task_identifier, key, run_id)
      values ($1, $2, $3, $4)
      on conflict (environment_id, task_identifier, key) do update set run_id = d.run_id
      returning run_id""";

  private static final String POINT =
      """
      update debounce set run_id = $4
      where environment_id = $1 and task_identifier = $2 and key = $3""";

  /** One that enters the queue at this moment is waited for, and is none of them then. */
  private static final String LOCK_DELAYED =
      """
      select id, created_at, coalesce(delay_until, created_at) as delay_until, tags from run
      where environment_id = $1 and id = any($2) and status = 'DELAYED' and started_at is null
      order by id for no key update""";

  private static final String PUSH =
      "update run set delay_until = $3 where environment_id = $1 and id = $2";

  private static final String RENEW =
      """
      update run set delay_until = $3, tags = $4::text[], payload = $5, payload_type = $6,
        metadata = coalesce($7, metadata),
        metadata_type = case when $7::text is null then metadata_type else $8 end,
        machine = coalesce($9, machine), max_attempts = coalesce($10, max_attempts),
        max_duration_seconds = coalesce($11, max_duration_seconds)
      where environment_id = $1 and id = $2""";

  /** A key of a task. */
  public record Key(EnvironmentId environment, String task, String text) {}

  /** The run that a key stands for. */
  public record Holding(Key key, RunId run) {}

  /** What must be known of a delayed run to push it on, read under its row's lock. */
  public record Delayed(RunId id, Instant createdAt, Instant delayUntil, List<String> tags) {
    public Delayed {
      tags = List.copyOf(tags);
    }
  }

  /**
   * Where a locked run is pushed to.
   *
   * @param tags all that it has then; only looked at with {@code newest}
   * @param newest the order whose payload, metadata, machine and bounds it takes over, as far as
   *     that names them; null when it keeps its own
   */
  public record Push(RunId run, Instant until, List<String> tags, @Nullable NewRun newest) {
    public Push {
      tags = List.copyOf(tags);
    }
  }

  /**
   * Locks keys, one after the other in the order given, and has those that stand for nothing yet
   * stand for these runs. Whoever takes several must always take them in the same order.
   *
   * @return the runs that they stand for, in the same order
   */
  public Future<List<RunId>> hold(List<Holding> holdings) {
    return transaction
        .each(HOLD, holdings.stream().map(DebounceTable::values).toList())
        .map(
            results -> {
              List<RunId> runs = new ArrayList<>(holdings.size());
              for (RowSet<Row> next = results; next != null; next = next.next()) {
                runs.add(new RunId(next.iterator().next().getString("run_id")));
              }
              return runs;
            });
  }

  /** Has locked keys stand for other runs. */
  public Future<Void> point(List<Holding> holdings) {
    return holdings.isEmpty()
        ? Future.succeededFuture()
        : transaction.each(POINT, holdings.stream().map(DebounceTable::values).toList()).mapEmpty();
  }

  /** Locks those of these runs that are still delayed. */
  public Future<Map<RunId, Delayed>> lockDelayed(
      EnvironmentId environment, Collection<RunId> runs) {
    String[] ids = runs.stream().map(RunId::value).toArray(String[]::new);
    return transaction
        .query(LOCK_DELAYED, Tuple.of(environment.value()).addArrayOfString(ids))
        .map(
            rows -> {
              Map<RunId, Delayed> delayed = new HashMap<>();
              rows.forEach(row -> delayed.put(new RunId(row.getString("id")), delayed(row)));
              return delayed;
            });
  }

  /** Pushes a locked run on, in one row change. Its due times are not touched. */
  public Future<Void> push(EnvironmentId environment, Push push) {
    Tuple values =
        Tuple.of(environment.value(), push.run().value(), push.until().atOffset(ZoneOffset.UTC));
    NewRun newest = push.newest();
    if (newest == null) {
      return transaction.query(PUSH, values).mapEmpty();
    }
    values.addArrayOfString(push.tags().toArray(String[]::new));
    NewRun.Contents contents = newest.contents();
    values.addString(contents.payload());
    values.addString(contents.payloadType());
    values.addString(contents.metadata());
    values.addString(contents.metadataType());
    values.addString(newest.traits().machine());
    values.addInteger(newest.traits().bounds().maxAttempts());
    values.addInteger(newest.traits().bounds().maxDurationSeconds());
    return transaction.query(RENEW, values).mapEmpty();
  }

  private static Delayed delayed(Row row) {
    return new Delayed(
        new RunId(row.getString("id")),
        row.getOffsetDateTime("created_at").toInstant(),
        row.getOffsetDateTime("delay_until").toInstant(),
        List.of(row.getArrayOfStrings("tags")));
  }

  private static Tuple values(Holding holding) {
    Key key = holding.key();
    return Tuple.of(
        key.environment().value(), key.task(), IndexedText.of(key.text()), holding.run().value());
  }
}
