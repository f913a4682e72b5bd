package dev.runcast.engine.batch;

import dev.runcast.engine.TriggerOrder;
import dev.runcast.engine.Triggers;
import dev.runcast.run.RunId;
import dev.runcast.store.RowRefusedException;
import dev.runcast.store.Transaction;
import dev.runcast.store.table.BatchTable;
import dev.runcast.store.table.BatchTable.Batch;
import dev.runcast.store.table.BatchTable.Member;
import dev.runcast.store.table.DueTable;
import dev.runcast.store.table.DueTable.Due;
import dev.runcast.store.table.RunTable;
import dev.runcast.store.table.UsedTokens.OneTimeToken;
import dev.runcast.store.table.Written;
import io.vertx.core.Future;
import java.time.Instant;
import java.util.Collection;
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
  /**
   * How many items that the schema has no room for are left out, one after the other: all that is
   * added with them is written anew each time.
   */
  public static final int MOST_WITHOUT_ROOM = 10;

  /**
   * One item.
   *
   * @param index below the batch's run count
   * @param order the run as it would be triggered alone; one that has failed, where it can't be
   */
  public record Item(int index, TriggerOrder order) {
    /**
     * The same item, for a run that has failed as soon as it is there.
     *
     * @param cause a sentence that says why it can't be triggered
     */
    public Item failed(String cause) {
      String named = "Item %d of the batch can't be triggered: %s".formatted(index, cause);
      return new Item(index, order.failed(named));
    }

    private boolean isNamedBy(RowRefusedException refused) {
      return refused.sentence().contains(order.run().id().value());
    }

    private boolean isBare() {
      return order.run().hasFailed() && order.run().equals(order.run().bare());
    }

    /** With no more than its payload, or it would be refused again. */
    private Item without(RowRefusedException refused) {
      return new Item(index, order.bare()).failed(refused.sentence());
    }
  }

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
  private final Arrivals arrivals;

  public BatchItems(Triggers triggers) {
    this.triggers = triggers;
    this.arrivals = new Arrivals(triggers);
  }

  /**
   * Adds those items that the batch does not have yet. An item whose idempotency or debounce key
   * stands for a run that is there counts as that run, and makes none. One that can't be triggered
   * makes a run that has failed, and stands in nobody's way.
   *
   * <p>Fails with a {@link dev.runcast.engine.RefusedException} when the batch or its parent is
   * gone.
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
   * <p>Fails with a {@link dev.runcast.engine.RefusedException} when the token was used before, or
   * the parent is unknown.
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

  /**
   * The same items, but that which the schema has no room for is one that can't be triggered. Empty
   * where it is none of them, or was one already.
   *
   * @param left how many more may be left out; see {@link #MOST_WITHOUT_ROOM}
   */
  public static Optional<List<Item>> without(Throwable failure, List<Item> items, int left) {
    if (left == 0
        || !(failure instanceof RowRefusedException refused)
        || items.stream().noneMatch(item -> item.isNamedBy(refused) && !item.isBare())) {
      return Optional.empty();
    }
    return Optional.of(
        items.stream()
            .map(item -> item.isNamedBy(refused) ? item.without(refused) : item)
            .toList());
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
    return arrivals
        .sort(transaction, batch, fresh)
        .compose(
            sorted ->
                debounce(transaction, sorted.orders(), sorted.reused())
                    .compose(reused -> new BatchTable(transaction).reuse(batch, reused))
                    .compose(noted -> insert(transaction, List.copyOf(sorted.orders().values()))));
  }

  /**
   * Has those orders that lead to runs of others, or of other items, count as these instead; and
   * with each, those items that found its idempotency key.
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
              Map<RunId, RunId> insteadOf = new HashMap<>();
              Iterator<Triggers.Settled> settled = all.iterator();
              for (Map.Entry<Integer, TriggerOrder> asked : debounced.entrySet()) {
                Integer index = asked.getKey();
                Triggers.Settled one = settled.next();
                if (one.order() == null) {
                  orders.remove(index);
                  standing.put(index, one.run());
                  insteadOf.put(asked.getValue().run().id(), one.run());
                } else {
                  orders.put(index, one.order());
                }
              }
              standing.replaceAll((index, run) -> insteadOf.getOrDefault(run, run));
              return standing;
            });
  }

  private static Future<Made> insert(Transaction transaction, List<TriggerOrder> orders) {
    List<Due> dues = orders.stream().flatMap(order -> Triggers.dues(order).stream()).toList();
    return new RunTable(transaction)
        .insertAll(orders.stream().map(TriggerOrder::run).toList())
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
