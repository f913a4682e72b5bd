package dev.runcast.engine;

import dev.runcast.engine.debounce.Debouncing;
import dev.runcast.run.EnvironmentId;
import dev.runcast.run.RunId;
import dev.runcast.run.RunStatus;
import dev.runcast.store.Transaction;
import dev.runcast.store.table.DueTable;
import dev.runcast.store.table.DueTable.Due;
import dev.runcast.store.table.IdempotencyTable;
import dev.runcast.store.table.IdempotencyTable.Taking;
import dev.runcast.store.table.NewRun;
import dev.runcast.store.table.RunTable;
import dev.runcast.store.table.UsedTokens;
import dev.runcast.store.table.UsedTokens.OneTimeToken;
import dev.runcast.store.table.Written;
import io.vertx.core.Future;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Makes runs. Stateless; every call works within the transaction it is given. */
public final class Triggers {
  private static final String TOKEN_USED =
      "The access token can't be used: it is a one-time use token, as it has already been used.";

  /**
   * The run that an order led to.
   *
   * @param cached whether it was there before, under the order's idempotency key; not of one that
   *     its debounce key stands for, which is as good as new: it has not begun
   * @param position the xid of its transaction; of one that was there before, that of its newest
   *     write, null if it can't be seen yet
   * @param due the earliest time that was set for it; null for none
   */
  public record Triggered(
      RunId run, boolean cached, @Nullable Long position, @Nullable Instant due) {}

  private final InstantSource clock;

  public Triggers(InstantSource clock) {
    this.clock = clock;
  }

  /**
   * Makes the ordered run, or finds the one that its idempotency key stands for, or that its
   * debounce key does while that is delayed.
   *
   * <p>Fails with a {@link RefusedException} when the order's token was used before, or its parent
   * is unknown.
   */
  public Future<Triggered> trigger(Transaction transaction, TriggerOrder order) {
    return useUp(transaction, order.token())
        .compose(used -> holder(transaction, order))
        .compose(
            holder ->
                holder.isPresent()
                    ? found(transaction, order, holder.get(), true)
                    : make(transaction, order));
  }

  private static Future<Triggered> found(
      Transaction transaction, TriggerOrder order, RunId run, boolean cached) {
    return new RunTable(transaction)
        .newestXid(order.run().environment(), run)
        .map(xid -> new Triggered(run, cached, xid.orElse(null), null));
  }

  private Future<Triggered> make(Transaction transaction, TriggerOrder order) {
    return order.debounce() == null
        ? insert(transaction, order)
        : settle(transaction, List.of(order))
            .compose(
                settled -> {
                  Settled one = settled.get(0);
                  return one.order() == null
                      ? found(transaction, order, one.run(), false)
                      : insert(transaction, one.order());
                });
  }

  /**
   * What a debounced order leads to.
   *
   * @param order the order as it is to be inserted; null when the run is there, or comes by another
   */
  public record Settled(RunId run, @Nullable TriggerOrder order) {}

  /**
   * What debounced orders of one environment lead to, in their order. The idempotency keys of those
   * that lead to others' runs stand for these from then on.
   */
  public Future<List<Settled>> settle(Transaction transaction, List<TriggerOrder> orders) {
    List<Debouncing.Asked> asked = new ArrayList<>(orders.size());
    for (TriggerOrder order : orders) {
      asked.add(new Debouncing.Asked(order.run(), Objects.requireNonNull(order.debounce())));
    }
    return Debouncing.settle(transaction, asked, clock.instant())
        .compose(
            led -> {
              List<Settled> settled = new ArrayList<>(orders.size());
              List<Taking> others = new ArrayList<>();
              for (int i = 0; i < orders.size(); i++) {
                TriggerOrder order = orders.get(i);
                NewRun made = led.get(i).made();
                RunId run = led.get(i).run();
                settled.add(new Settled(run, made == null ? null : order.settledAs(made)));
                taking(order)
                    .filter(taking -> !run.equals(taking.run()))
                    .ifPresent(taking -> others.add(new Taking(taking.key(), run)));
              }
              return new IdempotencyTable(transaction).point(others).map(settled);
            });
  }

  /**
   * Has an idempotency key of a task stand for no run any more, so that the next trigger makes one.
   *
   * <p>Fails with a {@link RefusedException} when it stands for none.
   */
  public static Future<Void> freeKey(
      Transaction transaction, EnvironmentId environment, String task, String key) {
    return new IdempotencyTable(transaction)
        .free(environment, task, key)
        .compose(
            freed ->
                freed
                    ? Future.succeededFuture()
                    : Future.failedFuture(
                        RefusedException.unknown(
                            "There is no idempotency key of this text for this task.")));
  }

  /** Uses up a one-time token, if it is one, or refuses. */
  public static Future<Void> useUp(Transaction transaction, @Nullable OneTimeToken token) {
    if (token == null) {
      return Future.succeededFuture();
    }
    return new UsedTokens(transaction)
        .use(token)
        .compose(
            first ->
                first
                    ? Future.succeededFuture()
                    : Future.failedFuture(
                        RefusedException.unprocessable("access_token", TOKEN_USED)));
  }

  /** The run that an order's idempotency key stands for; after this it stands for the order's. */
  private Future<Optional<RunId>> holder(Transaction transaction, TriggerOrder order) {
    Optional<Taking> taking = taking(order);
    return taking.isEmpty()
        ? Future.succeededFuture(Optional.empty())
        : new IdempotencyTable(transaction).take(taking.get(), Transitions.FREES_KEY);
  }

  /** How an order's idempotency key comes to stand for its run; empty when it has none. */
  public Optional<Taking> taking(TriggerOrder order) {
    NewRun run = order.run();
    String key = run.contents().idempotencyKey();
    Duration life = order.keyLife();
    if (key == null || life == null) {
      return Optional.empty();
    }
    Instant expiry = clock.instant().plus(life);
    return Optional.of(
        new Taking(new IdempotencyTable.Key(run.environment(), run.task(), key, expiry), run.id()));
  }

  private Future<Triggered> insert(Transaction transaction, TriggerOrder order) {
    List<Due> dues = dues(order);
    return Builds.require(transaction, order.run())
        .compose(fine -> new RunTable(transaction).insert(order.run()))
        .compose(
            written -> {
              if (written.isEmpty()) {
                return Future.failedFuture(unknownParent());
              }
              Written row = written.get();
              return new DueTable(transaction)
                  .put(dues)
                  .map(put -> new Triggered(order.run().id(), false, row.xid(), earliest(dues)));
            });
  }

  /** Refuses what names a parent that is not there. */
  public static RefusedException unknownParent() {
    return RefusedException.unprocessable(
        "parentRunId", "parentRunId names no run of this environment; leave it out or correct it.");
  }

  /** The times that an order sets. */
  public static List<Due> dues(TriggerOrder order) {
    NewRun run = order.run();
    List<Due> dues = new ArrayList<>(2);
    Instant delayUntil = run.traits().delayUntil();
    if (run.status() == RunStatus.DELAYED && delayUntil != null) {
      dues.add(new Due(DueTable.Kind.DELAY, run.environment(), run.id().value(), delayUntil));
    }
    if (order.ttlAt() != null) {
      dues.add(new Due(DueTable.Kind.TTL, run.environment(), run.id().value(), order.ttlAt()));
    }
    return dues;
  }

  /** The first of these times; null for none. */
  public static @Nullable Instant earliest(List<Due> dues) {
    return dues.stream().map(Due::at).min(Instant::compareTo).orElse(null);
  }
}
