package dev.runcast.http.server;

import static dev.runcast.testing.Await.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ManagementVerticleTest {
  private final HttpClient client = HttpClient.newHttpClient();
  private final Vertx vertx = Vertx.vertx();
  private volatile Future<List<String>> reasons = Future.succeededFuture(List.of());
  private int port;

  @BeforeEach
  void deploy() {
    ManagementVerticle verticle =
        new ManagementVerticle(
            "127.0.0.1",
            0,
            new ManagementVerticle.Sources(() -> reasons, () -> "runcast_subscriptions 1.0\n"));
    await(vertx.deployVerticle(verticle));
    port = verticle.port();
  }

  @AfterEach
  void close() {
    await(vertx.close());
  }

  @Test
  void saysThatItIsUpWhetherOrNotItIsReady() throws Exception {
    reasons = Future.succeededFuture(List.of("The database does not answer."));

    assertThat(get("/health").statusCode()).isEqualTo(200);
  }

  @Test
  void isReadyWhenNothingStandsInTheWay() throws Exception {
    HttpResponse<String> answer = get("/ready");

    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.body()).isEqualTo("{\"ready\":true,\"reasons\":[]}");
  }

  @Test
  void saysWhyItIsNotReady() throws Exception {
    reasons = Future.succeededFuture(List.of("No news arrives.", "The database does not answer."));

    HttpResponse<String> answer = get("/ready");

    assertThat(answer.statusCode()).isEqualTo(503);
    assertThat(answer.body()).contains("No news arrives.", "The database does not answer.");
  }

  @Test
  void tellsItsMetricsAsPrometheusReadsThem() throws Exception {
    HttpResponse<String> answer = get("/metrics");

    assertThat(answer.headers().firstValue("content-type"))
        .hasValue("text/plain; version=0.0.4; charset=utf-8");
    assertThat(answer.body()).isEqualTo("runcast_subscriptions 1.0\n");
  }

  private HttpResponse<String> get(String path) throws IOException, InterruptedException {
    URI uri = URI.create("http://127.0.0.1:" + port + path);
    return client.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString());
  }
}
