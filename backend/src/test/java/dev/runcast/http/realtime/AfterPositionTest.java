package dev.runcast.http.realtime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runcast.http.realtime.sse.FeedServer;
import dev.runcast.http.server.ServerOptions;
import dev.runcast.subscribe.Limits;
import dev.runcast.testing.Sample;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Feeds that wait for what their client has written. */
class AfterPositionTest {
  private static final HttpClient HTTP = HttpClient.newHttpClient();

  private static Vertx vertx;
  private static FeedServer server;

  @BeforeAll
  static void start() {
    vertx = Vertx.vertx();
    server =
        FeedServer.start(
            vertx,
            ServerOptions.clear("127.0.0.1", 0),
            FeedServer.unhurried(),
            new Limits(100, 100));
  }

  @AfterAll
  static void stop() {
    vertx.close().await();
  }

  private static HttpRequest request(String pathAndQuery) {
    return HttpRequest.newBuilder(
            URI.create("http://127.0.0.1:" + server.port() + "/realtime/v1/" + pathAndQuery))
        .header("authorization", "Bearer " + FeedServer.SECRET)
        .header("accept", "text/event-stream")
        .build();
  }

  private static HttpResponse<String> refused(String pathAndQuery) throws Exception {
    return HTTP.send(request(pathAndQuery), BodyHandlers.ofString());
  }

  private static void assertIsServed(String pathAndQuery) throws Exception {
    HttpResponse<Stream<String>> opened = HTTP.send(request(pathAndQuery), BodyHandlers.ofLines());
    assertThat(opened.statusCode()).isEqualTo(200);
    try (Stream<String> lines = opened.body()) {
      assertThat(lines.anyMatch("event: live"::equals)).isTrue();
    }
  }

  @Test
  void whatWasHeardIsServedAtOnce() throws Exception {
    server.commit(Sample.run("run_1").in(FeedServer.ENV).xid(1_000).row());

    assertIsServed("runs?after-position=1000");
    assertIsServed("runs/run_1?after-position=1000");
    assertIsServed("batches/batch_1?after-position=3");
  }

  @Test
  void whatIsNotHeardInTimeIsTheNodesFaultAndWorthTryingAgain() throws Exception {
    HttpResponse<String> late = refused("runs?after-position=5000000");

    assertThat(late.statusCode()).isEqualTo(504);
    assertThat(late.headers().firstValue("x-should-retry")).contains("true");
    JsonObject body = new JsonObject(late.body());
    assertThat(body.getString("code")).isEqualTo("behind");
    assertThat(body.getString("param")).isEqualTo("after-position");
    assertThat(body.getString("error")).contains("position 5000000", "behind");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "x", "-1", "0", "1.5", "99999999999999999999", "7&after-position=8"})
  void whatIsNoPositionIsRefusedByName(String position) throws Exception {
    HttpResponse<String> refused = refused("runs?after-position=" + position);

    assertThat(refused.statusCode()).isEqualTo(400);
    assertThat(new JsonObject(refused.body()).getString("param")).isEqualTo("after-position");
  }

  @Test
  void whatThisDatabaseHasNotGivenIsRefused() throws Exception {
    HttpResponse<String> refused = refused("runs?after-position=" + FeedServer.NEVER_GIVEN);

    assertThat(refused.statusCode()).isEqualTo(400);
    assertThat(new JsonObject(refused.body()).getString("param")).isEqualTo("after-position");
  }

  @Test
  void theLongPollDoesNotTakeIt() throws Exception {
    HttpResponse<String> refused = refused("runs?offset=-1&after-position=7");

    assertThat(refused.statusCode()).isEqualTo(400);
    assertThat(new JsonObject(refused.body()).getString("param")).isEqualTo("after-position");
  }
}
