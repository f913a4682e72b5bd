package dev.runcast.engine.wait;

import dev.runcast.engine.Ids;
import dev.runcast.run.EnvironmentId;
import dev.runcast.run.RunId;
import dev.runcast.store.Transaction;
import dev.runcast.store.table.BatchTable;
import dev.runcast.store.table.BatchTable.Batch;
import dev.runcast.store.table.BatchTable.Member;
import dev.runcast.store.wait.NewWait;
import dev.runcast.store.wait.NewWait.Index;
import dev.runcast.store.wait.NewWait.Kind;
import dev.runcast.store.wait.WaitTable;
import io.vertx.core.Future;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Has runs wait for batches: until one is full, and then for its runs. That is whoever announced
 * it, and whoever has found it by its idempotency key since. Every call works within the
 * transaction that announces, fills or seals the batch.
 */
public final class BatchParents {
  private static final String AND_WAIT = "batchTriggerAndWait";

  private final Parents parents;
  private final Waits waits;
  private final InstantSource clock;

  public BatchParents(Parents parents, Waits waits, InstantSource clock) {
    this.parents = parents;
    this.waits = waits;
    this.clock = clock;
  }

  /** The run that announces this and waits for its runs; null for none. */
  public static @Nullable RunId waiter(Batch batch) {
    return AND_WAIT.equals(batch.origin().triggerFunction()) ? batch.origin().parent() : null;
  }

  /**
   * Has a run wait for a batch that it announced, or found.
   *
   * @param waiter null for nobody
   * @param isFull whether the batch was full before
   */
  public Future<Void> await(
      Transaction transaction, Batch batch, @Nullable RunId waiter, boolean isFull) {
    if (waiter == null) {
      return Future.succeededFuture();
    }
    EnvironmentId environment = batch.environment();
    NewWait wait = new NewWait(Ids.waitpoint().value(), Kind.BATCH, batch.id().value(), null, null);
    return isFull
        ? new BatchTable(transaction)
            .members(batch)
            .compose(
                members ->
                    ready(transaction, batch, waiter, members)
                        .compose(
                            ready ->
                                parents.block(
                                    transaction, environment, waiter, waits(batch, members))))
        : parents.block(transaction, environment, waiter, List.of(wait));
  }

  /**
   * Has all who wait for a batch that has become full wait for its runs.
   *
   * @param asker who filled it by a single call, and waits; null for nobody
   * @return whether anybody waits
   */
  public Future<Boolean> awaitFilled(Transaction transaction, Batch batch, @Nullable RunId asker) {
    return waiters(transaction, batch)
        .compose(
            waiters -> {
              if (asker != null) {
                waiters.add(asker);
              }
              return waiters.isEmpty()
                  ? Future.succeededFuture(false)
                  : awaitFilled(transaction, batch, waiters);
            });
  }

  private Future<Boolean> awaitFilled(
      Transaction transaction, Batch batch, Collection<RunId> waiters) {
    return new BatchTable(transaction)
        .members(batch)
        .compose(
            members ->
                each(
                    waiters,
                    waiter ->
                        ready(transaction, batch, waiter, members)
                            .compose(
                                ready ->
                                    waits.block(
                                        transaction,
                                        batch.environment(),
                                        waiter,
                                        waits(batch, members),
                                        clock.instant()))))
        .compose(
            any ->
                any
                    ? Future.succeededFuture(true)
                    : requireUnfinished(transaction, batch).map(false));
  }

  /**
   * Has who announced a batch go on without it, for the items that came were refused. Others who
   * found it bring theirs: the batch may be filled yet, and who announced it then waits again.
   */
  public Future<Boolean> giveUp(Transaction transaction, Batch batch) {
    RunId parent = waiter(batch);
    return parent == null
        ? Future.succeededFuture(false)
        : waits.letGo(
            transaction, batch.environment(), parent, batch.id().value(), clock.instant());
  }

  /**
   * Refuses what a batch is to be given whose parent would wait for it and has ended, unless others
   * do: nobody is there for whom it would be done, and who was cancelled has those end that are
   * there.
   */
  public Future<Void> requireUnfinished(Transaction transaction, Batch batch) {
    RunId parent = waiter(batch);
    return parent == null
        ? Future.succeededFuture()
        : Parents.status(transaction, batch.environment(), parent)
            .compose(
                status ->
                    status.isFinal()
                        ? others(transaction, batch)
                            .compose(
                                others ->
                                    others.isEmpty()
                                        ? Future.failedFuture(Parents.ended(parent, status))
                                        : Future.succeededFuture())
                        : Future.succeededFuture());
  }

  /** Those who wait for a batch that is not full. */
  private static Future<Set<RunId>> others(Transaction transaction, Batch batch) {
    String id = batch.id().value();
    return new WaitTable(transaction)
        .waiting(batch.environment(), List.of(id))
        .map(
            waiting ->
                waiting.getOrDefault(id, List.of()).stream()
                    .map(RunId::new)
                    .collect(Collectors.toCollection(LinkedHashSet::new)));
  }

  private static Future<Set<RunId>> waiters(Transaction transaction, Batch batch) {
    RunId parent = waiter(batch);
    return others(transaction, batch)
        .map(
            waiters -> {
              if (parent != null) {
                waiters.add(parent);
              }
              return waiters;
            });
  }

  /** Has none of the runs end meanwhile, and refuses them where one waits for who waits for it. */
  private static Future<Void> ready(
      Transaction transaction, Batch batch, RunId waiter, List<Member> members) {
    boolean isOwn = waiter.equals(batch.origin().parent());
    Set<RunId> found =
        members.stream()
            .filter(member -> member.reused() || !isOwn)
            .map(Member::run)
            .collect(Collectors.toSet());
    List<RunId> all = members.stream().map(Member::run).toList();
    return Parents.requireNoCircle(transaction, batch.environment(), waiter, found)
        .compose(none -> new WaitTable(transaction).lockRuns(batch.environment(), all));
  }

  private static List<NewWait> waits(Batch batch, List<Member> members) {
    List<NewWait> waits = new ArrayList<>(members.size());
    for (Member member : members) {
      Index index = new Index(batch.id().value(), waits.size());
      waits.add(new NewWait(Ids.waitpoint().value(), Kind.RUN, member.run().value(), index, null));
    }
    return waits;
  }

  /** Whether it was so of any of the runs, one after the other. */
  private static Future<Boolean> each(
      Collection<RunId> runs, Function<RunId, Future<Boolean>> step) {
    Future<Boolean> any = Future.succeededFuture(false);
    for (RunId run : runs) {
      any = any.compose(before -> step.apply(run).map(now -> before || now));
    }
    return any;
  }
}
