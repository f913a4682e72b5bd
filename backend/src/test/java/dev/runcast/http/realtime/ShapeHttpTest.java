package dev.runcast.http.realtime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runcast.http.realtime.sse.FeedServer;
import dev.runcast.http.realtime.sse.RawClient;
import dev.runcast.http.realtime.sse.TableInMemory;
import dev.runcast.http.server.ServerOptions;
import dev.runcast.run.Run;
import dev.runcast.run.RunStatus;
import dev.runcast.testing.Await;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The long poll as a client sees it, request by request. */
class ShapeHttpTest {
  private static final String TAGGED = "/realtime/v1/runs?tags=x";
  private static Vertx vertx;
  private FeedServer server;

  /** What one request was answered with. */
  private record Turn(int status, String handle, String offset, boolean upToDate, JsonArray body) {
    static Turn of(RawClient client) throws IOException {
      return new Turn(
          client.status(),
          client.header("electric-handle"),
          client.header("electric-offset"),
          client.header("electric-up-to-date") != null,
          new JsonArray(client.rest()));
    }

    /** Each run as {@code operation id status}. */
    List<String> rows() {
      List<String> rows = new ArrayList<>();
      for (int i = 0; i < body.size(); i++) {
        JsonObject headers = body.getJsonObject(i).getJsonObject("headers");
        if (headers.containsKey("operation")) {
          JsonObject value = body.getJsonObject(i).getJsonObject("value");
          rows.add(
              headers.getString("operation")
                  + " "
                  + value.getString("id")
                  + " "
                  + value.getString("status"));
        }
      }
      return rows;
    }

    String control() {
      JsonObject last = body.getJsonObject(body.size() - 1);
      return last.getJsonObject("headers").getString("control");
    }
  }

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
    server = FeedServer.holding(vertx, ServerOptions.clear("127.0.0.1", 0), Duration.ofMinutes(10));
  }

  @AfterEach
  void stop() {
    vertx.undeploy(server.deploymentID()).await();
  }

  @Test
  void tellsAtOnceWhatIsThereWithTheHeadersThatClientsInsistOn() throws Exception {
    server.commit(row("run_1", 1, RunStatus.PENDING, "x"), row("run_2", 1, RunStatus.PENDING));

    try (RawClient client = RawClient.connect(server.port()).get(TAGGED + "&offset=-1")) {
      assertThat(client.header("content-type")).startsWith("application/json");
      assertThat(client.header("cache-control")).isEqualTo("no-store");
      assertThat(client.header("electric-schema")).isEqualTo("{}");
      assertThat(client.header("electric-cursor")).matches("[0-9]+");
      assertThat(client.header("access-control-expose-headers")).contains("electric-handle");
      Turn turn = Turn.of(client);

      assertThat(turn.status()).isEqualTo(200);
      assertThat(turn.rows()).containsExactly("insert run_1 PENDING");
      assertThat(turn.control()).isEqualTo("up-to-date");
      assertThat(turn.upToDate()).isTrue();
    }
  }

  @Test
  void holdsALiveRequestUntilThereIsNewsAndTellsItOnce() throws Exception {
    server.commit(row("run_1", 1, RunStatus.PENDING, "x"));
    Turn first = get(TAGGED + "&offset=-1");

    try (RawClient client = RawClient.connect(server.port())) {
      ask(client, live(first));
      awaitSubscriptions(1);
      server.commit(row("run_9", 1, RunStatus.PENDING, "other"));
      server.commit(row("run_1", 2, RunStatus.EXECUTING, "x"));
      Turn second = Turn.of(client.readHead());

      assertThat(second.rows()).containsExactly("update run_1 EXECUTING");
      assertThat(second.handle()).isEqualTo(first.handle());
      assertThat(second.upToDate()).isTrue();
      assertThat(server.subscriptions()).isZero();
      assertThat(catchUp(second).rows()).isEmpty();
    }
  }

  @Test
  void answersAllThatOneTurnOfTheLogTellsTogether() throws Exception {
    Turn first = get(TAGGED + "&offset=-1");

    try (RawClient client = RawClient.connect(server.port())) {
      ask(client, live(first));
      awaitSubscriptions(1);
      server.commit(
          row("run_1", 1, RunStatus.PENDING, "x"),
          row("run_2", 1, RunStatus.PENDING, "x"),
          row("run_1", 2, RunStatus.EXECUTING, "x"));

      assertThat(Turn.of(client.readHead()).rows())
          .containsExactly("insert run_2 PENDING", "insert run_1 EXECUTING");
    }
  }

  @Test
  void tellsWhatHappenedBetweenTwoRequests() throws Exception {
    server.commit(row("run_1", 1, RunStatus.PENDING, "x"));
    Turn first = get(TAGGED + "&offset=-1");
    server.commit(row("run_1", 2, RunStatus.EXECUTING, "x"));
    server.commit(row("run_2", 1, RunStatus.PENDING, "x"));

    assertThat(get(live(first)).rows())
        .containsExactly("update run_1 EXECUTING", "insert run_2 PENDING");
    assertThat(catchUp(first).rows())
        .as("the same offset again, as after an answer that was lost")
        .containsExactly("update run_1 EXECUTING", "insert run_2 PENDING");
  }

  @Test
  void goesOnWhereTheServerThatGaveTheOffsetIsGone() throws Exception {
    server.commit(row("run_1", 1, RunStatus.PENDING, "x"));
    Turn first = get("/realtime/v1/runs/run_1?offset=-1");
    TableInMemory table = server.table;
    stop();
    start();
    Run same = table.find(FeedServer.ENV, "run_1").orElseThrow();
    server.commit(same);

    assertThat(catchUp(first).rows()).as("not told twice").isEmpty();

    server.commit(row("run_1", 2, RunStatus.EXECUTING, "x"));
    assertThat(catchUp(first).rows()).hasSize(1);
  }

  @Test
  void saysThatItIsStillThereWhenNothingHappens() throws Exception {
    stop();
    server = FeedServer.holding(vertx, ServerOptions.clear("127.0.0.1", 0), Duration.ofMillis(500));
    Turn first = get(TAGGED + "&offset=-1");

    Turn second = get(live(first));

    assertThat(second.status()).isEqualTo(200);
    assertThat(second.rows()).isEmpty();
    assertThat(second.control()).isEqualTo("up-to-date");
    assertThat(server.subscriptions()).isZero();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "offset=0_0&handle=%s",
        "offset=nonsense&handle=%s",
        "offset=%2$s",
        "offset=%2$s&handle=0123456789abcdef--1",
        "offset=%2$s&handle=%s&skipColumns=payload",
        "offset=&handle=%s",
      })
  void sendsAClientThatHoldsSomethingElseBackToItsBeginning(String query) throws Exception {
    Turn first = get(TAGGED + "&offset=-1");

    Turn turn = get(TAGGED + "&live=true&" + query.formatted(first.handle(), first.offset()));

    assertThat(turn.status()).isEqualTo(409);
    assertThat(turn.body().encode()).isEqualTo("[{\"headers\":{\"control\":\"must-refetch\"}}]");
    assertThat(turn.handle()).isNotNull().isNotEqualTo(first.handle());
  }

  @Test
  void sendsAClientBackWhoseOffsetIsOfAnotherHistory() throws Exception {
    Turn first = get(TAGGED + "&offset=-1");
    String foreign = "zz" + first.offset();

    Turn turn = get(TAGGED + "&offset=" + foreign + "&handle=" + first.handle());

    assertThat(turn.status()).isEqualTo(409);
  }

  @Test
  void beginsWithWhatHappensFromNowOnWhenAsked() throws Exception {
    server.commit(row("run_1", 1, RunStatus.PENDING, "x"));
    Turn first = get(TAGGED + "&offset=now");
    server.commit(row("run_1", 2, RunStatus.EXECUTING, "x"));

    assertThat(first.rows()).isEmpty();
    assertThat(get(live(first)).rows())
        .as("whole, for the client does not hold it")
        .containsExactly("insert run_1 EXECUTING");
  }

  @Test
  void keepsTheBoundOfTheFirstRequestThroughABeginningAnew() throws Exception {
    Turn first = get(TAGGED + "&createdAt=1h&offset=-1");

    Turn again = get(TAGGED + "&createdAt=7d&offset=-1&handle=" + first.handle());

    assertThat(bound(again)).isEqualTo(bound(first)).isNotEmpty();
  }

  private static String bound(Turn turn) {
    return turn.handle().split("-", -1)[1];
  }

  @Test
  void givesThePlaceBackWhenTheClientIsGone() throws Exception {
    Turn first = get(TAGGED + "&offset=-1");
    for (int i = 0; i < 5; i++) {
      try (RawClient client = RawClient.connect(server.port())) {
        ask(client, live(first));
        awaitSubscriptions(1);
      }
      awaitSubscriptions(0);
    }
  }

  @Test
  void isUnavailableRatherThanRefusedWhenTheNodeGoesDown() throws Exception {
    Turn first = get(TAGGED + "&offset=-1");
    try (RawClient client = RawClient.connect(server.port())) {
      ask(client, live(first));
      awaitSubscriptions(1);
      stop();
      client.readHead();

      assertThat(client.status()).isEqualTo(503);
      assertThat(client.header("x-should-retry")).isEqualTo("true");
    }
    start();
  }

  @ParameterizedTest
  @CsvSource({
    "/realtime/v1/runs/run_none?offset=-1, 404, run_none",
    "/realtime/v1/batches/batch_2?offset=-1, 404, batch_2",
    "/realtime/v1/runs?offset=-1&createdAt=x, 400, createdAt",
    "/realtime/v1/runs?offset=-1&offset=-1, 400, offset",
    "/realtime/v1/runs?offset=-1&sample=1s, 400, sample",
    "/realtime/v1/runs/run_1?offset=-1&sample=1s, 400, sample",
    "/realtime/v1/batches/batch_1?offset=-1&sample=1s, 400, sample",
  })
  void refusesInPlainWords(String path, int status, String word) throws Exception {
    try (RawClient client = RawClient.connect(server.port()).get(path)) {
      assertThat(client.status()).isEqualTo(status);
      assertThat(new JsonObject(client.rest()).getString("error")).contains(word);
    }
  }

  private Run row(String id, long version, RunStatus status, String... tags) {
    return server.table.row(id, version, status, "1", tags);
  }

  private static String live(Turn turn) {
    return TAGGED + "&live=true&offset=" + turn.offset() + "&handle=" + turn.handle();
  }

  /** How things stand since then, on the path that the handle is of. */
  private Turn catchUp(Turn turn) throws IOException {
    String path = turn.offset().contains("!") ? "/realtime/v1/runs/run_1?" : TAGGED + "&";
    return get(path + "offset=" + turn.offset() + "&handle=" + turn.handle());
  }

  private Turn get(String path) throws IOException {
    try (RawClient client = RawClient.connect(server.port()).get(path)) {
      return Turn.of(client);
    }
  }

  private static void ask(RawClient client, String path) throws IOException {
    client.write(
        "GET "
            + path
            + " HTTP/1.1\r\nhost: test\r\nauthorization: Bearer "
            + FeedServer.SECRET
            + "\r\n\r\n");
  }

  private void awaitSubscriptions(int count) {
    Await.until(count + " subscriptions", () -> server.subscriptions() == count);
  }
}
