package dev.runcast.it.engine;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.runcast.it.harness.Api;
import dev.runcast.it.harness.Await;
import dev.runcast.it.harness.Node;
import dev.runcast.it.harness.NodeSpec;
import dev.runcast.it.harness.Shared;
import dev.runcast.it.harness.TestDatabase;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Workers that are none of the official tool's. */
class WorkersIT {
  private static final String CLAIM = "/api/v1/queues/fetch/claim";

  private TestDatabase database;
  private Node node;
  private Api api;

  @BeforeEach
  void start() {
    database = Shared.postgres().database();
    node = Node.start(NodeSpec.serve(database));
    api = node.api();
  }

  @AfterEach
  void stop() {
    node.close();
  }

  private JsonNode retrieve(String run) {
    return api.get("/api/v3/runs/" + run).expect(200).json();
  }

  private void awaitStatus(String run, String status) {
    Await.until(
        run + " to be " + status,
        () -> retrieve(run).get("status").asText().equals(status),
        () -> retrieve(run) + "\n" + node.log());
  }

  @Test
  void whoWaitsIsGivenARunAsItComesAndNothingWhenNoneDoes() throws Exception {
    CompletableFuture<JsonNode> waiting = claimLater(Map.of("type", "task", "wait", "50s"));
    api.post(CLAIM, Map.of("type", "task", "wait", "1s")).expect(200);
    assertThat(waiting).isNotDone();

    String run = api.trigger("fetch", Map.of(), Map.of());

    assertThat(claimed(waiting)).containsExactly(run);
    JsonNode none = api.post(CLAIM, Map.of("type", "task", "wait", "1s")).expect(200).json();
    assertThat(none.get("runs")).isEmpty();
  }

  @Test
  void whoWaitsHearsOfRunsOfPlainSqlAndOfPlacesThatBecomeFree() throws Exception {
    String first = api.trigger("fetch", Map.of(), Map.of());
    api.post(
            "/api/v1/queues/fetch/concurrency/override",
            Map.of("type", "task", "concurrencyLimit", 1))
        .expect(200);
    JsonNode held =
        api.post(CLAIM, Map.of("type", "task", "for", "1h")).expect(200).json().at("/runs/0");
    assertThat(held.get("id").asText()).isEqualTo(first);
    database.execute(
        """
        insert into run (environment_id, id, task_identifier)
          select environment_id, 'run_of_sql', 'fetch' from run limit 1""");
    CompletableFuture<JsonNode> waiting =
        claimLater(Map.of("type", "task", "wait", "50s", "for", "1h"));
    api.post(CLAIM, Map.of("type", "task", "wait", "1s")).expect(200);
    assertThat(waiting).as("there is no place").isNotDone();

    api.patch(
            "/api/v1/runs/" + first,
            Map.of("status", "COMPLETED", "lease", held.get("lease").asText()))
        .expect(200);

    assertThat(claimed(waiting)).containsExactly("run_of_sql");
  }

  @Test
  void whoWaitedAndIsGoneIsGivenNothing() throws Exception {
    String body = "{\"type\":\"task\",\"wait\":\"50s\",\"for\":\"1h\",\"worker\":\"gone\"}";
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), node.port())) {
      String request =
          "POST %s HTTP/1.1\r\nhost: x\r\nauthorization: Bearer %s\r\ncontent-length: %d\r\n\r\n%s"
              .formatted(CLAIM, node.secretKey(), body.length(), body);
      socket.getOutputStream().write(request.getBytes(StandardCharsets.UTF_8));
      api.post(CLAIM, Map.of("type", "task", "wait", "1s")).expect(200);
    }
    api.post(CLAIM, Map.of("type", "task", "wait", "1s")).expect(200);

    String run = api.trigger("fetch", Map.of(), Map.of());

    assertThat(claimed(claimLater(Map.of("type", "task", "wait", "50s")))).containsExactly(run);
  }

  @Test
  void aLeaseLapsesByItselfAndTheRunEndsWithAReason() {
    String run = api.trigger("fetch", Map.of(), Map.of("maxAttempts", 1));
    JsonNode held =
        api.post(CLAIM, Map.of("type", "task", "for", "1s", "worker", "sleepy"))
            .expect(200)
            .json()
            .at("/runs/0");

    awaitStatus(run, "SYSTEM_FAILURE");

    assertThat(retrieve(run).at("/error/message").asText()).contains("sleepy", "attempt 1 of 1");
    api.patch(
            "/api/v1/runs/" + run,
            Map.of("status", "COMPLETED", "lease", held.get("lease").asText()))
        .expect(412);
  }

  @Test
  void aRunIsTimedOutByItselfWhoseWorkerTakesLongerThanItsMaxDuration() {
    String run = api.trigger("fetch", Map.of(), Map.of("maxDuration", 1));
    JsonNode held =
        api.post(CLAIM, Map.of("type", "task", "for", "1h", "worker", "slow"))
            .expect(200)
            .json()
            .at("/runs/0");

    awaitStatus(run, "TIMED_OUT");

    assertThat(retrieve(run).at("/error/message").asText()).contains("slow", "of 1 seconds");
    String lease = held.get("lease").asText();
    api.post("/api/v1/runs/" + run + "/lease", Map.of("lease", lease)).expect(412);
    api.patch("/api/v1/runs/" + run, Map.of("status", "COMPLETED", "lease", lease)).expect(412);
  }

  private CompletableFuture<JsonNode> claimLater(Map<String, ?> body) {
    return CompletableFuture.supplyAsync(() -> api.post(CLAIM, body).expect(200).json());
  }

  private static List<String> claimed(CompletableFuture<JsonNode> waiting) throws Exception {
    List<String> runs = new ArrayList<>();
    waiting
        .get(Await.BOUND.plus(Duration.ofMinutes(1)).toSeconds(), TimeUnit.SECONDS)
        .get("runs")
        .forEach(run -> runs.add(run.get("id").asText()));
    return runs;
  }
}
