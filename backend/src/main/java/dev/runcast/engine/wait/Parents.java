package dev.runcast.engine.wait;

import dev.runcast.engine.Ids;
import dev.runcast.engine.RefusedException;
import dev.runcast.engine.Triggers.Triggered;
import dev.runcast.run.EnvironmentId;
import dev.runcast.run.RunId;
import dev.runcast.run.RunStatus;
import dev.runcast.store.Transaction;
import dev.runcast.store.table.BatchTable;
import dev.runcast.store.table.BatchTable.Batch;
import dev.runcast.store.table.BatchTable.Member;
import dev.runcast.store.table.LockedRun;
import dev.runcast.store.table.NewRun;
import dev.runcast.store.table.RunTable;
import dev.runcast.store.wait.NewWait;
import dev.runcast.store.wait.NewWait.Index;
import dev.runcast.store.wait.NewWait.Kind;
import dev.runcast.store.wait.WaitTable;
import io.vertx.core.Future;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Has runs wait for those that they trigger, if they ask for it. Every call works within the
 * transaction that made what is waited for.
 */
public final class Parents {
  private static final String ALONE = "triggerAndWait";
  private static final String BATCH = "batchTriggerAndWait";

  private final Waits waits;
  private final InstantSource clock;

  public Parents(Waits waits, InstantSource clock) {
    this.waits = waits;
    this.clock = clock;
  }

  /** Whether whoever triggers this waits for it. */
  public static boolean isWaitedFor(NewRun run) {
    return ALONE.equals(run.origin().triggerFunction()) && run.origin().parent() != null;
  }

  /** Whether whoever announced this waits for its runs. */
  public static boolean isWaitedFor(Batch batch) {
    return parent(batch) != null;
  }

  /** Has the parent wait for a run, which may have been there before, and may have ended. */
  public Future<Void> await(Transaction transaction, NewRun order, Triggered triggered) {
    RunId parent = order.origin().parent();
    if (parent == null || !isWaitedFor(order)) {
      return Future.succeededFuture();
    }
    EnvironmentId environment = order.environment();
    NewWait wait =
        new NewWait(Ids.waitpoint().value(), Kind.RUN, triggered.run().value(), null, null);
    List<RunId> found = triggered.cached() ? List.of(triggered.run()) : List.of();
    return requireNoCircle(transaction, environment, parent, found)
        .compose(none -> new WaitTable(transaction).lockRuns(environment, List.of(triggered.run())))
        .compose(locked -> block(transaction, environment, parent, List.of(wait)));
  }

  /** A key may stand for a run that itself waits for the one that would wait for it. */
  private static Future<Void> requireNoCircle(
      Transaction transaction, EnvironmentId environment, RunId parent, List<RunId> found) {
    if (found.isEmpty()) {
      return Future.succeededFuture();
    }
    WaitTable table = new WaitTable(transaction);
    return table
        .takeTurn(environment)
        .compose(turn -> table.waitsFor(environment, found, parent))
        .map(
            circle -> {
              if (circle) {
                throw RefusedException.unprocessable(
                    "idempotencyKey",
                    "Run %s can't wait for the run that this idempotencyKey stands for, which waits for it in turn: neither would ever go on. Use another key."
                        .formatted(parent.value()));
              }
              return null;
            });
  }

  /** Has the parent wait until a batch has all of its items. */
  public Future<Void> await(Transaction transaction, Batch batch) {
    RunId parent = parent(batch);
    NewWait wait = new NewWait(Ids.waitpoint().value(), Kind.BATCH, batch.id().value(), null, null);
    return parent == null
        ? Future.succeededFuture()
        : block(transaction, batch.environment(), parent, List.of(wait));
  }

  /** Has the parent go on without a batch that will not be filled. */
  public Future<Void> giveUp(Transaction transaction, Batch batch) {
    RunId parent = parent(batch);
    return parent == null
        ? Future.succeededFuture()
        : waits.letGo(
            transaction, batch.environment(), parent, batch.id().value(), clock.instant());
  }

  /** Has the parent wait for the runs of a batch that is full. */
  public Future<Void> awaitMembers(Transaction transaction, Batch batch) {
    RunId parent = parent(batch);
    return parent == null
        ? Future.succeededFuture()
        : new BatchTable(transaction)
            .members(batch)
            .compose(
                members ->
                    requireNoCircle(
                            transaction,
                            batch.environment(),
                            parent,
                            runs(members.stream().filter(Member::reused).toList()))
                        .compose(
                            none ->
                                new WaitTable(transaction)
                                    .lockRuns(batch.environment(), runs(members)))
                        .compose(
                            locked ->
                                block(
                                    transaction,
                                    batch.environment(),
                                    parent,
                                    waits(batch, members))));
  }

  private static List<RunId> runs(List<Member> members) {
    return members.stream().map(Member::run).toList();
  }

  private static List<NewWait> waits(Batch batch, List<Member> members) {
    List<NewWait> waits = new ArrayList<>(members.size());
    for (Member member : members) {
      Index index = new Index(batch.id().value(), waits.size());
      waits.add(new NewWait(Ids.waitpoint().value(), Kind.RUN, member.run().value(), index, null));
    }
    return waits;
  }

  private static @Nullable RunId parent(Batch batch) {
    return BATCH.equals(batch.origin().triggerFunction()) ? batch.origin().parent() : null;
  }

  private Future<Void> block(
      Transaction transaction, EnvironmentId environment, RunId parent, List<NewWait> all) {
    return waits
        .block(transaction, environment, parent, all, clock.instant())
        .compose(
            waiting ->
                waiting
                    ? Future.succeededFuture()
                    : requireUnfinished(transaction, environment, parent));
  }

  /**
   * Refuses what a batch is to be given whose parent would wait for it and has ended: nobody is
   * there for whom it would be done, and who was cancelled has those end that are there.
   */
  public Future<Void> requireUnfinished(Transaction transaction, Batch batch) {
    RunId parent = parent(batch);
    return parent == null
        ? Future.succeededFuture()
        : requireUnfinished(transaction, batch.environment(), parent);
  }

  private static Future<Void> requireUnfinished(
      Transaction transaction, EnvironmentId environment, RunId parent) {
    return new RunTable(transaction)
        .lock(environment, parent)
        .map(
            found -> {
              RunStatus status = found.map(LockedRun::status).orElse(RunStatus.DELETED);
              if (status.isFinal()) {
                throw RefusedException.unprocessable(
                    "parentRunId",
                    "Run %s is %s and waits for nothing any more; trigger without waiting for it."
                        .formatted(parent.value(), status));
              }
              return null;
            });
  }
}
