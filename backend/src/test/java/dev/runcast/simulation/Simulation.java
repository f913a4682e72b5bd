package dev.runcast.simulation;

import dev.runcast.hub.Hub;
import dev.runcast.subscribe.turn.TurnLoop;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * The product's hub, flow and turns over the model of Postgres, two nodes, a bus that loses,
 * clients that stall, break and come back, all interleaved by a seed. At rest every client must
 * equal the table.
 */
final class Simulation {
  private static final List<String> RARE =
      List.of(
          "lose",
          "overtake",
          "leader",
          "slot",
          "crash",
          "restore",
          "restart",
          "purge",
          "sweep",
          "fail",
          "silence",
          "revoke");

  private final World world;
  private final Random random;
  private final Followers followers;
  private final Pollers pollers;

  private final List<String> rare;
  private final int rareRate;

  /** Then what was read and what was heard may be of two histories, and a recount of another. */
  private boolean restored;

  private final int burst;
  private final int steps;

  /** How often out of four the event loops are done with a step before the next one. */
  private final int promptness;

  private final Map<Runnable, Integer> weights = new LinkedHashMap<>();

  Simulation(long seed, Trace trace) {
    world = new World(seed, trace);
    random = world.random;
    burst = world.pick(1, 2, 5);
    steps = world.chatty ? world.pick(500, 1_000) : world.pick(60, 150, 300, 500);
    promptness = world.pick(1, 3, 4);
    rare = RARE.stream().filter(event -> random.nextInt(3) == 0).toList();
    rareRate = world.chatty ? world.pick(0, 1, 4) : world.pick(1, 3, 10);
    ModelNode.Budgets budgets = budgets();
    world.nodes.add(new ModelNode(world, budgets));
    world.nodes.add(new ModelNode(world, budgets));
    followers = new Followers(world);
    pollers = new Pollers(world);
    addActors();
  }

  private ModelNode.Budgets budgets() {
    return new ModelNode.Budgets(
        new Hub.Budgets(
            world.pick(1, 2, 4, 8) * 700L,
            world.pick(1, 2, 4, 20) * 700L,
            world.pick(1, 2, 6, 50) * 700L,
            Followers.STUCK_AFTER,
            Duration.ofSeconds(3),
            world.pick(0, 1, 2, 10_000)),
        new TurnLoop.Bounds(
            TurnLoop.TICK.multipliedBy(world.pick(1, 4, 16)), world.pick(1, 2, 5, 100) * 700L));
  }

  /** Who acts how often: in some runs readers are slow, in some clients, in some Postgres. */
  private void addActors() {
    weights.put(world.writers::emitHorizon, world.pick(2, 6, 12));
    weights.put(this::runTimers, 2);
    if (world.chatty) {
      addChattyActors();
      return;
    }
    weights.put(world.writers::write, world.pick(16, 32, 48));
    weights.put(world.writers::end, world.pick(8, 16, 24));
    weights.put(world.writers::becomeVisible, world.pick(4, 16, 24));
    weights.put(() -> world.leader.publish(world.nodes), world.pick(8, 16));
    weights.put(() -> world.someNode().take(), world.pick(6, 12, 24, 48));
    weights.put(this::read, world.pick(8, 32, 96));
    weights.put(() -> world.someNode().turns.tick(), world.pick(1, 4));
    weights.put(followers::step, world.pick(12, 32, 64));
    weights.put(pollers::step, world.pick(12, 32, 64));
    weights.put(followers::revokeOne, world.pick(0, 0, 1, 4));
  }

  /** Much is written, and most clients are live: what is told of it comes by the log. */
  private void addChattyActors() {
    weights.put(world.writers::write, 32);
    weights.put(world.writers::end, 32);
    weights.put(world.writers::becomeVisible, world.pick(8, 24, 48));
    weights.put(() -> world.leader.publish(world.nodes), 32);
    weights.put(() -> world.someNode().take(), 48);
    weights.put(this::readOn, world.pick(16, 32));
    weights.put(followers::step, world.pick(48, 96));
  }

  /** Runs to the end; throws AssertionError when a client is told wrong or ends wrong. */
  void run() {
    if (random.nextInt(10) < 7) {
      for (int i = 0; i < 2; i++) {
        world.postgres.emitHorizon();
        publishAll();
      }
    }
    for (int i = 0; i < steps; i++) {
      step();
    }
    comeToRest();
    followers.check();
    world.nodes.forEach(this::check);
    pollers.check();
  }

  private void step() {
    if (random.nextInt(100) < rareRate && !rare.isEmpty()) {
      rareEvent(rare.get(random.nextInt(rare.size())));
      stepIsOver();
      return;
    }
    int dice = random.nextInt(weights.values().stream().mapToInt(Integer::intValue).sum());
    for (Map.Entry<Runnable, Integer> actor : weights.entrySet()) {
      dice -= actor.getValue();
      if (dice < 0) {
        for (int i = random.nextInt(burst); i >= 0; i--) {
          actor.getKey().run();
          stepIsOver();
        }
        return;
      }
    }
  }

  private void stepIsOver() {
    for (ModelNode node : world.nodes) {
      if (node.hasWorkDue() && random.nextInt(4) < promptness) {
        node.doWhatIsDue();
      }
    }
    followers.stepIsOver();
    pollers.stepIsOver();
  }

  // What breaks.

  private void rareEvent(String event) {
    ModelNode node = world.someNode();
    world.trace.add(() -> event + " (node " + world.nodes.indexOf(node) + ")");
    switch (event) {
      case "lose" -> node.lose();
      case "overtake" -> node.overtake();
      case "leader" -> world.leader.handOver();
      case "slot" -> world.leader.recreateSlot();
      case "crash" -> crash();
      case "restore" -> restore();
      case "restart" -> {
        followers.loseNode(node);
        pollers.loseNode(node);
        node.start();
      }
      case "revoke" -> followers.revokeOne();
      case "purge" -> world.writers.purgeOne();
      case "sweep" -> world.writers.sweep();
      case "fail" -> {
        if (world.reader.isBusy()) {
          world.reader.fail(random.nextInt(world.reader.size()));
        }
      }
      case "silence" -> {
        followers.stepIsOver();
        world.now = world.now.plusSeconds(world.pick(1, 4, 40, 100));
        world.nodes.forEach(ModelNode::tick);
      }
      default -> throw new IllegalStateException(event);
    }
  }

  /**
   * Often right after snapshots were taken that show transactions of which the log knows nothing.
   */
  private void crash() {
    if (random.nextBoolean()) {
      world.writers.abortSome();
      for (int i = 0; i < 6; i++) {
        followers.step();
        pollers.step();
        read();
        stepIsOver();
      }
    }
    world.postgres.crash();
    world.leader.crashed();
  }

  /** Postgres is brought back from a backup: what was written since never was. */
  private void restore() {
    int size = random.nextInt(world.postgres.log.size() + 1);
    restored = true;
    world.trace.add(() -> "only what stands up to " + size + " is restored");
    world.postgres.restore(size);
    world.leader.beginAfterRestore();
    followers.historyBegins(world.leader.incarnation());
    pollers.historyBegins(world.leader.incarnation());
  }

  private void publishAll() {
    while (world.leader.isBehind()) {
      world.leader.publish(world.nodes);
    }
    for (ModelNode node : world.nodes) {
      while (!node.inbox.isEmpty()) {
        node.take();
        node.doWhatIsDue();
        followers.stepIsOver();
      }
    }
  }

  private void read() {
    if (world.reader.isBusy()) {
      world.reader.step(random.nextInt(world.reader.size()));
    }
  }

  /** So that most of the time those who read are done with it. */
  private void readOn() {
    for (int i = 0; i < 8; i++) {
      read();
    }
  }

  private void runTimers() {
    List<Runnable> ready = List.copyOf(world.timers);
    world.timers.clear();
    ready.forEach(Runnable::run);
  }

  // The end.

  private void comeToRest() {
    world.trace.add(() -> "coming to rest");
    List.copyOf(world.postgres.open()).forEach(world.postgres::abort);
    List.copyOf(world.postgres.committedButInvisible()).forEach(world.postgres::becomeVisible);
    followers.doubtAll();
    for (int round = 0; round < 7; round++) {
      world.postgres.emitHorizon();
      publishAll();
      followers.connectAll();
      settle();
    }
  }

  private void settle() {
    for (int i = 0; i < 5_000; i++) {
      boolean busy = world.reader.isBusy() || !world.timers.isEmpty();
      if (world.reader.isBusy()) {
        world.reader.step(0);
      }
      runTimers();
      world.nodes.forEach(ModelNode::doWhatIsDue);
      pollers.stepIsOver();
      busy |= followers.hear();
      followers.stepIsOver();
      busy |= pollers.hear();
      if (!busy) {
        return;
      }
    }
    throw new AssertionError("does not come to rest");
  }

  private void check(ModelNode node) {
    if (node.hub.audience().size() != followers.connectedTo(node) + pollers.askingAt(node)) {
      throw new AssertionError("a hub keeps subscriptions that nobody has");
    }
    if (node.hub.tallies().size() != followers.summedAt(node)) {
      throw new AssertionError("a hub adds up feeds for nobody");
    }
    if (node.hub.tallies().differences() != 0 && !restored) {
      throw new AssertionError("a recount gave something else");
    }
  }
}
