package dev.runcast.it;

import static dev.runcast.it.harness.NewRun.run;
import static org.assertj.core.api.Assertions.assertThat;

import dev.runcast.it.harness.Await;
import dev.runcast.it.harness.Node;
import dev.runcast.it.harness.NodeSpec;
import dev.runcast.it.harness.PostgresServer;
import dev.runcast.it.harness.RandomWriter;
import dev.runcast.it.harness.RunWriter;
import dev.runcast.it.harness.SseProbe;
import dev.runcast.it.harness.TestDatabase;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/**
 * The simulation's claim on the real thing: whatever writers write, whatever breaks and whoever
 * stalls, in the end every client knows what the table holds. {@code -Doracle.seed=…} repeats the
 * choices of a run, though not its timing.
 */
class OracleIT {
  private static final int STEPS = 80;
  private static final int CLIENTS = 14;

  private final long seed = Long.getLong("oracle.seed", System.nanoTime());
  private final Random random = new Random(seed);
  private final List<Client> clients = new ArrayList<>();
  private PostgresServer postgres;
  private Node node;
  private RunWriter sql;

  /** A follower of a feed, and the same feed as a condition on the table. */
  private record Client(SseProbe probe, String where, List<Object> parameters) {}

  @Test
  void everyClientEqualsTheTableInTheEnd() {
    System.out.println("OracleIT: -Doracle.seed=" + seed);
    try (PostgresServer server = PostgresServer.start()) {
      postgres = server;
      TestDatabase database = server.database();
      // Small buffers, so that every way out of them is taken.
      NodeSpec spec =
          NodeSpec.serve(database)
              .with("--ring-bytes", "64KiB", "--outbox-bytes", "64KiB", "--page-rows", "20")
              .with("--max-transaction", "256KiB");
      try (Node started = Node.start(spec)) {
        node = started;
        sql = new RunWriter(database, node.api().environment());
        trouble(new RandomWriter(sql, seed));
      }
    } catch (AssertionError | RuntimeException e) {
      String log = node == null ? "" : node.log();
      throw new AssertionError("seed " + seed + ": " + e.getMessage() + "\n" + log, e);
    }
  }

  private void trouble(RandomWriter writer) {
    List<String> watched = List.of(sql.insert(run()), sql.insert(run().tagged("a")));
    writer.start(watched, 3);
    try {
      for (int i = 0; i < CLIENTS; i++) {
        clients.add(client(writer, watched));
      }
      for (int step = 0; step < STEPS; step++) {
        breakSomething(step);
        reconnect();
        Await.pause(random.nextInt(150));
      }
    } finally {
      writer.stop();
    }
    clients.forEach(client -> client.probe().goOn());
    clients.forEach(this::awaitRight);
    clients.forEach(client -> client.probe().close());
    assertThat(sql.rows("true")).as("there was something to follow").hasSizeGreaterThan(50);
  }

  private Client client(RandomWriter writer, List<String> watched) {
    return switch (random.nextInt(7)) {
      case 0 -> client("/realtime/v1/runs", "true");
      case 1 -> client("/realtime/v1/runs?tags=a", "tags @> array['a']");
      case 2 -> client("/realtime/v1/runs?tag=a&tag=b", "tags @> array['a', 'b']");
      case 3 -> {
        String batch = writer.batches().get(random.nextInt(writer.batches().size()));
        yield client("/realtime/v1/batches/" + batch, "batch_id = ?", batch);
      }
      case 4 ->
          client("/realtime/v1/runs?parent=" + watched.get(0), "parent_id = ?", watched.get(0));
      default -> {
        String id = watched.get(random.nextInt(watched.size()));
        yield client("/realtime/v1/runs/" + id, "id = ?", id);
      }
    };
  }

  private Client client(String path, String where, Object... parameters) {
    SseProbe probe = new SseProbe(new SseProbe.Target(node.port(), path, node.secretKey()));
    return new Client(probe.withReceiveBuffer(8192).connect(), where, List.of(parameters));
  }

  private void breakSomething(int step) {
    if (step == STEPS / 4 || step == STEPS * 3 / 4) {
      node.kill();
      node.startAgain();
    } else if (step == STEPS / 2) {
      postgres.kill();
      postgres.startAgain();
    } else if (step % 20 == 15) {
      sql.database().script("select pg_terminate_backend(active_pid) from pg_replication_slots");
    } else {
      trouble(clients.get(random.nextInt(clients.size())).probe());
    }
  }

  private void trouble(SseProbe probe) {
    switch (random.nextInt(3)) {
      case 0 -> {
        if (probe.isConnected()) {
          probe.cut();
        }
      }
      case 1 -> probe.pause();
      default -> probe.goOn();
    }
  }

  private void reconnect() {
    for (Client client : clients) {
      if (!client.probe().isConnected() && random.nextInt(3) > 0) {
        client.probe().connect();
      }
    }
  }

  private void awaitRight(Client client) {
    Map<String, String> table =
        new TreeMap<>(sql.rows(client.where(), client.parameters().toArray()));
    Await.until(
        client.where() + " to be as the table",
        () -> {
          if (!client.probe().isConnected()) {
            client.probe().connect();
          }
          return client.probe().table().equals(table);
        },
        () -> difference(client.probe().table(), table));
  }

  private static String difference(Map<String, String> client, Map<String, String> table) {
    StringBuilder text = new StringBuilder();
    Map<String, String> all = new TreeMap<>(table);
    client.forEach(all::putIfAbsent);
    for (String id : all.keySet()) {
      String held = client.getOrDefault(id, "nothing");
      String stored = table.getOrDefault(id, "nothing");
      if (!held.equals(stored)) {
        text.append("%s: the client has %.200s, the table %.200s%n".formatted(id, held, stored));
      }
    }
    return text.toString();
  }
}
