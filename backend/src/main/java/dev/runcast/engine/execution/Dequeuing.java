package dev.runcast.engine.execution;

import dev.runcast.run.EnvironmentId;
import dev.runcast.run.RunId;
import dev.runcast.store.Database;
import dev.runcast.store.Transaction;
import dev.runcast.store.execution.DequeueTable;
import dev.runcast.store.execution.HandedOut;
import dev.runcast.store.execution.LaneTable;
import dev.runcast.store.execution.LaneTable.Asked;
import dev.runcast.store.worker.Worker;
import dev.runcast.store.worker.WorkerTable;
import io.vertx.core.Future;
import java.time.InstantSource;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Gives runs to workers that ask for some. Stateless. */
public final class Dequeuing {
  private static final Logger log = LoggerFactory.getLogger(Dequeuing.class);

  private static final int AT_ONCE = 10;

  private final Database database;
  private final Bounds bounds;
  private final InstantSource clock;

  public Dequeuing(Database database, Bounds bounds, InstantSource clock) {
    this.database = database;
    this.bounds = bounds;
    this.clock = clock;
  }

  /**
   * Who asks.
   *
   * @param worker the build that it is, by its own word; null when it does not say
   * @param request the key of its request: one that comes again is given the same; null for none
   */
  public record Asker(
      EnvironmentId environment, @Nullable String worker, @Nullable String request) {}

  /**
   * Hands out the runs that come next. To look for some writes nothing and locks nothing: most who
   * ask get none.
   */
  public Future<List<HandedOut>> next(Asker asker) {
    Transaction look = database.autocommit();
    return again(look, asker)
        .compose(
            before ->
                before.isEmpty()
                    ? new LaneTable(look)
                        .hasAny(asked(asker))
                        .compose(
                            any ->
                                any
                                    ? database.transaction(open -> handOut(open, asker))
                                    : Future.succeededFuture(List.of()))
                    : Future.succeededFuture(before));
  }

  private static Future<List<HandedOut>> again(Transaction look, Asker asker) {
    return asker.request() == null
        ? Future.succeededFuture(List.of())
        : new DequeueTable(look).again(asker.environment(), asker.request());
  }

  private Asked asked(Asker asker) {
    return new Asked(asker.environment(), null, AT_ONCE, bounds.concurrentRuns());
  }

  /**
   * What was seen before is looked for again, now that nobody else can take up places; and whether
   * it was handed out to the same request, which may have come again while it was under way. None
   * of these waits for the answer of another on its way to Postgres, which takes them in order.
   * (Runs that are then left to the earlier request were only locked; their lanes' turn is over.)
   */
  private Future<List<HandedOut>> handOut(Transaction transaction, Asker asker) {
    LaneTable lanes = new LaneTable(transaction);
    Future<Void> turn = lanes.takeTurn(asker.environment());
    Future<List<HandedOut>> before = again(transaction, asker);
    Future<List<RunId>> runs = lanes.take(asked(asker));
    Future<Optional<Worker>> worker = worker(transaction, asker);
    return Future.join(turn, before, runs, worker)
        .compose(
            all ->
                before.result().isEmpty()
                    ? handOut(transaction, asker, runs.result(), worker.result())
                    : before);
  }

  private Future<List<HandedOut>> handOut(
      Transaction transaction, Asker asker, List<RunId> runs, Optional<Worker> worker) {
    return runs.isEmpty() || worker.isEmpty()
        ? Future.succeededFuture(List.of())
        : new DequeueTable(transaction)
            .handOut(
                asker.environment(),
                runs,
                worker.get().id(),
                asker.request(),
                clock.instant().plus(bounds.beginWithin()))
            .map(handed -> note(runs, handed));
  }

  /** Seen on their pages as well; who triggered them has no other way to hear of it. */
  private static List<HandedOut> note(List<RunId> runs, List<HandedOut> handed) {
    Set<RunId> left = new LinkedHashSet<>(runs);
    handed.forEach(one -> left.remove(one.execution().run()));
    if (!left.isEmpty()) {
      log.warn(
          "runs wait for a build that has their task count={} first={}",
          left.size(),
          left.iterator().next().value());
    }
    return handed;
  }

  /** The build that asks, if it is one of the environment's; else the newest. */
  private static Future<Optional<Worker>> worker(Transaction transaction, Asker asker) {
    WorkerTable table = new WorkerTable(transaction);
    String named = asker.worker();
    Future<Optional<Worker>> found =
        named == null
            ? Future.succeededFuture(Optional.empty())
            : table.find(asker.environment(), named);
    return found.compose(
        worker ->
            worker.isPresent()
                ? Future.succeededFuture(worker)
                : table.newest(asker.environment()));
  }
}
