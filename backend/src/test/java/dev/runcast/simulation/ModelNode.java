package dev.runcast.simulation;

import dev.runcast.hub.Hub;
import dev.runcast.run.ChangeBatch;
import dev.runcast.run.Cursor;
import dev.runcast.run.Incarnation;
import dev.runcast.subscribe.SubscribeFlow;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/** One node: a hub, its flow, and the batches on their way to it. */
final class ModelNode {
  final List<ChangeBatch> inbox = new ArrayList<>();
  final Random random;
  final ModelReader reader;
  private final Hub.Budgets budgets;
  private final InstantSource clock;
  private final List<Runnable> timers;

  /** When a horizon last came; what a hub knows of it is compared with this. */
  private Instant heardAt;

  Hub hub;
  SubscribeFlow flow;

  ModelNode(
      Random random,
      ModelReader reader,
      Hub.Budgets budgets,
      InstantSource clock,
      List<Runnable> timers) {
    this.random = random;
    this.reader = reader;
    this.budgets = budgets;
    this.clock = clock;
    this.timers = timers;
    start();
  }

  /** Begins with empty hands, as after a restart. */
  void start() {
    inbox.clear();
    hub = new Hub(budgets, clock);
    heardAt = clock.instant();
    flow = new SubscribeFlow(hub, reader, 1 + random.nextInt(3), (delay, task) -> timers.add(task));
  }

  void take() {
    if (!inbox.isEmpty()) {
      take(inbox.remove(0));
    }
  }

  private void take(ChangeBatch batch) {
    Optional<Cursor> before = hub.now();
    hub.dispatch(batch);
    Incarnation now = hub.incarnation().orElseThrow();
    if (before.isPresent() && before.get().incarnation().isAfter(now)) {
      throw new AssertionError("a hub goes back to a history that is over");
    }
    if (batch.incarnation().isAfter(now)) {
      throw new AssertionError("a hub stays in a history that is over");
    }
    if (isNews(batch, before)) {
      heardAt = clock.instant();
      if (hub.isStale()) {
        throw new AssertionError("a hub is stale though a horizon came");
      }
    }
  }

  private static boolean isNews(ChangeBatch batch, Optional<Cursor> before) {
    return batch.entries().stream()
        .filter(ChangeBatch.Horizon.class::isInstance)
        .anyMatch(
            horizon ->
                before.isEmpty()
                    || batch.incarnation().isAfter(before.get().incarnation())
                    || (batch.incarnation().equals(before.get().incarnation())
                        && horizon.lsn().isAfter(before.get().position().lsn())));
  }

  /** A second or more has passed. */
  void tick() {
    boolean silent = hub.isStale() || heardAt.plus(budgets.staleAfter()).isBefore(clock.instant());
    hub.tick();
    if (hub.isStale() != silent) {
      throw new AssertionError("a hub " + (silent ? "does not notice" : "invents") + " silence");
    }
  }

  /** The bus loses a batch on its way here. */
  void lose() {
    if (!inbox.isEmpty()) {
      inbox.remove(random.nextInt(inbox.size()));
    }
  }

  /** What an old leader sent arrives after the first of the new one. */
  void overtake() {
    for (int i = 1; i < inbox.size(); i++) {
      if (inbox.get(i).session() != inbox.get(i - 1).session()) {
        Collections.swap(inbox, i, i - 1);
        return;
      }
    }
  }
}
