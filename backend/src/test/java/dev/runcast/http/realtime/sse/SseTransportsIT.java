package dev.runcast.http.realtime.sse;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runcast.http.server.ServerOptions;
import dev.runcast.run.RunStatus;
import dev.runcast.subscribe.Limits;
import dev.runcast.testing.Await;
import dev.runcast.testing.TestCertificate;
import io.netty.handler.codec.http2.Http2FrameTypes;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.json.JsonObject;
import io.vertx.core.net.PemTrustOptions;
import java.nio.file.Path;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The same feed over every way that a client may come. */
class SseTransportsIT {
  private static final String ONE_RUN = "/realtime/v1/runs/run_1?stopOnCompletion=true";

  private enum Transport {
    HTTP_1_1(HttpVersion.HTTP_1_1, false),
    HTTP_2_BY_PRIOR_KNOWLEDGE(HttpVersion.HTTP_2, false),
    HTTP_2_BY_UPGRADE(HttpVersion.HTTP_2, false),
    HTTP_1_1_OVER_TLS(HttpVersion.HTTP_1_1, true),
    HTTP_2_OVER_TLS(HttpVersion.HTTP_2, true);

    private final HttpVersion version;
    private final boolean tls;

    Transport(HttpVersion version, boolean tls) {
      this.version = version;
      this.tls = tls;
    }

    private HttpClientOptions client(TestCertificate certificate) {
      HttpClientOptions options =
          new HttpClientOptions()
              .setProtocolVersion(version)
              .setHttp2ClearTextUpgrade(this == HTTP_2_BY_UPGRADE);
      if (tls) {
        options
            .setSsl(true)
            .setUseAlpn(version == HttpVersion.HTTP_2)
            .setTrustOptions(
                new PemTrustOptions().addCertPath(certificate.certificate().toString()));
      }
      return options;
    }

    private HttpServerOptions server(TestCertificate certificate) {
      return tls
          ? ServerOptions.tls("127.0.0.1", 0, certificate.certificate(), certificate.key())
          : ServerOptions.clear("127.0.0.1", 0);
    }
  }

  /** A body as it comes. */
  private static final class Stream {
    private static final Buffer END = Buffer.buffer("");

    private final HttpClientResponse response;
    private final BlockingQueue<Buffer> pieces = new LinkedBlockingQueue<>();
    private String text = "";

    Stream(HttpClientResponse response) {
      this.response = response;
      response.handler(pieces::add).endHandler(end -> pieces.add(END));
      response.exceptionHandler(broken -> pieces.add(Buffer.buffer("broken: " + broken)));
    }

    /** The next block that tells of an event of this name; what is before it is passed over. */
    String event(String name) throws InterruptedException {
      while (true) {
        String block = block();
        if (block.contains("event: " + name + "\n")) {
          return block.substring(block.indexOf("data: ") + 6);
        }
      }
    }

    private String block() throws InterruptedException {
      while (!text.contains("\n\n")) {
        Buffer piece = next();
        assertThat(piece).as("the body ended after " + text).isNotSameAs(END);
        text += piece.toString();
      }
      int end = text.indexOf("\n\n");
      String block = text.substring(0, end);
      text = text.substring(end + 2);
      return block;
    }

    boolean isAtItsEnd() throws InterruptedException {
      Buffer piece = next();
      while (piece != END && piece.length() == 0) {
        piece = next();
      }
      return text.isEmpty() && piece == END;
    }

    private Buffer next() throws InterruptedException {
      Buffer piece = pieces.poll(30, TimeUnit.SECONDS);
      assertThat(piece).as("a piece within 30 seconds").isNotNull();
      return piece;
    }
  }

  private static Vertx vertx;
  private static TestCertificate certificate;
  private FeedServer server;
  private HttpClient client;

  @BeforeAll
  static void start(@TempDir Path directory) throws Exception {
    certificate = TestCertificate.in(directory);
    vertx = Vertx.vertx();
  }

  @AfterAll
  static void stop() {
    vertx.close().await();
  }

  @AfterEach
  void stopServer() {
    if (client != null) {
      Await.await(client.close());
    }
    vertx.undeploy(server.deploymentID()).await();
  }

  private void serve(Transport transport) {
    server =
        FeedServer.start(
            vertx, transport.server(certificate), FeedServer.unhurried(), new Limits(9, 9));
    server.commit(server.table.row("run_1", 1, RunStatus.EXECUTING, "\"é\"", "x"));
    client =
        vertx.createHttpClient(
            transport.client(certificate), new PoolOptions().setHttp1MaxSize(1).setHttp2MaxSize(1));
  }

  private Stream get(String path) {
    HttpClientRequest request =
        Await.await(client.request(HttpMethod.GET, server.port(), "127.0.0.1", path));
    request.putHeader("accept", "text/event-stream");
    request.putHeader("authorization", "Bearer " + FeedServer.SECRET);
    // Asked for before it is sent: what is attached to a response that is there already runs on
    // this thread, and the first pieces may have passed.
    Future<Stream> stream = request.response().map(Stream::new);
    request.end();
    return Await.await(stream);
  }

  @ParameterizedTest
  @EnumSource(Transport.class)
  void tellsWhatIsThereThenWhatHappensThenTheEnd(Transport transport) throws Exception {
    serve(transport);

    Stream stream = get(ONE_RUN);

    assertThat(stream.response.version()).isEqualTo(transport.version);
    assertThat(stream.response.statusCode()).isEqualTo(200);
    assertThat(stream.response.getHeader("content-type"))
        .isEqualTo("text/event-stream; charset=utf-8");
    assertThat(stream.event("snapshot")).contains("\"payload\":\"é\"");
    assertThat(stream.event("live")).isEqualTo("{}");
    server.commit(server.table.row("run_1", 2, RunStatus.WAITING_TO_RESUME, "1", "x"));
    assertThat(json(stream.event("run")).getInteger("version")).isEqualTo(2);
    server.commit(server.table.row("run_1", 3, RunStatus.COMPLETED_SUCCESSFULLY, "1", "x"));
    assertThat(json(stream.event("run")).getInteger("version")).isEqualTo(3);
    assertThat(json(stream.event("end")).getString("reason")).isEqualTo("run-finished");
    assertThat(stream.isAtItsEnd()).isTrue();
  }

  @ParameterizedTest
  @EnumSource(Transport.class)
  void servesTheNextFeedOnTheSameConnection(Transport transport) throws Exception {
    serve(transport);
    Stream first = get(ONE_RUN);
    first.event("live");
    server.commit(server.table.row("run_1", 2, RunStatus.CANCELED, "1", "x"));
    first.event("end");
    assertThat(first.isAtItsEnd()).isTrue();

    Stream second = get("/realtime/v1/runs");
    second.event("live");
    server.commit(server.table.row("run_2", 1, RunStatus.PENDING, "1"));

    assertThat(json(second.event("run")).getJsonObject("run").getString("id")).isEqualTo("run_2");
    assertThat(server.sockets()).isEqualTo(1);
  }

  @ParameterizedTest
  @EnumSource(Transport.class)
  void sendsLargeRowsWhole(Transport transport) throws Exception {
    serve(transport);
    String large = "x".repeat(700_000);
    server.commit(server.table.row("run_2", 1, RunStatus.EXECUTING, "\"" + large + "\""));

    Stream stream = get("/realtime/v1/runs");
    stream.event("live");
    server.commit(server.table.row("run_3", 1, RunStatus.EXECUTING, "\"" + large + "y\""));

    assertThat(json(stream.event("run")).getJsonObject("run").getString("payload"))
        .isEqualTo(large + "y");
  }

  @ParameterizedTest
  @EnumSource(Transport.class)
  void forgetsAClientThatLeft(Transport transport) throws Exception {
    serve(transport);
    get("/realtime/v1/runs").event("live");
    assertThat(server.connections()).isEqualTo(1);

    Await.await(client.close());

    Await.until("it is forgotten", () -> server.connections() + server.subscriptions() == 0);
  }

  @Test
  void forgetsAStreamThatItsClientHasReset() throws Exception {
    serve(Transport.HTTP_2_BY_PRIOR_KNOWLEDGE);
    Stream left = get("/realtime/v1/runs");
    Stream stays = get("/realtime/v1/runs");
    left.event("live");
    stays.event("live");
    assertThat(server.connections()).isEqualTo(2);

    left.response.request().reset();

    Await.until("one is forgotten", () -> server.connections() + server.subscriptions() == 2);
    server.commit(server.table.row("run_2", 1, RunStatus.PENDING, "1"));
    assertThat(stays.event("run")).contains("run_2");
  }

  @Test
  void doesNotResetAStreamThatHasEnded() throws Exception {
    serve(Transport.HTTP_2_BY_PRIOR_KNOWLEDGE);

    try (RawHttp2 raw = new RawHttp2(server.port())) {
      raw.get(1, ONE_RUN);
      raw.until(frame -> frame.text().contains("event: live"));
      server.commit(server.table.row("run_1", 2, RunStatus.COMPLETED_WITH_ERRORS, "1", "x"));
      raw.until(frame -> frame.text().contains("event: end"));
      raw.until(frame -> frame.ends(1));
      patienceWithAStuckClientPasses();
      raw.ping();
      raw.until(RawHttp2.Frame::answersPing);
      raw.get(3, ONE_RUN);
      raw.until(frame -> frame.ends(3));

      assertThat(raw.seen())
          .extracting(RawHttp2.Frame::type)
          .doesNotContain(Http2FrameTypes.RST_STREAM, Http2FrameTypes.GO_AWAY);
    }
  }

  /** Returns after whatever a timer that was set before now does when it is over. */
  private void patienceWithAStuckClientPasses() {
    Promise<Void> over = Promise.promise();
    server.onLoop(() -> vertx.setTimer(SseSink.ABORT_AFTER_MILLIS + 1, timer -> over.complete()));
    Await.await(over.future());
  }

  @Test
  void endsTheBodyForAClientOfHttp10ByHangingUpEvenIfItAskedToKeepTheConnection() throws Exception {
    serve(Transport.HTTP_1_1);

    try (RawClient old =
        RawClient.connect(server.port())
            .send(
                "GET "
                    + ONE_RUN
                    + " HTTP/1.0\r\nhost: test\r\nconnection: keep-alive\r\n"
                    + "accept: text/event-stream\r\nauthorization: Bearer "
                    + FeedServer.SECRET
                    + "\r\n\r\n")) {
      assertThat(old.header("transfer-encoding")).isNull();
      assertThat(old.header("content-length")).isNull();
      assertThat(old.header("connection")).isEqualTo("close");
      old.until("live");
      server.commit(server.table.row("run_1", 2, RunStatus.TIMED_OUT, "1", "x"));
      old.until("end");

      assertThat(old.rest()).isEmpty();
    }
  }

  private static JsonObject json(String text) {
    return new JsonObject(text);
  }
}
