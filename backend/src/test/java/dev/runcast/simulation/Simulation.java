package dev.runcast.simulation;

import dev.runcast.hub.Hub;
import dev.runcast.run.ChangeBatch;
import dev.runcast.run.Cursor;
import dev.runcast.run.Filter;
import dev.runcast.run.Filter.Narrowing;
import dev.runcast.run.Incarnation;
import dev.runcast.run.Lsn;
import dev.runcast.run.Run;
import dev.runcast.run.RunId;
import dev.runcast.run.RunStatus;
import dev.runcast.run.Visibility;
import dev.runcast.subscribe.SubscribeFlow;
import dev.runcast.subscribe.SubscribeRequest;
import dev.runcast.wire.Columns;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;

/**
 * The product's hub and flow over the model of Postgres, two nodes, a bus that loses, clients that
 * stall, break and come back, all interleaved by a seed. At rest every client must equal the table.
 */
final class Simulation {

  /** One node: a hub, its flow, and the batches on their way to it. */
  private final class Node {
    final Deque<ChangeBatch> inbox = new ArrayDeque<>();
    Hub hub;
    SubscribeFlow flow;

    Node() {
      start();
    }

    void start() {
      inbox.clear();
      hub = new Hub(budgets, () -> now);
      flow =
          new SubscribeFlow(hub, reader, 1 + random.nextInt(3), (delay, task) -> timers.add(task));
    }

    void take() {
      if (!inbox.isEmpty()) {
        hub.dispatch(inbox.removeFirst());
      }
    }
  }

  final List<String> trace = new ArrayList<>();
  private final Random random;
  private final ModelPostgres postgres = new ModelPostgres();
  private final ModelReader reader;
  private final Hub.Budgets budgets;
  private final List<Node> nodes = new ArrayList<>();
  private final List<ModelClient> clients = new ArrayList<>();
  private final Map<ModelClient, List<ModelClient.Memory>> saved = new HashMap<>();
  private final List<Runnable> timers = new ArrayList<>();
  private final List<RunId> ids;
  private final Set<String> rare = new HashSet<>();
  private Instant now = Instant.EPOCH;
  private Incarnation incarnation = new Incarnation(1, 7);
  private long session = 1;
  private int published;
  private int confirmed;
  private Lsn prev = Lsn.ZERO;
  private final double oversizedRate;
  private final double payloadRate;
  private final int steps;

  Simulation(long seed) {
    random = new Random(seed);
    budgets =
        new Hub.Budgets(
            pick(1, 2, 4, 8) * 700L,
            pick(1, 2, 4, 20) * 700L,
            pick(1, 2, 6, 50) * 700L,
            Duration.ofSeconds(60),
            Duration.ofSeconds(3));
    reader = new ModelReader(postgres, pick(1, 2, 10));
    ids =
        List.of("a", "b", "c", "d").subList(0, pick(1, 2, 3, 4)).stream().map(RunId::new).toList();
    oversizedRate = pick(0, 5, 20) / 100.0;
    payloadRate = pick(10, 30, 60) / 100.0;
    steps = pick(60, 150, 300, 500);
    for (String event :
        List.of("lose", "leader", "slot", "crash", "restart", "purge", "fail", "silence")) {
      if (random.nextInt(3) == 0) {
        rare.add(event);
      }
    }
    nodes.add(new Node());
    nodes.add(new Node());
    List<Filter> filters = filters();
    for (int i = 1 + random.nextInt(3); i > 0; i--) {
      clients.add(new ModelClient("c" + i, filters.get(random.nextInt(filters.size())), trace));
    }
    clients.forEach(client -> saved.put(client, new ArrayList<>()));
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
  }

  private void step() {
    if (random.nextInt(100) < 3 && !rare.isEmpty()) {
      rareEvent(new ArrayList<>(new java.util.TreeSet<>(rare)).get(random.nextInt(rare.size())));
      return;
    }
    int dice = random.nextInt(100);
    if (dice < 34) {
      postgresStep(dice);
    } else if (dice < 40) {
      log("horizon");
      postgres.emitHorizon();
    } else if (dice < 50) {
      publish();
    } else if (dice < 62) {
      nodes.get(random.nextInt(nodes.size())).take();
    } else if (dice < 74) {
      if (reader.isBusy()) {
        reader.step(random.nextInt(reader.size()));
      }
    } else if (dice < 76) {
      runTimers();
    } else {
      clientStep(clients.get(random.nextInt(clients.size())));
    }
  }

  private void postgresStep(int dice) {
    List<ModelPostgres.Transaction> open = List.copyOf(postgres.open());
    List<ModelPostgres.Transaction> flushed = List.copyOf(postgres.committedButInvisible());
    if (dice < 9) {
      if (open.size() < 4) {
        writeSomething(postgres.begin());
      }
    } else if (dice < 16) {
      any(open).ifPresent(this::writeSomething);
    } else if (dice < 26) {
      any(open).ifPresent(this::endTransaction);
    } else {
      any(flushed)
          .ifPresent(
              transaction -> {
                log("xid " + transaction.xid + " becomes visible");
                postgres.becomeVisible(transaction);
              });
    }
  }

  private void endTransaction(ModelPostgres.Transaction transaction) {
    if (random.nextInt(8) == 0) {
      log("xid " + transaction.xid + " aborts");
      postgres.abort(transaction);
    } else {
      boolean oversized = random.nextDouble() < oversizedRate;
      postgres.commit(transaction, oversized, random.nextBoolean());
      log(
          "xid "
              + transaction.xid
              + " commits at "
              + postgres.log.size()
              + (oversized ? " oversized" : ""));
    }
  }

  private void writeSomething(ModelPostgres.Transaction by) {
    RunId id = ids.get(random.nextInt(ids.size()));
    if (postgres.lockedByAnother(id, by) || postgres.isPurged(id)) {
      return;
    }
    Run head = postgres.head(id, by);
    if (head != null && head.status() == RunStatus.DELETED) {
      return;
    }
    RunStatus status = nextStatus(head);
    boolean payload = random.nextDouble() < payloadRate;
    boolean tag = random.nextInt(10) < 4;
    postgres.write(by, id, status, tag, payload);
    log("xid " + by.xid + " writes " + id + " " + status + " tag " + tag + " payload " + payload);
  }

  private RunStatus nextStatus(Run head) {
    RunStatus[] choices =
        head == null
            ? new RunStatus[] {
              RunStatus.PENDING,
              RunStatus.PENDING,
              RunStatus.EXECUTING,
              RunStatus.COMPLETED_SUCCESSFULLY
            }
            : head.status() == RunStatus.COMPLETED_SUCCESSFULLY
                ? new RunStatus[] {null, null, RunStatus.DELETED}
                : new RunStatus[] {
                  null,
                  RunStatus.PENDING,
                  RunStatus.EXECUTING,
                  RunStatus.EXECUTING,
                  RunStatus.COMPLETED_SUCCESSFULLY,
                  RunStatus.COMPLETED_SUCCESSFULLY,
                  RunStatus.DELETED
                };
    return choices[random.nextInt(choices.length)];
  }

  private void rareEvent(String event) {
    Node node = nodes.get(random.nextInt(nodes.size()));
    log(event);
    switch (event) {
      case "lose" -> {
        if (!node.inbox.isEmpty()) {
          List<ChangeBatch> inbox = new ArrayList<>(node.inbox);
          inbox.remove(random.nextInt(inbox.size()));
          node.inbox.clear();
          node.inbox.addAll(inbox);
        }
      }
      case "leader" -> newSession(confirmed + random.nextInt(published - confirmed + 1));
      case "slot" -> {
        incarnation = new Incarnation(incarnation.number() + 1, 7);
        newSession(postgres.log.size());
      }
      case "crash" -> {
        postgres.crash();
        newSession(confirmed + random.nextInt(published - confirmed + 1));
      }
      case "restart" -> {
        clients.stream()
            .filter(client -> client.isConnected() && client.connectedTo(node.hub))
            .forEach(this::disconnect);
        node.start();
      }
      case "purge" -> purgeOne();
      case "fail" -> {
        if (reader.isBusy()) {
          reader.fail(random.nextInt(reader.size()));
        }
      }
      case "silence" -> {
        now = now.plusSeconds(pick(4, 100));
        nodes.forEach(each -> each.hub.tick());
      }
      default -> throw new IllegalStateException(event);
    }
  }

  private void newSession(int from) {
    session++;
    published = from;
    confirmed = from;
    prev = new Lsn(from);
  }

  private void purgeOne() {
    Visibility snapshot = postgres.snapshot();
    List<Run> deleted =
        postgres.read(snapshot).stream()
            .filter(
                run ->
                    run.status() == RunStatus.DELETED && !postgres.lockedByAnother(run.id(), null))
            .filter(run -> !postgres.isPurged(run.id()))
            .toList();
    any(deleted).ifPresent(run -> postgres.purge(run.id(), run));
  }

  private void publish() {
    int count = Math.min(1 + random.nextInt(3), postgres.log.size() - published);
    if (count > 0) {
      List<ChangeBatch.Entry> entries = postgres.log.subList(published, published + count);
      Lsn last = entries.get(count - 1).lsn();
      ChangeBatch batch = new ChangeBatch(incarnation, session, prev, last, entries);
      log(
          "publishes "
              + prev
              + " to "
              + last
              + " session "
              + session
              + " "
              + incarnation
              + " "
              + entries);
      published += count;
      prev = last;
      nodes.forEach(node -> node.inbox.addLast(batch));
      if (random.nextInt(4) == 0) {
        confirmed = published;
      }
    }
  }

  private void publishAll() {
    while (published < postgres.log.size()) {
      publish();
    }
    for (Node node : nodes) {
      while (!node.inbox.isEmpty()) {
        node.take();
      }
    }
  }

  private void runTimers() {
    List<Runnable> ready = List.copyOf(timers);
    timers.clear();
    ready.forEach(Runnable::run);
  }

  private void clientStep(ModelClient client) {
    if (!client.isConnected()) {
      connectSomehow(client);
    } else if (random.nextInt(100) < 6) {
      disconnect(client);
    } else if (client.connection.hasUnread()) {
      client.connection.readOne();
      if (random.nextInt(100) < 15) {
        List<ModelClient.Memory> memories = saved.get(client);
        memories.add(client.memory.copy());
        if (memories.size() > 4) {
          memories.remove(0);
        }
      }
    }
  }

  private void connectSomehow(ModelClient client) {
    List<ModelClient.Memory> memories = saved.get(client);
    int dice = random.nextInt(100);
    if (dice < 12 && !memories.isEmpty()) {
      int which = random.nextInt(memories.size());
      client.memory = memories.get(which).copy();
      memories.subList(which + 1, memories.size()).clear();
      log(client.name + " goes back to an old memory " + client.memory);
    } else if (dice < 22) {
      readByRest(client);
    } else {
      connect(client, nodes.get(random.nextInt(nodes.size())));
    }
  }

  /**
   * Rows and a cursor from REST: a horizon that came back through the stream, never the snapshot's.
   */
  private void readByRest(ModelClient client) {
    Hub hub = nodes.get(random.nextInt(nodes.size())).hub;
    if (hub.horizon() == 0) {
      return;
    }
    Visibility snapshot = postgres.snapshot();
    Cursor cursor =
        Cursor.ofRead(hub.incarnation().orElseThrow(), Math.min(snapshot.xmin(), hub.horizon()));
    List<Run> rows = postgres.read(snapshot).stream().filter(client.filter::matches).toList();
    Set<RunId> kept = new HashSet<>();
    rows.forEach(run -> kept.add(run.id()));
    Map<RunId, ModelClient.Held> held = new HashMap<>(client.memory.rows());
    held.keySet().retainAll(kept);
    client.memory = new ModelClient.Memory(held, cursor, client.memory.reported(), null);
    rows.forEach(run -> client.takeRun(run, true));
    log(client.name + " reads by REST " + client.memory);
  }

  private void connect(ModelClient client, Node node) {
    log(
        client.name
            + " connects to node "
            + nodes.indexOf(node)
            + " with "
            + client.memory.cursor());
    client.connection = client.new Connection(pick(1, 2, 5, 100));
    client.connectedHub = node.hub;
    client.subscription =
        node.flow.open(
            new SubscribeRequest(client.filter, Columns.ALL, client.memory.cursor(), false, false),
            client.connection);
  }

  private void disconnect(ModelClient client) {
    log(client.name + " disconnects");
    client.subscription.close();
    client.connection.breakAfter(random.nextInt(3));
    client.subscription = null;
  }

  private void comeToRest() {
    log("coming to rest");
    for (ModelPostgres.Transaction transaction : List.copyOf(postgres.open())) {
      postgres.abort(transaction);
    }
    for (ModelPostgres.Transaction transaction : List.copyOf(postgres.committedButInvisible())) {
      postgres.becomeVisible(transaction);
    }
    for (int round = 0; round < 4; round++) {
      postgres.emitHorizon();
      publishAll();
      for (ModelClient client : clients) {
        if (!client.isConnected()) {
          connect(client, nodes.get(random.nextInt(nodes.size())));
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
        if (client.connection.hasUnread()) {
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
    Map<RunId, ModelClient.Held> table = new HashMap<>();
    for (Run run : postgres.read(postgres.snapshot())) {
      if (client.filter.matches(run)) {
        table.put(
            run.id(),
            new ModelClient.Held(
                run.version(),
                run.status().name(),
                !run.tags().isEmpty(),
                run.contents().payload().orNull()));
      }
    }
    if (!table.equals(client.memory.rows())) {
      throw new AssertionError(
          client.name
              + " "
              + client.filter
              + "\n  holds "
              + client.memory.rows()
              + "\n  table "
              + table);
    }
    if (!client.subscription.isSettled() || !client.subscription.isIdle()) {
      throw new AssertionError(client.name + " is not settled at rest");
    }
  }

  private int pick(int... choices) {
    return choices[random.nextInt(choices.length)];
  }

  private <T> java.util.Optional<T> any(Collection<T> choices) {
    return choices.stream()
        .skip(choices.isEmpty() ? 0 : random.nextInt(choices.size()))
        .findFirst();
  }

  private void log(String text) {
    trace.add(text);
  }
}
