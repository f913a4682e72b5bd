package dev.runcast.it;

import static dev.runcast.it.harness.NewRun.run;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.runcast.it.harness.Await;
import dev.runcast.it.harness.BadNetwork;
import dev.runcast.it.harness.ClientProgram;
import dev.runcast.it.harness.Node;
import dev.runcast.it.harness.NodeSpec;
import dev.runcast.it.harness.RandomWriter;
import dev.runcast.it.harness.RunWriter;
import dev.runcast.it.harness.Shared;
import dev.runcast.it.harness.TestDatabase;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/**
 * The clients of the shape protocol, unmodified, behind a network that delays and cuts, while
 * writers write at random and the node is killed: in the end each holds what the table holds.
 * {@code -Dshape.seed=…} repeats the choices of a run, though not its timing.
 */
class ShapeOracleIT {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int STEPS = 60;

  private final long seed = Long.getLong("shape.seed", System.nanoTime());

  /** A follower of a feed, and the same feed as a condition on the table. */
  private record Follower(ClientProgram client, String where, Object parameter) {}

  @Test
  void everyClientEqualsTheTableInTheEnd() {
    System.out.println("ShapeOracleIT: -Dshape.seed=" + seed);
    TestDatabase database = Shared.postgres().database();
    // Small buffers, so that every way out of them is taken.
    NodeSpec spec =
        NodeSpec.serve(database)
            .with("--ring-bytes", "64KiB", "--outbox-bytes", "64KiB", "--page-rows", "20");
    try (Node node = Node.start(spec);
        BadNetwork cutting = new BadNetwork(node.port(), true, seed);
        BadNetwork losing = new BadNetwork(node.port(), false, seed)) {
      RunWriter sql = new RunWriter(database, node.api().environment());
      try {
        trouble(node, List.of(cutting, losing), sql);
      } catch (AssertionError | RuntimeException e) {
        throw new AssertionError("seed " + seed + ": " + e.getMessage() + "\n" + node.log(), e);
      }
    }
  }

  /**
   * @param networks for today's generation of clients, and for the one before, which does not
   *     survive an answer that is cut in its midst
   */
  private void trouble(Node node, List<BadNetwork> networks, RunWriter sql) {
    BadNetwork cutting = networks.get(0);
    BadNetwork losing = networks.get(1);
    Random random = new Random(seed);
    RandomWriter writer = new RandomWriter(sql, seed);
    List<String> kept = List.of(sql.insert(run()), sql.insert(run().tagged("a")));
    String batch = writer.batches().get(0);
    String run = kept.get(0);
    List<Follower> followers =
        List.of(
            new Follower(
                follow(cutting, node, "1.5", "runs?tags=a"), "tags @> array[?]::text[]", "a"),
            new Follower(
                follow(losing, node, "1.0", "runs?tags=a"), "tags @> array[?]::text[]", "a"),
            new Follower(follow(cutting, node, "1.5", "batches/" + batch), "batch_id = ?", batch),
            new Follower(follow(losing, node, "1.0", "runs/" + run), "id = ?", run));
    try {
      writer.start(kept, 2);
      for (int step = 0; step < STEPS; step++) {
        if (step == STEPS / 2) {
          node.kill();
          node.startAgain();
        }
        Await.pause(random.nextInt(200));
      }
      writer.stop();
      networks.forEach(BadNetwork::beGood);
      followers.forEach(follower -> awaitRight(sql, follower));
      assertThat(networks)
          .as("something was cut")
          .allSatisfy(bad -> assertThat(bad.cuts()).isPositive());
    } finally {
      followers.forEach(follower -> follower.client().close());
    }
  }

  private static ClientProgram follow(
      BadNetwork network, Node node, String generation, String feed) {
    return ClientProgram.start(
        "shape", network.url(), node.secretKey(), generation, "/realtime/v1/" + feed);
  }

  private static void awaitRight(RunWriter sql, Follower follower) {
    Map<String, String> table = table(sql, follower.where(), follower.parameter());
    Await.until(
        follower.where() + " to be as the table",
        () -> held(follower.client()).equals(table),
        () -> "the table: " + table + "\nthe client: " + told(follower.client()));
  }

  private static String told(ClientProgram client) {
    return held(client)
        + "\n"
        + client.told("changed").size()
        + " times, refused: "
        + client.told("refused")
        + "\n"
        + client.complaints();
  }

  /** Runs in one comparable line each. */
  private static Map<String, String> held(ClientProgram client) {
    Map<String, String> lines = new TreeMap<>();
    for (JsonNode row : client.ask("rows").path("rows")) {
      JsonNode error = row.path("error");
      lines.put(
          row.path("id").asText(),
          line(
              row.path("status").asText(),
              row.path("runTags").toString(),
              row.path("payload"),
              row.path("output"),
              row.path("metadata"),
              error.isNull() ? error : error.path("raw")));
    }
    return lines;
  }

  private static String line(String status, String tags, JsonNode... wide) {
    StringBuilder line = new StringBuilder(status).append(' ').append(tags);
    for (JsonNode value : wide) {
      line.append(' ').append(value.isNull() ? "null" : value.asText().hashCode());
    }
    return line.toString();
  }

  private static Map<String, String> table(RunWriter sql, String where, Object parameter) {
    String query =
        "select id, status, tags, payload, output, metadata, error from run"
            + " where status <> 'DELETED' and "
            + where;
    try (Connection connection = sql.database().connect();
        PreparedStatement statement = connection.prepareStatement(query)) {
      statement.setObject(1, parameter);
      Map<String, String> lines = new TreeMap<>();
      try (ResultSet rows = statement.executeQuery()) {
        while (rows.next()) {
          String error = rows.getString("error");
          lines.put(
              rows.getString("id"),
              line(
                  rows.getString("status"),
                  JSON.valueToTree(Arrays.asList((Object[]) rows.getArray("tags").getArray()))
                      .toString(),
                  JSON.valueToTree(rows.getString("payload")),
                  JSON.valueToTree(rows.getString("output")),
                  JSON.valueToTree(rows.getString("metadata")),
                  error == null ? JSON.nullNode() : JSON.readTree(error)));
        }
      }
      return lines;
    } catch (SQLException | JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }
}
