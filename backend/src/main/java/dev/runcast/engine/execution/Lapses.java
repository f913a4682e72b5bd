package dev.runcast.engine.execution;

import dev.runcast.engine.DueChunks;
import dev.runcast.engine.RunChange;
import dev.runcast.engine.Runs;
import dev.runcast.run.RunId;
import dev.runcast.run.RunStatus;
import dev.runcast.store.Database;
import dev.runcast.store.Transaction;
import dev.runcast.store.execution.Execution;
import dev.runcast.store.execution.Execution.Origin;
import dev.runcast.store.execution.ExecutionStatus;
import dev.runcast.store.execution.ExecutionTable;
import dev.runcast.store.execution.ExecutionTable.Move;
import dev.runcast.store.table.DueTable.Claimed;
import dev.runcast.store.table.DueTable.Kind;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is due when nobody tells anything of a run: another attempt, or the end of the patience with
 * its worker. Stateless.
 */
public final class Lapses {
  private static final Logger log = LoggerFactory.getLogger(Lapses.class);

  /** Each is a handful of statements. */
  private static final int CHUNK = 50;

  private static final int MOST_RETURNS = 5;

  /** Until something is looked at again that was looked at too early. */
  private static final Duration SOONEST = Duration.ofSeconds(1);

  private final DueChunks chunks;
  private final Runs runs;
  private final Bounds bounds;
  private final InstantSource clock;
  private final LeaseEnd leases;

  public Lapses(Database database, Runs runs, Bounds bounds, InstantSource clock) {
    this.chunks = new DueChunks(database, Kind.EXECUTION, CHUNK);
    this.runs = runs;
    this.bounds = bounds;
    this.clock = clock;
    this.leases = new LeaseEnd(runs, clock, new SplittableRandom());
  }

  /** By whom it changes runs. */
  public Runs runs() {
    return runs;
  }

  /** Looks after some of the runs whose time has come. Says whether there were any. */
  public Future<Boolean> next() {
    return chunks.next(this::each);
  }

  private Future<Void> each(Transaction transaction, List<Claimed> claimed) {
    Future<Void> all = Future.succeededFuture();
    for (Claimed one : claimed) {
      all = all.compose(before -> look(transaction, one));
    }
    return all;
  }

  private Future<Void> look(Transaction transaction, Claimed claimed) {
    return Hold.find(transaction, claimed.environment(), new RunId(claimed.ref()))
        .compose(
            found -> found.map(hold -> look(transaction, hold)).orElseGet(Future::succeededFuture));
  }

  private Future<Void> look(Transaction transaction, Hold hold) {
    Instant until = patience(hold.execution());
    Instant now = clock.instant();
    return until.isAfter(now)
        ? hold.watch(transaction, later(until, now.plus(SOONEST)))
        : act(transaction, hold);
  }

  /** The database's clock, by which times come, may be ahead of this one. */
  private static Instant later(Instant one, Instant other) {
    return one.isAfter(other) ? one : other;
  }

  /** Until when nothing is wrong, whatever time was set. */
  private Instant patience(Execution execution) {
    Instant since = execution.snapshot().createdAt();
    Execution.Lease lease = execution.lease();
    if (lease != null && execution.status() == ExecutionStatus.EXECUTING) {
      return lease.until();
    }
    Instant heard = Optional.ofNullable(execution.holder().heardAt()).orElse(since);
    return switch (execution.status()) {
      case PENDING_EXECUTING -> since.plus(bounds.beginWithin());
      case EXECUTING, EXECUTING_WITH_WAITPOINTS -> heard.plus(bounds.heardWithin());
      case PENDING_CANCEL -> since.plus(bounds.cancelWithin());
      case PENDING_VERSION, DELAYED, QUEUED, FINISHED -> Instant.MIN;
    };
  }

  private Future<Void> act(Transaction transaction, Hold hold) {
    return switch (hold.execution().status()) {
      case DELAYED -> enqueue(transaction, hold, "Run is to be tried again", 0);
      case PENDING_EXECUTING -> giveBack(transaction, hold);
      case EXECUTING ->
          hold.execution().lease() == null
              ? fail(transaction, hold, "TASK_RUN_STALLED_EXECUTING")
              : leases.lapse(transaction, hold);
      case EXECUTING_WITH_WAITPOINTS ->
          fail(transaction, hold, "TASK_RUN_STALLED_EXECUTING_WITH_WAITPOINTS");
      case PENDING_CANCEL -> letGo(transaction, hold);
      case PENDING_VERSION, QUEUED, FINISHED -> Future.succeededFuture();
    };
  }

  private Future<Void> enqueue(
      Transaction transaction, Hold hold, String description, int returns) {
    Move move =
        new Move(
            ExecutionStatus.QUEUED,
            description,
            hold.execution().holder().attempt(),
            returns,
            Origin.NONE);
    return new ExecutionTable(transaction)
        .move(hold.execution(), move)
        .compose(
            moved ->
                runs.changeHeld(transaction, hold.run(), RunChange.ofStatus(RunStatus.PENDING)))
        .mapEmpty();
  }

  private Future<Void> giveBack(Transaction transaction, Hold hold) {
    int returns = hold.execution().holder().returns() + 1;
    log.warn("worker has not begun a run run={} times={}", hold.run().id().value(), returns);
    return returns > MOST_RETURNS
        ? fail(transaction, hold, "TASK_RUN_DEQUEUED_MAX_RETRIES")
        : enqueue(transaction, hold, "Worker has not begun it", returns);
  }

  private Future<Void> fail(Transaction transaction, Hold hold, String code) {
    log.warn("worker of a run is lost run={} code={}", hold.run().id().value(), code);
    String error =
        new JsonObject()
            .put("type", "INTERNAL_ERROR")
            .put("code", code)
            .put("message", "Nothing was heard of the run's worker for too long.")
            .encode();
    RunChange change =
        new RunChange(
            null,
            ErrorCodes.end(code),
            Optional.empty(),
            Optional.of(error),
            RunChange.Metadata.NONE,
            List.of());
    return finish(transaction, hold, "Worker is lost")
        .compose(moved -> runs.changeHeld(transaction, hold.run(), change))
        .mapEmpty();
  }

  private static Future<Void> letGo(Transaction transaction, Hold hold) {
    log.warn("worker has not let go of a run run={}", hold.run().id().value());
    return finish(transaction, hold, "Worker has not let go of it").mapEmpty();
  }

  private static Future<Execution> finish(Transaction transaction, Hold hold, String description) {
    return new ExecutionTable(transaction)
        .move(hold.execution(), Attempts.finished(hold.execution(), description, Origin.NONE));
  }
}
