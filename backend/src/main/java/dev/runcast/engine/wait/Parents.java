package dev.runcast.engine.wait;

import dev.runcast.engine.Ids;
import dev.runcast.engine.Triggers.Triggered;
import dev.runcast.run.EnvironmentId;
import dev.runcast.run.RunId;
import dev.runcast.store.Transaction;
import dev.runcast.store.table.BatchTable;
import dev.runcast.store.table.BatchTable.Batch;
import dev.runcast.store.table.BatchTable.Member;
import dev.runcast.store.table.NewRun;
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
    return new WaitTable(transaction)
        .lockRuns(environment, List.of(triggered.run()))
        .compose(locked -> block(transaction, environment, parent, List.of(wait)));
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
                    new WaitTable(transaction)
                        .lockRuns(batch.environment(), members.stream().map(Member::run).toList())
                        .compose(
                            locked ->
                                block(
                                    transaction,
                                    batch.environment(),
                                    parent,
                                    waits(batch, members))));
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
    return waits.block(transaction, environment, parent, all, clock.instant()).mapEmpty();
  }
}
