package dev.runcast.simulation;

import dev.runcast.hub.Hub;
import dev.runcast.run.ChangeBatch;
import dev.runcast.subscribe.SubscribeFlow;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/** One node: a hub, its flow, and the batches on their way to it. */
final class ModelNode {
  final List<ChangeBatch> inbox = new ArrayList<>();
  private final Random random;
  final ModelReader reader;
  private final Hub.Budgets budgets;
  private final InstantSource clock;
  private final List<Runnable> timers;
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
    flow = new SubscribeFlow(hub, reader, 1 + random.nextInt(3), (delay, task) -> timers.add(task));
  }

  void take() {
    if (!inbox.isEmpty()) {
      hub.dispatch(inbox.remove(0));
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
