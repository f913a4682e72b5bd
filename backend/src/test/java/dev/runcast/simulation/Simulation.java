package dev.runcast.simulation;

import dev.runcast.hub.Hub;
import dev.runcast.run.Cursor;
import dev.runcast.run.Filter;
import dev.runcast.run.Filter.Narrowing;
import dev.runcast.run.Run;
import dev.runcast.run.RunId;
import dev.runcast.run.RunStatus;
import dev.runcast.run.Visibility;
import dev.runcast.simulation.ModelClient.Memory;
import dev.runcast.simulation.ModelClient.Wish;
import dev.runcast.subscribe.SubscribeRequest;
import dev.runcast.wire.Columns;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;

/**
 * The product's hub and flow over the model of Postgres, two nodes, a bus that loses, clients that
 * stall, break and come back, all interleaved by a seed. At rest every client must equal the table.
 */
final class Simulation {
  private static final Duration STUCK_AFTER = Duration.ofSeconds(60);
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
          "fail",
          "silence");

  private final Trace trace;
  private final Random random;
  private final ModelPostgres postgres = new ModelPostgres();
  private final ModelLeader leader;
  private final ModelReader reader;
  private final ModelWriters writers;
  private final List<ModelNode> nodes = new ArrayList<>();
  private final List<ModelClient> clients = new ArrayList<>();
  private final Map<ModelClient, List<Memory>> saved = new HashMap<>();
  private final List<Runnable> timers = new ArrayList<>();

  private final List<String> rare;
  private final int rareRate;
  private final int breakRate;
  private final int burst;
  private final int steps;
  private final Map<Runnable, Integer> weights = new LinkedHashMap<>();
  private Instant now = Instant.EPOCH;

  Simulation(long seed, Trace trace) {
    this.trace = trace;
    random = new Random(seed);
    leader = new ModelLeader(random, postgres, trace);
    reader = new ModelReader(postgres, pick(1, 2, 10));
    writers = new ModelWriters(random, postgres, trace);
    breakRate = pick(1, 3, 10);
    burst = pick(1, 2, 5);
    steps = pick(60, 150, 300, 500);
    rare = RARE.stream().filter(event -> random.nextInt(3) == 0).toList();
    rareRate = pick(1, 3, 10);
    Hub.Budgets budgets =
        new Hub.Budgets(
            pick(1, 2, 4, 8) * 700L,
            pick(1, 2, 4, 20) * 700L,
            pick(1, 2, 6, 50) * 700L,
            STUCK_AFTER,
            Duration.ofSeconds(3));
    nodes.add(new ModelNode(random, reader, budgets, () -> now, timers));
    nodes.add(new ModelNode(random, reader, budgets, () -> now, timers));
    addClients();
    addActors();
  }

  /** Who acts how often: in some runs readers are slow, in some clients, in some Postgres. */
  private void addActors() {
    weights.put(writers::write, pick(16, 32, 48));
    weights.put(writers::end, pick(8, 16, 24));
    weights.put(writers::becomeVisible, pick(4, 16, 24));
    weights.put(writers::emitHorizon, pick(2, 6, 12));
    weights.put(() -> leader.publish(nodes), pick(8, 16));
    weights.put(() -> someNode().take(), pick(6, 12, 24, 48));
    weights.put(this::read, pick(8, 32, 96));
    weights.put(this::runTimers, 2);
    weights.put(this::clientStep, pick(12, 32, 64));
  }

  private void addClients() {
    List<Filter> filters = new ArrayList<>(filters());
    java.util.Collections.shuffle(filters, random);
    int variety = pick(1, 2, filters.size());
    for (int i = pick(1, 2, 3, 5); i > 0; i--) {
      Filter filter = filters.get(random.nextInt(variety));
      ModelClient client = new ModelClient("c" + i, filter, wish(filter), postgres, trace);
      clients.add(client);
      saved.put(client, new ArrayList<>());
    }
  }

  private Wish wish(Filter filter) {
    int dice = random.nextInt(10);
    if (filter instanceof Filter.ByRun && dice < 5) {
      return Wish.UNTIL_DONE;
    }
    return dice == 9 ? Wish.FROM_NOW : Wish.ALL;
  }

  private static List<Filter> filters() {
    var environment = ModelPostgres.ENVIRONMENT;
    Narrowing running =
        new Narrowing(null, Set.of(RunStatus.PENDING, RunStatus.EXECUTING), Set.of());
    Narrowing done = new Narrowing(null, Set.of(RunStatus.COMPLETED_SUCCESSFULLY), Set.of());
    return List.of(
        new Filter.ByTags(environment, Set.of(Rows.TAG), Narrowing.NONE),
        new Filter.ByTags(environment, Set.of(Rows.TAG), running),
        new Filter.ByEnvironment(environment, Narrowing.NONE),
        new Filter.ByEnvironment(environment, running),
        new Filter.ByEnvironment(environment, done),
        new Filter.ByBatch(environment, Rows.BATCH, Narrowing.NONE),
        new Filter.ByRun(environment, new RunId("a"), Narrowing.NONE));
  }

  /** Runs to the end; throws AssertionError when a client is told wrong or ends wrong. */
  void run() {
    if (random.nextInt(10) < 7) {
      for (int i = 0; i < 2; i++) {
        postgres.emitHorizon();
        publishAll();
      }
    }
    for (int i = 0; i < steps; i++) {
      step();
    }
    comeToRest();
    clients.forEach(this::check);
    nodes.forEach(this::check);
  }

  private void step() {
    if (random.nextInt(100) < rareRate && !rare.isEmpty()) {
      rareEvent(rare.get(random.nextInt(rare.size())));
      clients.forEach(ModelClient::stepIsOver);
      return;
    }
    int dice = random.nextInt(weights.values().stream().mapToInt(Integer::intValue).sum());
    for (Map.Entry<Runnable, Integer> actor : weights.entrySet()) {
      dice -= actor.getValue();
      if (dice < 0) {
        for (int i = random.nextInt(burst); i >= 0; i--) {
          actor.getKey().run();
          clients.forEach(ModelClient::stepIsOver);
        }
        return;
      }
    }
  }

  // What breaks.

  private void rareEvent(String event) {
    ModelNode node = someNode();
    trace.add(() -> event + " (node " + nodes.indexOf(node) + ")");
    switch (event) {
      case "lose" -> node.lose();
      case "overtake" -> node.overtake();
      case "leader" -> leader.handOver();
      case "slot" -> leader.recreateSlot();
      case "crash" -> crash();
      case "restore" -> restore();
      case "restart" -> {
        clients.stream().filter(client -> isAt(client, node)).forEach(this::disconnect);
        node.start();
      }
      case "purge" -> writers.purgeOne();
      case "fail" -> {
        if (reader.isBusy()) {
          reader.fail(random.nextInt(reader.size()));
        }
      }
      case "silence" -> {
        clients.forEach(ModelClient::stepIsOver);
        now = now.plusSeconds(pick(1, 4, 40, 100));
        nodes.forEach(ModelNode::tick);
      }
      default -> throw new IllegalStateException(event);
    }
  }

  /**
   * Often right after snapshots were taken that show transactions of which the log knows nothing.
   */
  private void crash() {
    if (random.nextBoolean()) {
      writers.abortSome();
      for (int i = 0; i < 6; i++) {
        clientStep();
        read();
        clients.forEach(ModelClient::stepIsOver);
      }
    }
    postgres.crash();
    leader.handOver();
  }

  /** Postgres is brought back from a backup: what was written since never was. */
  private void restore() {
    int size = random.nextInt(postgres.log.size() + 1);
    trace.add(() -> "only what stands up to " + size + " is restored");
    postgres.restore(size);
    leader.beginAfterRestore();
    clients.forEach(client -> client.historyBegins(leader.incarnation()));
  }

  private static boolean isAt(ModelClient client, ModelNode node) {
    return client.connection != null && client.connection.isTo(node.hub);
  }

  private void publishAll() {
    while (leader.isBehind()) {
      leader.publish(nodes);
    }
    for (ModelNode node : nodes) {
      while (!node.inbox.isEmpty()) {
        node.take();
      }
    }
  }

  private void read() {
    if (reader.isBusy()) {
      reader.step(random.nextInt(reader.size()));
    }
  }

  private void runTimers() {
    List<Runnable> ready = List.copyOf(timers);
    timers.clear();
    ready.forEach(Runnable::run);
  }

  // Clients.

  private void clientStep() {
    ModelClient client = clients.get(random.nextInt(clients.size()));
    if (client.connection == null) {
      connectSomehow(client);
    } else if (random.nextInt(100) < breakRate) {
      disconnect(client);
    } else if (client.connection.hasUnread()) {
      client.connection.readOne();
      if (random.nextInt(100) < 15) {
        List<Memory> memories = saved.get(client);
        memories.add(client.memory.copy());
        if (memories.size() > 4) {
          memories.remove(0);
        }
      }
    } else if (client.connection.isClosed() && random.nextInt(10) == 0) {
      client.connection = null;
    }
  }

  private void connectSomehow(ModelClient client) {
    List<Memory> memories = saved.get(client);
    int dice = random.nextInt(100);
    if (dice < 12 && !memories.isEmpty()) {
      int which = random.nextInt(memories.size());
      client.memory = memories.get(which).copy();
      memories.subList(which + 1, memories.size()).clear();
      trace.add(() -> client.name + " goes back to an old memory " + client.memory);
    } else if (dice < 18 && !memories.isEmpty()) {
      forgetProgress(client, memories.get(random.nextInt(memories.size())));
    } else if (dice < 28 && client.wish == Wish.ALL) {
      readByRest(client);
    } else {
      connect(client, someNode());
    }
  }

  private void forgetProgress(ModelClient client, Memory older) {
    if (older.cursor() != null && !older.isInFullRead() && !client.memory.isInFullRead()) {
      client.forgetProgress(older.cursor());
      trace.add(() -> client.name + " keeps its rows and goes back to " + older.cursor());
    }
  }

  /**
   * Rows and a cursor from REST: a horizon that came back through the stream, never the snapshot's.
   */
  private void readByRest(ModelClient client) {
    Hub hub = someNode().hub;
    if (hub.horizon() == 0) {
      return;
    }
    Visibility snapshot = postgres.snapshot();
    List<Run> rows = postgres.read(snapshot).stream().filter(client.filter::matches).toList();
    Set<RunId> listed = new HashSet<>();
    rows.forEach(run -> listed.add(run.id()));
    client.takeList(
        listed,
        rows,
        Cursor.ofRead(hub.incarnation().orElseThrow(), Math.min(snapshot.xmin(), hub.horizon())));
    // The answer may be older than what the stream has told: the older cursors go with the rows.
    saved.get(client).clear();
    trace.add(() -> client.name + " reads by REST " + client.memory);
  }

  private void connect(ModelClient client, ModelNode node) {
    if (client.wish == Wish.UNTIL_DONE && !isKnown(client.filter)) {
      client.connection = null;
      return;
    }
    Cursor cursor = client.memory.cursor();
    if (client.wish == Wish.FROM_NOW && cursor == null) {
      if (node.hub.horizon() == 0) {
        client.connection = null;
        return;
      }
      client.memory = client.memory.joining(node.hub.now().orElseThrow().position().lsn().value());
    }
    trace.add(() -> client.name + " connects to node " + nodes.indexOf(node) + " with " + cursor);
    client.connection =
        new ModelConnection(client, node, pick(1, 2, 5, 100), STUCK_AFTER, () -> now);
    client.connection.subscription =
        node.flow.open(
            new SubscribeRequest(
                client.filter,
                Columns.ALL,
                cursor,
                client.wish == Wish.FROM_NOW,
                client.wish == Wish.UNTIL_DONE),
            client.connection);
    client.connection.opened();
  }

  /** Whether a request for one run is served at all, rather than told that there is none. */
  private boolean isKnown(Filter filter) {
    return postgres.read(postgres.snapshot()).stream().anyMatch(filter::matches);
  }

  private void disconnect(ModelClient client) {
    trace.add(() -> client.name + " disconnects");
    client.connection.subscription.close();
    client.connection.breakAfter(random.nextInt(3));
    client.connection = null;
  }

  // The end.

  private void comeToRest() {
    trace.add(() -> "coming to rest");
    List.copyOf(postgres.open()).forEach(postgres::abort);
    List.copyOf(postgres.committedButInvisible()).forEach(postgres::becomeVisible);
    for (int round = 0; round < 4; round++) {
      postgres.emitHorizon();
      publishAll();
      for (ModelClient client : clients) {
        if (!client.isConnected()) {
          connect(client, someNode());
        }
      }
      settle();
    }
  }

  private void settle() {
    for (int i = 0; i < 5_000; i++) {
      boolean busy = reader.isBusy() || !timers.isEmpty();
      if (reader.isBusy()) {
        reader.step(0);
      }
      runTimers();
      for (ModelClient client : clients) {
        if (client.connection != null && client.connection.hasUnread()) {
          client.connection.readOne();
          busy = true;
        }
      }
      if (!busy) {
        return;
      }
    }
    throw new AssertionError("does not come to rest");
  }

  private void check(ModelClient client) {
    boolean known = isKnown(client.filter);
    if (client.wish != Wish.UNTIL_DONE) {
      checkConnected(client);
    } else if (known) {
      client.checkAtRest();
      boolean done =
          client.memory.rows().values().stream()
              .anyMatch(held -> RunStatus.valueOf(held.status()).isFinal());
      if (done == client.isConnected()) {
        throw new AssertionError(client.name + (done ? " is not stopped" : " is stopped early"));
      }
    } else if (client.isConnected()) {
      throw new AssertionError(client.name + " waits for a run that is gone");
    }
  }

  private void checkConnected(ModelClient client) {
    client.checkAtRest();
    if (!client.isConnected() || !client.connection.isLive()) {
      throw new AssertionError(client.name + " is not live at rest");
    }
    if (!client.connection.subscription.isSettled() || !client.connection.subscription.isIdle()) {
      throw new AssertionError(client.name + " is not settled at rest");
    }
  }

  private void check(ModelNode node) {
    long connected =
        clients.stream().filter(client -> client.isConnected() && isAt(client, node)).count();
    if (node.hub.subscriptions() != connected) {
      throw new AssertionError("a hub keeps subscriptions that nobody has");
    }
  }

  private ModelNode someNode() {
    return nodes.get(random.nextInt(nodes.size()));
  }

  private int pick(int... choices) {
    return choices[random.nextInt(choices.length)];
  }
}
