package dev.runcast.simulation;

import dev.runcast.hub.Hub;
import dev.runcast.hub.tally.Sums;
import dev.runcast.run.Filter;
import dev.runcast.run.Filter.Narrowing;
import dev.runcast.run.Run;
import dev.runcast.run.RunId;
import dev.runcast.run.RunStatus;
import dev.runcast.run.place.Cursor;
import dev.runcast.run.place.Incarnation;
import dev.runcast.run.place.Visibility;
import dev.runcast.run.stream.StreamSelection;
import dev.runcast.simulation.ModelClient.Wish;
import dev.runcast.subscribe.SubscribeRequest;
import dev.runcast.wire.Columns;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;

/** The clients that stay connected, and what they do: stall, break off, go back, read by REST. */
final class Followers {
  static final Duration STUCK_AFTER = Duration.ofSeconds(60);

  /** How far apart some of them want to hear of states of a run. */
  private static final Duration SAMPLE = Duration.ofMillis(500);

  /**
   * A version that no run comes to by itself: then a later change could pass for what it is not.
   */
  private static final int FAR = 1_000_000;

  /** How many of the filters are of feeds that runs come into. */
  private static final int SEVERAL_RUNS = 5;

  private final World world;
  private final Random random;
  private final ModelPostgres postgres;
  private final Trace trace;
  private final int breakRate;

  /** How often a row of a client that would find out is tampered with. */
  private final int falseRate;

  private final List<ModelClient> clients = new ArrayList<>();
  private final Map<ModelClient, List<Memory>> saved = new HashMap<>();

  Followers(World world) {
    this.world = world;
    this.random = world.random;
    this.postgres = world.postgres;
    this.trace = world.trace;
    this.breakRate = world.chatty ? world.pick(0, 1, 3) : world.pick(1, 3, 10);
    this.falseRate = world.pick(0, 2, 10);
    List<Filter> filters = new ArrayList<>(filters(Set.of()));
    if (world.chatty) {
      filters = filters.subList(0, SEVERAL_RUNS);
    }
    Collections.shuffle(filters, random);
    int variety = world.pick(1, 2, filters.size());
    for (int i = world.chatty ? world.pick(2, 4) : world.pick(1, 2, 3, 5); i > 0; i--) {
      Filter filter = filters.get(random.nextInt(variety));
      Wish wish = wish(filter);
      ModelClient client =
          new ModelClient(
              "c" + i, filter, wish, sums(filter, wish), chunks("c" + i, filter), world);
      client.sample = random.nextBoolean() ? SAMPLE : Duration.ZERO;
      clients.add(client);
      saved.put(client, new ArrayList<>());
    }
  }

  private HeldChunks chunks(String client, Filter filter) {
    StreamSelection streams = null;
    if (world.chatty || filter instanceof Filter.ByRun || random.nextBoolean()) {
      streams = random.nextInt(3) == 0 ? new StreamSelection(Set.of("s")) : StreamSelection.ALL;
    }
    return new HeldChunks(client, streams, filter, postgres);
  }

  private Wish wish(Filter filter) {
    int dice = random.nextInt(10);
    if (filter instanceof Filter.ByRun && dice < 5) {
      return Wish.UNTIL_DONE;
    }
    if (!(filter instanceof Filter.ByRun) && dice < 2) {
      return Wish.COUNTED;
    }
    return dice == 9 ? Wish.FROM_NOW : Wish.ALL;
  }

  private Sums sums(Filter filter, Wish wish) {
    if (filter instanceof Filter.ByRun) {
      return Sums.NONE;
    }
    return switch (wish) {
      case COUNTED -> new Sums(true, false, false);
      case FROM_NOW -> new Sums(random.nextBoolean(), false, false);
      case ALL -> allSums();
      case UNTIL_DONE -> Sums.NONE;
    };
  }

  private Sums allSums() {
    boolean digest = random.nextInt(3) > 0;
    return new Sums(random.nextInt(3) == 0, digest, digest && random.nextBoolean());
  }

  /**
   * @param tasks those whose runs are followed; empty for all
   */
  static List<Filter> filters(Set<String> tasks) {
    var environment = ModelPostgres.ENVIRONMENT;
    Narrowing running = new Narrowing(null, Set.of(RunStatus.PENDING, RunStatus.EXECUTING), tasks);
    Narrowing done = new Narrowing(null, Set.of(RunStatus.COMPLETED_SUCCESSFULLY), tasks);
    Narrowing all = new Narrowing(null, Set.of(), tasks);
    return List.of(
        new Filter.ByTags(environment, Set.of(Rows.TAG), all),
        new Filter.ByTags(environment, Set.of(Rows.TAG), running),
        new Filter.ByEnvironment(environment, all),
        new Filter.ByEnvironment(environment, running),
        new Filter.ByEnvironment(environment, done),
        new Filter.ByBatch(environment, Rows.BATCH, all),
        new Filter.ByRun(environment, new RunId("a"), all));
  }

  // What they do.

  void step() {
    ModelClient client = clients.get(random.nextInt(clients.size()));
    if (client.connection == null) {
      connectSomehow(client);
    } else if (random.nextInt(100) < breakRate || client.sums.doubts()) {
      disconnect(client);
    } else if (client.sums.wish.buckets() && random.nextInt(100) < falseRate) {
      falsify(client);
    } else if (client.connection.hasUnread()) {
      client.connection.readOne();
      if (random.nextInt(100) < 15 && !client.sums.mayBeFalse()) {
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

  /** Its older memories may hold the same. */
  private void falsify(ModelClient client) {
    List<RunId> held = new ArrayList<>(client.memory.rows().keySet());
    held.sort(Comparator.comparing(RunId::value));
    if (!held.isEmpty()) {
      client.falsify(held.get(random.nextInt(held.size())), world.pick(-1, 0, FAR));
      saved.get(client).clear();
    }
  }

  private void connectSomehow(ModelClient client) {
    List<Memory> memories = saved.get(client);
    if (random.nextBoolean()) {
      client.renewToken();
    }
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
      connect(client, world.someNode());
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
    Hub hub = world.someNode().hub;
    if (hub.heard().horizon() == 0) {
      return;
    }
    Visibility snapshot = postgres.snapshot();
    List<Run> rows = postgres.read(snapshot).stream().filter(client.filter::matches).toList();
    Set<RunId> listed = new HashSet<>();
    rows.forEach(run -> listed.add(run.id()));
    client.takeList(
        listed,
        rows,
        Cursor.withoutChunks(
            hub.heard().incarnation().orElseThrow(),
            Math.min(snapshot.xmin(), hub.heard().horizon())));
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
      if (node.hub.heard().horizon() == 0) {
        client.connection = null;
        return;
      }
      client.memory =
          client.memory.joining(node.hub.heard().now().orElseThrow().position().lsn().value());
    }
    Set<Integer> repair = client.sums.takeBroken();
    trace.add(
        () ->
            client.name
                + " connects to node "
                + world.nodes.indexOf(node)
                + " with "
                + cursor
                + (repair.isEmpty() ? "" : " to repair " + repair));
    client.connection =
        new ModelConnection(client, node, world.pick(1, 2, 5, 100), STUCK_AFTER, () -> world.now);
    client.connection.subscription =
        node.flow.open(
            new SubscribeRequest(
                client.filter,
                Columns.ALL,
                cursor,
                client.wish == Wish.FROM_NOW,
                client.wish == Wish.UNTIL_DONE,
                client.sample,
                client.sums.hasRows(),
                client.sums.wish,
                repair,
                client.memory.chunks().streams()),
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
    client.forgetRepair();
  }

  /** Takes the token of one of them back. */
  void revokeOne() {
    world.writers.revoke(clients.get(random.nextInt(clients.size())).bearer());
  }

  // What happens to them.

  void stepIsOver() {
    clients.forEach(ModelClient::stepIsOver);
  }

  void historyBegins(Incarnation first) {
    clients.forEach(client -> client.historyBegins(first));
  }

  void loseNode(ModelNode node) {
    clients.stream().filter(client -> isAt(client, node)).forEach(this::disconnect);
  }

  private static boolean isAt(ModelClient client, ModelNode node) {
    return client.connection != null && client.connection.isTo(node.hub);
  }

  // The end.

  /** Of a feed that does not change any more no digest comes but to those who connect. */
  void doubtAll() {
    clients.stream()
        .filter(client -> client.isConnected() && client.sums.mayBeFalse())
        .forEach(this::disconnect);
  }

  void connectAll() {
    for (ModelClient client : clients) {
      if (client.isConnected() && client.sums.doubts()) {
        disconnect(client);
      }
      if (!client.isConnected()) {
        client.renewToken();
        connect(client, world.someNode());
      }
    }
  }

  /** Each takes something of what waits for it; answers whether anything did. */
  boolean hear() {
    boolean heard = false;
    for (ModelClient client : clients) {
      if (client.connection != null && client.connection.hasUnread()) {
        client.connection.readOne();
        heard = true;
      }
    }
    return heard;
  }

  void check() {
    clients.forEach(this::check);
  }

  /** How many feeds of a node are added up for somebody. */
  long summedAt(ModelNode node) {
    return clients.stream()
        .filter(client -> client.isConnected() && isAt(client, node))
        .filter(client -> !client.sums.wish.isNone())
        .map(client -> client.filter)
        .distinct()
        .count();
  }

  long connectedTo(ModelNode node) {
    return clients.stream().filter(client -> client.isConnected() && isAt(client, node)).count();
  }

  private void check(ModelClient client) {
    if (client.isRevoked() && client.isConnected()) {
      throw new AssertionError(client.name + " is not ended though it is revoked");
    }
    if (client.isRevoked() || client.wasRevokedOnce()) {
      return;
    }
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
}
