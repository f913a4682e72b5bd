package dev.runcast.engine;

import dev.runcast.run.RunId;
import dev.runcast.store.Transaction;
import dev.runcast.store.table.BatchTable;
import dev.runcast.store.table.BatchTable.Batch;
import dev.runcast.store.table.BatchTable.Member;
import dev.runcast.store.table.DueTable;
import dev.runcast.store.table.DueTable.Due;
import dev.runcast.store.table.IdempotencyTable;
import dev.runcast.store.table.IdempotencyTable.Taking;
import dev.runcast.store.table.NewRun;
import dev.runcast.store.table.RunTable;
import dev.runcast.store.table.UsedTokens.OneTimeToken;
import dev.runcast.store.table.Written;
import io.vertx.core.Future;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The items of batches. Each has its index, and comes into its batch once however often it is sent.
 * Stateless; every call works within the transaction it is given.
 */
public final class BatchItems {
  /** An order of all keys, so that no two batches wait for each other's. */
  private static final Comparator<Item> BY_KEY =
      Comparator.comparing((Item item) -> item.order().run().task())
          .thenComparing(item -> String.valueOf(item.order().run().contents().idempotencyKey()))
          .thenComparing(Item::index);

  /**
   * One item.
   *
   * @param index below the batch's run count
   * @param order the run as it would be triggered alone
   */
  public record Item(int index, TriggerOrder order) {}

  /**
   * What came of items.
   *
   * @param accepted how many were new to the batch
   * @param repeated how many it had already
   * @param position the xid of their transaction; null when no run was made
   * @param due the earliest time that was set for one of them; null for none
   */
  public record Added(int accepted, int repeated, @Nullable Long position, @Nullable Instant due) {}

  /**
   * A batch that came in one go.
   *
   * @param cached whether it was there before, under its idempotency key
   * @param members the runs of its items, in their order
   * @param due the earliest time that was set for one of them; null for none
   */
  public record Whole(
      Batch batch,
      boolean cached,
      List<Member> members,
      @Nullable Long position,
      @Nullable Instant due) {}

  private final Triggers triggers;

  public BatchItems(Triggers triggers) {
    this.triggers = triggers;
  }

  /**
   * Adds those items that the batch does not have yet. An item whose idempotency or debounce key
   * stands for a run that is there counts as that run, and makes none.
   *
   * <p>Fails with a {@link RefusedException} when the batch or its parent is gone.
   */
  public Future<Added> add(Transaction transaction, Batch batch, List<Item> items) {
    SortedMap<Integer, Item> fresh = new TreeMap<>();
    items.forEach(item -> fresh.putIfAbsent(item.index(), item));
    return Batches.lock(transaction, batch)
        .compose(locked -> new BatchTable(transaction).present(locked, fresh.keySet()))
        .compose(
            present -> {
              fresh.keySet().removeAll(present);
              return addFresh(transaction, batch, fresh.values());
            })
        .map(
            made ->
                new Added(fresh.size(), items.size() - fresh.size(), made.position(), made.due()));
  }

  /**
   * Makes a batch with all of its items, or finds the one that holds its idempotency key.
   *
   * <p>Fails with a {@link RefusedException} when the token was used before, or the parent is
   * unknown.
   */
  public Future<Whole> addAll(
      Transaction transaction, Batch batch, List<Item> items, @Nullable OneTimeToken token) {
    return Batches.create(transaction, batch, token)
        .compose(
            created ->
                created.cached()
                    ? whole(transaction, created.batch(), true, new Made(null, null))
                    : fill(transaction, created, items));
  }

  private Future<Whole> fill(Transaction transaction, Batches.Created created, List<Item> items) {
    Batch batch = created.batch();
    return add(transaction, batch, items)
        .compose(
            added ->
                Batches.seal(transaction, batch)
                    .compose(
                        sealing ->
                            whole(
                                transaction,
                                batch,
                                false,
                                new Made(
                                    added.position() == null
                                        ? created.position()
                                        : added.position(),
                                    added.due()))));
  }

  private static Future<Whole> whole(
      Transaction transaction, Batch batch, boolean cached, Made made) {
    return new BatchTable(transaction)
        .members(batch)
        .map(members -> new Whole(batch, cached, members, made.position(), made.due()));
  }

  private record Made(@Nullable Long position, @Nullable Instant due) {}

  private Future<Made> addFresh(Transaction transaction, Batch batch, Collection<Item> fresh) {
    Map<Integer, TriggerOrder> orders = new LinkedHashMap<>();
    fresh.forEach(item -> orders.put(item.index(), of(batch, item)));
    return takeKeys(transaction, fresh)
        .compose(
            reused -> {
              orders.keySet().removeAll(reused.keySet());
              return debounce(transaction, orders, reused);
            })
        .compose(reused -> new BatchTable(transaction).reuse(batch, reused))
        .compose(noted -> insert(transaction, List.copyOf(orders.values())));
  }

  /**
   * Has those orders that lead to runs of others, or of other items, count as these instead.
   *
   * @param orders by index; only those are left that are to be inserted
   * @return all that count as others' runs, by index
   */
  private Future<Map<Integer, RunId>> debounce(
      Transaction transaction, Map<Integer, TriggerOrder> orders, Map<Integer, RunId> reused) {
    Map<Integer, TriggerOrder> debounced = new LinkedHashMap<>(orders);
    debounced.values().removeIf(order -> order.debounce() == null);
    return triggers
        .settle(transaction, List.copyOf(debounced.values()))
        .map(
            all -> {
              Map<Integer, RunId> standing = new HashMap<>(reused);
              Iterator<Triggers.Settled> settled = all.iterator();
              for (Integer index : debounced.keySet()) {
                Triggers.Settled one = settled.next();
                if (one.order() == null) {
                  orders.remove(index);
                  standing.put(index, one.run());
                } else {
                  orders.put(index, one.order());
                }
              }
              return standing;
            });
  }

  /** The runs that items stand for because of their keys, by index. */
  private Future<Map<Integer, RunId>> takeKeys(Transaction transaction, Collection<Item> fresh) {
    List<Item> keyed =
        fresh.stream().filter(item -> item.order().keyLife() != null).sorted(BY_KEY).toList();
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

  private static TriggerOrder of(Batch batch, Item item) {
    BatchTable.Origin origin = batch.origin();
    return item.order()
        .withOrigin(
            new NewRun.Origin(origin.parent(), batch.id(), item.index(), origin.triggerFunction()));
  }

  private static Future<Made> insert(Transaction transaction, List<TriggerOrder> orders) {
    List<Due> dues = orders.stream().flatMap(order -> Triggers.dues(order).stream()).toList();
    List<NewRun> runs = orders.stream().map(TriggerOrder::run).toList();
    return Triggers.requireBuilds(transaction, runs)
        .compose(fine -> new RunTable(transaction).insertAll(runs))
        .compose(
            written -> {
              Long position = null;
              for (Optional<Written> row : written) {
                position = row.orElseThrow(Triggers::unknownParent).xid();
              }
              Made made = new Made(position, Triggers.earliest(dues));
              return new DueTable(transaction).put(dues).map(put -> made);
            });
  }
}
