package dev.runcast.it.bench.clients;

import dev.runcast.it.bench.BenchDatabase;
import dev.runcast.it.bench.Ground;
import dev.runcast.it.bench.Section;
import dev.runcast.it.bench.Service;
import dev.runcast.it.bench.Tenant;
import dev.runcast.it.bench.process.Usage;
import dev.runcast.it.bench.report.Cost;
import dev.runcast.it.bench.report.Figure;
import dev.runcast.it.bench.report.Report;
import dev.runcast.it.bench.report.Rounds;
import io.vertx.core.json.JsonObject;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * A batch of a thousand items, announced and then streamed as lines of JSON, until it is sealed;
 * beside the same rows in one statement and one commit.
 */
public final class BatchSeal implements Section {
  private static final int ITEMS = 1_000;
  private static final int WARM_UP = 3;
  private static final int ROUNDS = 7;
  private static final double AIM_MILLIS = 1_000;
  private static final String PAYLOAD = "{\"pad\":\"" + "x".repeat(200) + "\"}";

  private static final String INSERT =
      """
      insert into run (environment_id, id, task_identifier, status, queue, queued_at, payload,
        payload_type, batch_id, batch_index, trigger_function)
      select ?, id, 'bench', 'PENDING', 'task/bench', now(), payload, 'application/json', ?,
        place - 1, 'batchTrigger'
      from unnest(?::text[], ?::text[]) with ordinality as item (id, payload, place)""";

  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  @Override
  public void run(Ground ground, Report report) {
    Service service = ground.service();
    Rounds rounds = new Rounds();
    Usage before = service.usage();
    try (Connection connection = ground.database().connect()) {
      for (int i = 0; i < WARM_UP; i++) {
        seal(service);
        insert(connection, ground.database(), service.environment());
      }
      for (int i = 0; i < ROUNDS; i++) {
        rounds.add(seal(service), insert(connection, ground.database(), service.environment()));
      }
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
    report.add(
        new Figure(
            "a batch of 1,000 items until it is sealed",
            "ms",
            rounds.ours(),
            new Figure.Baseline("one statement", rounds.baseline(), rounds.ratio()),
            Figure.Target.atMost("< 1 s", rounds.ours(), AIM_MILLIS),
            Cost.of("service", service.usage().since(before)),
            "Limited by checking each item, and by Postgres: triggers and indexes of each row.",
            new JsonObject().put("ratios", rounds.ratios())));
  }

  private double seal(Service service) {
    String lines =
        IntStream.range(0, ITEMS)
            .mapToObj(BatchSeal::line)
            .collect(Collectors.joining("\n", "", "\n"));
    byte[] bytes = lines.getBytes(StandardCharsets.UTF_8);
    long began = System.nanoTime();
    JsonObject made =
        post(
            service,
            "/api/v3/batches",
            "application/json",
            BodyPublishers.ofString("{\"runCount\":" + ITEMS + "}"));
    JsonObject filled =
        post(
            service,
            "/api/v3/batches/" + made.getString("id") + "/items",
            "application/x-ndjson",
            // Of unknown length, as the official client sends it.
            BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(bytes)));
    double millis = (System.nanoTime() - began) / 1e6;
    if (!filled.getBoolean("sealed", false)) {
      throw new IllegalStateException("not sealed: " + filled);
    }
    return millis;
  }

  private static String line(int index) {
    return new JsonObject()
        .put("index", index)
        .put("task", "bench")
        .put("payload", PAYLOAD)
        .put("options", new JsonObject().put("payloadType", "application/json"))
        .encode();
  }

  private JsonObject post(Service service, String path, String type, BodyPublisher body) {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + service.port() + path))
            .header("authorization", "Bearer " + Tenant.SERVICE_KEY)
            .header("content-type", type)
            .POST(body)
            .build();
    try {
      var answer = http.send(request, BodyHandlers.ofString());
      if (answer.statusCode() / 100 != 2) {
        throw new IllegalStateException(answer.statusCode() + " " + answer.body());
      }
      return new JsonObject(answer.body());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private static double insert(Connection connection, BenchDatabase database, String environment)
      throws SQLException {
    String batch = "batch_" + UUID.randomUUID().toString().replace("-", "");
    database.run(
        "insert into batch (environment_id, id, run_count) values (?, ?, ?)",
        environment,
        batch,
        ITEMS);
    String[] ids = new String[ITEMS];
    String[] payloads = new String[ITEMS];
    for (int i = 0; i < ITEMS; i++) {
      ids[i] = "run_" + UUID.randomUUID().toString().replace("-", "");
      payloads[i] = PAYLOAD;
    }
    long began = System.nanoTime();
    try (PreparedStatement statement = connection.prepareStatement(INSERT)) {
      statement.setString(1, environment);
      statement.setString(2, batch);
      statement.setArray(3, connection.createArrayOf("text", ids));
      statement.setArray(4, connection.createArrayOf("text", payloads));
      statement.executeUpdate();
    }
    return (System.nanoTime() - began) / 1e6;
  }
}
