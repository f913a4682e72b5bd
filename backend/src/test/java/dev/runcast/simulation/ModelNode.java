package dev.runcast.simulation;

import dev.runcast.hub.Hub;
import dev.runcast.run.ChangeBatch;
import dev.runcast.run.Filter;
import dev.runcast.run.place.Cursor;
import dev.runcast.run.place.Incarnation;
import dev.runcast.subscribe.SubscribeFlow;
import dev.runcast.subscribe.TallyFlow;
import dev.runcast.subscribe.revocation.RevocationWatch;
import dev.runcast.subscribe.revocation.Revocations;
import dev.runcast.subscribe.turn.TurnLoop;
import java.time.Instant;
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
  private final World world;
  private final Budgets budgets;

  /** What is to be done as soon as all that is being told now was told. */
  private final List<Runnable> soon = new ArrayList<>();

  /** When a horizon last came; what a hub knows of it is compared with this. */
  private Instant heardAt;

  private CountingReader counting;
  Hub hub;
  RevocationWatch revocations;
  SubscribeFlow flow;
  TurnLoop turns;

  /** How much a node holds and waits. */
  record Budgets(Hub.Budgets hub, TurnLoop.Bounds turns) {}

  ModelNode(World world, Budgets budgets) {
    this.world = world;
    this.reader = world.reader;
    this.random = world.random;
    this.budgets = budgets;
    start();
  }

  /** Begins with empty hands, as after a restart. */
  void start() {
    inbox.clear();
    soon.clear();
    hub = new Hub(budgets.hub, () -> world.now, world::afterTime);
    heardAt = world.now;
    counting = new CountingReader(reader);
    revocations = new RevocationWatch(hub, new Revocations(), reader::revocations);
    flow =
        new SubscribeFlow(
            hub,
            counting,
            new TallyFlow(hub, reader, 2, world::afterTime, revocations),
            1 + random.nextInt(3),
            (delay, task) -> world.timers.add(task),
            revocations);
    TurnLoop.Turns loop = new TurnLoop.Turns(soon::add, (delay, task) -> world.timers.add(task));
    turns = new TurnLoop(flow, budgets.turns, loop, random);
  }

  /** Whether what waits for a client is hardly ever too much. */
  boolean isGenerous() {
    return budgets.hub.outboxBytes() > 20_000;
  }

  boolean knowsOfTheLastCrash() {
    return hub.heard().session() >= world.leader.sessionAfterTheLastCrash();
  }

  /** How many reads of such a feed were answered here. */
  int readsOf(Filter filter) {
    return counting.of(filter);
  }

  /** The event loop comes to what was put off until now. */
  void doWhatIsDue() {
    List<Runnable> due = List.copyOf(soon);
    soon.clear();
    due.forEach(Runnable::run);
  }

  boolean hasWorkDue() {
    return !soon.isEmpty();
  }

  void take() {
    if (!inbox.isEmpty()) {
      take(inbox.remove(0));
    }
  }

  private void take(ChangeBatch batch) {
    Optional<Cursor> before = hub.heard().now();
    revocations.hear(batch);
    hub.dispatch(batch);
    Incarnation now = hub.heard().incarnation().orElseThrow();
    if (before.isPresent() && before.get().incarnation().isAfter(now)) {
      throw new AssertionError("a hub goes back to a history that is over");
    }
    if (batch.incarnation().isAfter(now)) {
      throw new AssertionError("a hub stays in a history that is over");
    }
    if (isNews(batch, before)) {
      heardAt = world.now;
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
    boolean silent = hub.isStale() || heardAt.plus(budgets.hub.staleAfter()).isBefore(world.now);
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
