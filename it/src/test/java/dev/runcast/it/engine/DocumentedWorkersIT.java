package dev.runcast.it.engine;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.runcast.it.harness.Api;
import dev.runcast.it.harness.Await;
import dev.runcast.it.harness.Node;
import dev.runcast.it.harness.NodeSpec;
import dev.runcast.it.harness.Shared;
import dev.runcast.it.harness.TestDatabase;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The workers that the documentation shows do what it says, in each language. */
class DocumentedWorkersIT {
  @TempDir Path folder;

  private TestDatabase database;
  private Node node;
  private Api api;
  private Site site;
  private final Map<String, Process> workers = new LinkedHashMap<>();

  @BeforeEach
  void start() throws IOException {
    database = Shared.postgres().database();
    node = Node.start(NodeSpec.serve(database));
    api = node.api();
    site = new Site();
  }

  @AfterEach
  void stop() throws InterruptedException {
    for (Process worker : workers.values()) {
      worker.destroyForcibly().waitFor(20, TimeUnit.SECONDS);
    }
    site.close();
    node.close();
  }

  /** What the workers fetch: {@code /slow} gives no answer before it may. */
  private static final class Site implements AutoCloseable {
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final HttpServer server;
    private final AtomicInteger slow = new AtomicInteger();
    private final CountDownLatch open = new CountDownLatch(1);

    Site() throws IOException {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
      server.setExecutor(threads);
      server.createContext("/", this::answer);
      server.start();
    }

    private void answer(HttpExchange exchange) throws IOException {
      if (exchange.getRequestURI().getPath().equals("/slow")) {
        slow.incrementAndGet();
        try {
          open.await();
        } catch (InterruptedException closed) {
          return;
        }
      }
      byte[] hello = "hello".getBytes(StandardCharsets.UTF_8);
      exchange.sendResponseHeaders(200, hello.length);
      exchange.getResponseBody().write(hello);
      exchange.close();
    }

    Map<String, String> at(String path) {
      return Map.of("url", "http://127.0.0.1:" + server.getAddress().getPort() + path);
    }

    @Override
    public void close() {
      server.stop(0);
      threads.shutdownNow();
    }
  }

  private Process startWorker(DocumentedWorker language) throws IOException, InterruptedException {
    Process worker = language.start(node, folder.resolve("worker" + workers.size() + ".log"));
    workers.put(language.name(worker), worker);
    return worker;
  }

  private JsonNode retrieve(String run) {
    return api.get("/api/v3/runs/" + run).expect(200).json();
  }

  private void awaitStatus(String run, String status) {
    Await.until(
        run + " to be " + status,
        () -> retrieve(run).get("status").asText().equals(status),
        () -> retrieve(run) + "\n" + logs());
  }

  private void awaitFetched(int times) {
    Await.until("the slow page to be fetched", () -> site.slow.get() >= times, this::logs);
  }

  private String logs() {
    StringBuilder text = new StringBuilder(node.log());
    for (int i = 0; i < workers.size(); i++) {
      try {
        text.append('\n').append(Files.readString(folder.resolve("worker" + i + ".log")));
      } catch (IOException e) {
        text.append(e);
      }
    }
    return text.toString();
  }

  private String leaseOf(String run) {
    return database.single("select lease_until from execution where run_id = ?", run);
  }

  @Test
  void theyShareTheWorkAndTakeOverFromOneThatIsKilled() throws Exception {
    String slow = api.trigger("fetch", site.at("/slow"), Map.of());
    for (DocumentedWorker language : DocumentedWorker.values()) {
      startWorker(language);
    }
    awaitFetched(1);
    Process victim =
        workers.get(database.single("select claimed_by from execution where run_id = ?", slow));

    victim.destroyForcibly();
    List<String> quick = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      quick.add(api.trigger("fetch", site.at("/" + i), Map.of()));
    }

    for (String run : quick) {
      awaitStatus(run, "COMPLETED");
    }
    site.open.countDown();
    awaitStatus(slow, "COMPLETED");
    assertThat(retrieve(slow).get("attemptCount").asInt()).isGreaterThan(1);
    assertThat(retrieve(slow).at("/output/bytes").asInt()).isEqualTo(5);
    assertThat(victim.waitFor()).isNotZero();
  }

  @ParameterizedTest
  @EnumSource
  void eachTellsWhatComesOfARunAndStopsWhatIsNotItsAnyMore(DocumentedWorker language)
      throws Exception {
    startWorker(language);

    String wrong = api.trigger("fetch", Map.of("url", "nowhere"), Map.of("maxAttempts", 1));
    awaitStatus(wrong, "FAILED");
    assertThat(retrieve(wrong).get("error").toString()).isNotEmpty();
    String cancelled = api.trigger("fetch", site.at("/slow"), Map.of());
    awaitFetched(1);
    api.post("/api/v2/runs/" + cancelled + "/cancel", Map.of()).expect(200);
    String next = api.trigger("fetch", site.at("/"), Map.of());

    awaitStatus(next, "COMPLETED");
    assertThat(retrieve(cancelled).get("status").asText()).isEqualTo("CANCELED");
    assertThat(database.single("select status from execution where run_id = ?", cancelled))
        .as("it was let go of")
        .isEqualTo("FINISHED");
  }

  @ParameterizedTest
  @EnumSource
  void eachKeepsItsLeaseAndEndsWithWhatItHas(DocumentedWorker language) throws Exception {
    Process worker = startWorker(language);
    String run = api.trigger("fetch", site.at("/slow"), Map.of());
    awaitFetched(1);
    String first = leaseOf(run);
    Await.until("the lease to be extended", () -> !leaseOf(run).equals(first), this::logs);

    worker.toHandle().destroy();
    site.open.countDown();

    awaitStatus(run, "COMPLETED");
    assertThat(retrieve(run).at("/output/bytes").asInt()).isEqualTo(5);
    assertThat(worker.waitFor(Await.BOUND.toSeconds(), TimeUnit.SECONDS)).as(logs()).isTrue();
    String left = api.trigger("fetch", site.at("/"), Map.of());
    assertThat(retrieve(left).get("status").asText()).isEqualTo("QUEUED");
  }
}
