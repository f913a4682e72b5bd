package dev.runcast.engine.batch;

import dev.runcast.engine.Builds;
import dev.runcast.engine.RefusedException;
import dev.runcast.engine.Transitions;
import dev.runcast.engine.TriggerOrder;
import dev.runcast.engine.Triggers;
import dev.runcast.engine.batch.BatchItems.Item;
import dev.runcast.engine.wait.BatchParents;
import dev.runcast.engine.wait.Circles;
import dev.runcast.run.RunId;
import dev.runcast.store.Transaction;
import dev.runcast.store.table.BatchTable.Batch;
import dev.runcast.store.table.BatchTable.Origin;
import dev.runcast.store.table.IdempotencyTable;
import dev.runcast.store.table.IdempotencyTable.Taking;
import dev.runcast.store.table.NewRun;
import io.vertx.core.Future;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Tells what becomes of items that are new to their batch: a run that was there before, a new one,
 * or one that has failed as soon as it is there. Stateless.
 */
final class Arrivals {

  /**
   * What becomes of items.
   *
   * @param reused the runs that were there before, by the items' indexes
   * @param orders of all other runs, those that have failed among them, by the same
   */
  record Sorted(Map<Integer, RunId> reused, Map<Integer, TriggerOrder> orders) {}

  private final Triggers triggers;

  Arrivals(Triggers triggers) {
    this.triggers = triggers;
  }

  /** Sorts items, whose idempotency keys from then on stand for their runs. */
  Future<Sorted> sort(Transaction transaction, Batch batch, Collection<Item> fresh) {
    List<Item> items = fresh.stream().map(item -> new Item(item.index(), of(batch, item))).toList();
    return Builds.lacking(transaction, items.stream().map(item -> item.order().run()).toList())
        .compose(
            lacking ->
                takeKeys(transaction, items, lacking.keySet())
                    .compose(
                        holders ->
                            circling(transaction, batch, holders)
                                .map(
                                    circling ->
                                        sorted(
                                            items,
                                            holders,
                                            causes(batch, items, holders, lacking, circling)))));
  }

  private static TriggerOrder of(Batch batch, Item item) {
    Origin origin = batch.origin();
    return item.order()
        .withOrigin(
            new NewRun.Origin(origin.parent(), batch.id(), item.index(), origin.triggerFunction()));
  }

  /** The runs that items stand for because of their keys, by index. */
  private Future<Map<Integer, RunId>> takeKeys(
      Transaction transaction, List<Item> items, Set<RunId> lacking) {
    List<Item> keyed =
        items.stream()
            .filter(item -> item.order().keyLife() != null)
            .sorted(byKey(lacking))
            .toList();
    List<Taking> takings =
        keyed.stream().flatMap(item -> triggers.taking(item.order()).stream()).toList();
    return new IdempotencyTable(transaction)
        .takeAll(takings, Transitions.FREES_KEY)
        .map(
            holders -> {
              Map<Integer, RunId> reused = new HashMap<>();
              for (int i = 0; i < holders.size(); i++) {
                Item item = keyed.get(i);
                holders.get(i).ifPresent(run -> reused.put(item.index(), run));
              }
              return reused;
            });
  }

  /**
   * An order of all keys, so that no two batches wait for each other's. What can't be executed has
   * a key last: others are not to be found to have failed because of it.
   */
  private static Comparator<Item> byKey(Set<RunId> lacking) {
    return Comparator.comparing((Item item) -> item.order().run().task())
        .thenComparing(item -> String.valueOf(item.order().run().contents().idempotencyKey()))
        .thenComparing(item -> lacking.contains(item.order().run().id()))
        .thenComparing(Item::index);
  }

  /** Those runs that whoever waits for the batch can't wait for. */
  private static Future<Set<RunId>> circling(
      Transaction transaction, Batch batch, Map<Integer, RunId> holders) {
    RunId waiter = BatchParents.waiter(batch);
    return waiter == null
        ? Future.succeededFuture(Set.of())
        : Circles.of(transaction, batch.environment(), waiter, new HashSet<>(holders.values()));
  }

  /** Why items can't be triggered, by index. */
  private static Map<Integer, RefusedException> causes(
      Batch batch,
      List<Item> items,
      Map<Integer, RunId> holders,
      Map<RunId, RefusedException> lacking,
      Set<RunId> circling) {
    RunId waiter = BatchParents.waiter(batch);
    Map<Integer, RefusedException> causes = new HashMap<>();
    for (Item item : items) {
      RunId holder = holders.get(item.index());
      RefusedException lack = lacking.get(item.order().run().id());
      if (holder != null && waiter != null && circling.contains(holder)) {
        causes.put(item.index(), Circles.refusal(waiter));
      } else if (holder == null && lack != null) {
        causes.put(item.index(), lack);
      }
    }
    return causes;
  }

  private static Sorted sorted(
      List<Item> items, Map<Integer, RunId> holders, Map<Integer, RefusedException> causes) {
    Map<Integer, RunId> reused = new HashMap<>(holders);
    reused.keySet().removeAll(causes.keySet());
    Map<Integer, TriggerOrder> orders = new LinkedHashMap<>();
    for (Item item : items) {
      RefusedException cause = causes.get(item.index());
      if (cause != null) {
        orders.put(item.index(), item.failed(cause.sentence()).order());
      } else if (!reused.containsKey(item.index())) {
        orders.put(item.index(), item.order());
      }
    }
    return new Sorted(reused, orders);
  }
}
