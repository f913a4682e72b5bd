package dev.runcast.http.realtime.sse;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runcast.http.realtime.sse.RawClient.Event;
import dev.runcast.http.server.ServerOptions;
import dev.runcast.run.RunStatus;
import dev.runcast.subscribe.Limits;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What an HTTP/1.1 client sees, byte by byte. */
class SseHttp1Test {
  private static Vertx vertx;
  private FeedServer server;

  @BeforeAll
  static void startVertx() {
    vertx = Vertx.vertx();
  }

  @AfterAll
  static void stopVertx() {
    vertx.close().await();
  }

  @BeforeEach
  void start() {
    server =
        FeedServer.start(
            vertx, ServerOptions.clear("127.0.0.1", 0), FeedServer.unhurried(), new Limits(3, 2));
  }

  @AfterEach
  void stop() {
    if (vertx.deploymentIDs().contains(server.deploymentID())) {
      vertx.undeploy(server.deploymentID()).await();
    }
  }

  @Test
  void answersAtOnceWithAHeadThatNoProxyHoldsBack() throws Exception {
    try (RawClient client = RawClient.connect(server.port()).get("/realtime/v1/runs")) {
      assertThat(client.status()).isEqualTo(200);
      assertThat(client.header("content-type")).isEqualTo("text/event-stream; charset=utf-8");
      assertThat(client.header("cache-control")).isEqualTo("no-cache, no-transform");
      assertThat(client.header("x-accel-buffering")).isEqualTo("no");
      assertThat(client.header("access-control-allow-origin")).isEqualTo("*");
      assertThat(client.header("transfer-encoding")).isEqualTo("chunked");
      assertThat(client.block()).matches("retry: [12]\\d{3}");
    }
  }

  @Test
  void sendsWhatIsThereAndThenWhatHappens() throws Exception {
    server.commit(server.table.row("run_1", 1, RunStatus.PENDING, "{\"a\":1}", "x"));

    try (RawClient client = RawClient.connect(server.port()).get("/realtime/v1/runs?tags=x")) {
      List<Event> opening = client.until("live");
      server.commit(server.table.row("run_1", 2, RunStatus.EXECUTING, "{\"a\":1}", "x"));
      server.commit(server.table.row("run_2", 1, RunStatus.PENDING, "\"é\"", "x"));
      Event update = client.event();
      Event entry = client.event();

      assertThat(opening).filteredOn(e -> e.data().contains("\"id\":\"run_1\"")).hasSize(1);
      assertThat(update.name()).isEqualTo("run");
      assertThat(new JsonObject(update.data()).getInteger("version")).isEqualTo(2);
      assertThat(run(update).getString("status")).isEqualTo("EXECUTING");
      assertThat(run(entry).getString("payload")).isEqualTo("é");
      assertThat(entry.id()).isNotBlank();
    }
  }

  @Test
  void deliversManyChangesOfOneTurnInOrder() throws Exception {
    try (RawClient client = RawClient.connect(server.port()).get("/realtime/v1/runs")) {
      client.until("live");
      for (int i = 1; i <= 500; i++) {
        server.commit(
            server.table.row("run_" + i, 1, RunStatus.PENDING, "1"),
            server.table.row("run_" + i, 2, RunStatus.EXECUTING, "\"" + "x".repeat(i) + "\""));
        // At most a few at a time, lest the reader be slow and be spared what lies between.
        if (i % 10 == 0) {
          for (int j = i - 9; j <= i; j++) {
            assertThat(run(client.event()).getString("id")).isEqualTo("run_" + j);
            assertThat(run(client.event()).getString("payload")).isEqualTo("x".repeat(j));
          }
        }
      }
    }
  }

  @Test
  void sharesOneChunkAmongAllWithoutMixingThemUp() throws Exception {
    try (RawClient one = RawClient.connect(server.port()).get("/realtime/v1/runs");
        RawClient two =
            RawClient.connect(server.port()).get("/realtime/v1/runs?skipColumns=payload");
        RawClient three =
            RawClient.connect(server.port()).get("/realtime/v1/runs?createdAt=36525d")) {
      for (RawClient client : List.of(one, two, three)) {
        client.until("live");
      }
      for (int i = 1; i <= 50; i++) {
        server.commit(server.table.row("run_1", i, RunStatus.EXECUTING, "{\"n\":" + i + "}"));
      }

      for (int i = 1; i <= 50; i++) {
        Event whole = one.event();
        Event partial = two.event();
        Event bounded = three.event();
        assertThat(run(whole).getJsonObject("payload").getInteger("n")).isEqualTo(i);
        assertThat(run(partial).containsKey("payload")).isFalse();
        assertThat(new JsonObject(partial.data()).getInteger("version")).isEqualTo(i);
        assertThat(bounded.data()).isEqualTo(whole.data());
        assertThat(bounded.id()).startsWith(whole.id() + "~");
      }
    }
  }

  @Test
  void goesOnFromAnIdAfterADisconnect() throws Exception {
    String id;
    try (RawClient client =
        RawClient.connect(server.port()).get("/realtime/v1/runs?createdAt=36525d")) {
      client.until("live");
      server.commit(server.table.row("run_1", 1, RunStatus.PENDING, "1"));
      id = client.event().id();
    }
    server.commit(server.table.row("run_2", 1, RunStatus.PENDING, "1"));

    try (RawClient client =
        RawClient.connect(server.port())
            .get("/realtime/v1/runs?createdAt=36525d", "last-event-id: " + id)) {
      List<Event> events = client.until("live");

      assertThat(events).filteredOn(e -> e.data().contains("\"run_2\"")).isNotEmpty();
      assertThat(events).filteredOn(e -> e.data().contains("\"run_1\"")).isEmpty();
      assertThat(events.get(events.size() - 1).id()).endsWith(id.substring(id.indexOf('~')));
    }
  }

  @Test
  void endsTheBodyInGoodOrderAndTakesTheNextRequestOnTheSameConnection() throws Exception {
    server.commit(server.table.row("run_1", 1, RunStatus.EXECUTING, "1"));

    try (RawClient client =
        RawClient.connect(server.port()).get("/realtime/v1/runs/run_1?stopOnCompletion=true")) {
      client.until("live");
      server.commit(server.table.row("run_1", 2, RunStatus.COMPLETED_SUCCESSFULLY, "1"));
      List<Event> events = client.until("end");
      assertThat(client.rest()).isEmpty();

      assertThat(events).hasSize(2);
      JsonObject end = new JsonObject(events.get(1).data());
      assertThat(end.getString("reason")).isEqualTo("run-finished");
      assertThat(end.getBoolean("retryable")).isFalse();
      assertThat(client.get("/realtime/v1/nothing").status()).isEqualTo(404);
      assertThat(client.rest()).contains("not_found");
      assertThat(client.get("/realtime/v1/runs").until("live")).isNotEmpty();
    }
  }

  @Test
  void answersAPipelinedRequestOnceTheStreamHasEnded() throws Exception {
    server.commit(server.table.row("run_1", 1, RunStatus.EXECUTING, "1"));

    try (RawClient client =
        RawClient.connect(server.port()).get("/realtime/v1/runs/run_1?stopOnCompletion=true")) {
      client.until("live");
      client.write("GET /api/v1/none HTTP/1.1\r\nhost: test\r\n\r\n");
      server.commit(server.table.row("run_1", 2, RunStatus.CANCELED, "1"));
      client.until("end");
      assertThat(client.rest()).isEmpty();

      assertThat(client.readHead().status()).isEqualTo(404);
    }
  }

  @Test
  void hangsUpAfterTheEndWhenTheClientAskedForThat() throws Exception {
    server.commit(server.table.row("run_1", 1, RunStatus.EXECUTING, "1"));

    try (RawClient client =
        RawClient.connect(server.port())
            .get("/realtime/v1/runs/run_1?stopOnCompletion=true", "connection: close")) {
      client.until("live");
      server.commit(server.table.row("run_1", 2, RunStatus.CRASHED, "1"));
      client.until("end");

      assertThat(client.rest()).isEmpty();
      assertThat(client.isAtEndOfConnection()).isTrue();
    }
  }

  @Test
  void sendsAPlainBodyToAClientOfHttp10() throws Exception {
    server.commit(server.table.row("run_1", 1, RunStatus.EXECUTING, "1"));

    try (RawClient client =
        RawClient.connect(server.port())
            .send(
                "GET /realtime/v1/runs/run_1?stopOnCompletion=true&access_token="
                    + FeedServer.SECRET
                    + " HTTP/1.0\r\naccept: text/event-stream\r\n\r\n")) {
      assertThat(client.header("transfer-encoding")).isNull();
      client.until("live");
      server.commit(server.table.row("run_1", 2, RunStatus.TIMED_OUT, "1"));
      client.until("end");

      assertThat(client.rest()).isEmpty();
    }
  }

  @Test
  void forgetsAClientThatLeft() throws Exception {
    try (RawClient client = RawClient.connect(server.port()).get("/realtime/v1/runs")) {
      client.until("live");
      assertThat(server.subscriptions()).isEqualTo(1);
    }

    eventually(() -> server.subscriptions() == 0 && server.connections() == 0);
  }

  @Test
  void tellsEverybodyToComeBackWhenItStops() throws Exception {
    try (RawClient client = RawClient.connect(server.port()).get("/realtime/v1/runs")) {
      client.until("live");
      vertx.undeploy(server.deploymentID()).await();

      JsonObject end = new JsonObject(client.event().data());
      assertThat(end.getString("reason")).isEqualTo("shutdown");
      assertThat(end.getBoolean("retryable")).isTrue();
      assertThat(client.rest()).isEmpty();
      assertThat(client.isAtEndOfConnection()).isTrue();
    }
  }

  @Test
  void refusesMoreSubscriptionsThanTheLimitAndTakesOnesThatFollow() throws Exception {
    try (RawClient one = RawClient.connect(server.port()).get("/realtime/v1/runs");
        RawClient two = RawClient.connect(server.port()).get("/realtime/v1/runs");
        RawClient three = RawClient.connect(server.port()).get("/realtime/v1/runs")) {
      assertThat(List.of(one.status(), two.status(), three.status())).containsOnly(200);

      try (RawClient four = RawClient.connect(server.port()).get("/realtime/v1/runs")) {
        assertThat(four.status()).isEqualTo(429);
        assertThat(four.rest()).contains("at most 3");
      }
      three.socket.close();
      eventually(() -> server.subscriptions() == 2);

      try (RawClient four = RawClient.connect(server.port()).get("/realtime/v1/runs")) {
        assertThat(four.status()).isEqualTo(200);
      }
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "/realtime/v1/runs/run_none | text/event-stream | 404 | run_none",
        "/realtime/v1/runs/run-none | text/event-stream | 404 | run-none",
        "/realtime/v1/batches/batch_2 | text/event-stream | 404 | batch_2",
        "/realtime/v1/runs?tags= | text/event-stream | 400 | tags",
        "/realtime/v1/runs?createdAt=x | text/event-stream | 400 | createdAt",
        "/realtime/v1/runs?after=now&after=now | text/event-stream | 400 | after",
        "/realtime/v1/runs?parent=run_1&parent=run_2 | text/event-stream | 400 | parent",
        "/realtime/v1/runs | application/json | 400 | offset",
        "/realtime/v1/runs | */* | 400 | text/event-stream",
      })
  void refusesInPlainWords(String path, String accept, int status, String word) throws Exception {
    try (RawClient client =
        RawClient.connect(server.port())
            .send(
                "GET "
                    + path
                    + " HTTP/1.1\r\nhost: test\r\naccept: "
                    + accept
                    + "\r\nauthorization: Bearer "
                    + FeedServer.SECRET
                    + "\r\n\r\n")) {
      String body = client.rest();

      assertThat(client.status()).isEqualTo(status);
      assertThat(new JsonObject(body).getString("error")).contains(word);
      assertThat(client.header("access-control-allow-origin")).isEqualTo("*");
    }
  }

  @Test
  void passesOverATokenInTheUrlBesideAHeader() throws Exception {
    try (RawClient client =
        RawClient.connect(server.port()).get("/realtime/v1/runs?access_token=a.b.c")) {
      assertThat(client.status()).isEqualTo(200);
    }
  }

  @Test
  void takesATokenFromTheUrlButNotBesideAHeader() throws Exception {
    String request =
        "GET /realtime/v1/runs?access_token="
            + FeedServer.SECRET
            + " HTTP/1.1\r\nhost: test\r\naccept: text/event-stream\r\n";

    try (RawClient client = RawClient.connect(server.port()).send(request + "\r\n")) {
      assertThat(client.status()).isEqualTo(200);
    }
    try (RawClient client =
        RawClient.connect(server.port()).send(request + "authorization: Bearer no\r\n\r\n")) {
      assertThat(client.status()).isEqualTo(401);
    }
  }

  private static JsonObject run(Event event) {
    return new JsonObject(event.data()).getJsonObject("run");
  }

  static void eventually(BooleanSupplier condition) throws IOException {
    long deadline = System.nanoTime() + 20_000_000_000L;
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() > deadline) {
        throw new IOException("it did not come about within 20 seconds");
      }
      Thread.onSpinWait();
    }
  }
}
