package dev.runcast.http.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runcast.http.ErrorHandler;
import dev.runcast.http.limit.BodyLimit;
import dev.runcast.http.limit.HeadClocks;
import dev.runcast.testing.Await;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.Router;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Clients that never finish what they began, byte by byte. */
class RequestTimesIT {
  private static final Duration SHORT = Duration.ofMillis(300);

  /** Long enough for a client that is as quick as it can be on a busy machine. */
  private static final Duration FAIR = Duration.ofMillis(1_500);

  private static final Duration NEVER = Duration.ofHours(1);
  private static final int MOST_DRIPS = 1_000;

  private final Vertx vertx = Vertx.vertx();
  private final AtomicInteger taken = new AtomicInteger();
  private final Promise<HttpServerResponse> open = Promise.promise();
  private int port;

  private void serve(Duration head, Duration body) {
    Router router = Router.router(vertx);
    new ErrorHandler().mount(router);
    router.get("/").handler(context -> context.response().end("hello"));
    router
        .post("/body")
        .handler(Routes.body(BodyLimit.chosen(1_000), body))
        .handler(
            context -> {
              taken.incrementAndGet();
              context.response().end(context.body().asString());
            });
    router
        .get("/open")
        .handler(
            context -> {
              context.response().setChunked(true).writeHead();
              open.complete(context.response());
            });
    HeadClocks clocks = new HeadClocks(head);
    HttpServer server =
        vertx
            .createHttpServer(HeadClocks.limitSilence(ServerOptions.clear("127.0.0.1", 0), head))
            .connectionHandler(clocks::watch)
            .requestHandler(router);
    port = Await.await(server.listen()).actualPort();
  }

  @AfterEach
  void stop() {
    Await.await(vertx.close());
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "G", "GET / HTTP/1.1\r\nho", "PRI * HTTP/2.0\r\n"})
  void hangsUpOnAConnectionThatBringsNoWholeHead(String begin) throws Exception {
    serve(SHORT, NEVER);
    try (Socket socket = connect(begin)) {
      assertThat(toTheEnd(socket)).isEmpty();
    }
  }

  @Test
  void hangsUpOnAClientThatBringsNoOtherRequest() throws Exception {
    serve(FAIR, NEVER);
    try (Socket socket = connect("GET / HTTP/1.1\r\nhost: x\r\n\r\n")) {
      assertThat(toTheEnd(socket)).startsWith("HTTP/1.1 200 ").endsWith("hello");
    }
  }

  @Test
  void hangsUpOnEachOfSeveralThatWait() throws Exception {
    serve(FAIR, NEVER);
    String request = "GET / HTTP/1.1\r\nhost: x\r\n\r\n";
    Socket gone = connect(request);
    gone.shutdownOutput();
    try (Socket first = connect(request);
        gone;
        Socket second = connect(request)) {
      assertThat(toTheEnd(first)).endsWith("hello");
      assertThat(toTheEnd(second)).endsWith("hello");
      try (Socket later = connect(request)) {
        assertThat(toTheEnd(later)).as("when none was left").endsWith("hello");
      }
    }
  }

  @Test
  void hangsUpOnAHeadThatComesByTheByte() throws Exception {
    serve(FAIR, NEVER);
    try (Socket socket = connect("GET / HTTP/1.1\r\nhost: x\r\n\r\nGET / HTTP/1.1\r\nx: ")) {
      assertThat(dripToTheEnd(socket)).startsWith("HTTP/1.1 200 ").endsWith("hello");
    }
  }

  @Test
  void refusesABodyThatDoesNotComeWhole() throws Exception {
    serve(NEVER, SHORT);
    try (Socket socket =
        connect("POST /body HTTP/1.1\r\nhost: x\r\ncontent-length: 5\r\n\r\nhal")) {
      assertThat(toTheEnd(socket))
          .startsWith("HTTP/1.1 408 ")
          .contains("\"code\":\"timeout\"", "x-should-retry: true");
    }
    assertThat(taken).hasValue(0);
  }

  @Test
  void namesTheLimitOfABodyThatIsTooLargeAndTheSettingThatRaisesIt() throws Exception {
    serve(NEVER, NEVER);
    String head =
        "POST /body HTTP/1.1\r\nhost: x\r\nconnection: close\r\ncontent-length: 1001\r\n\r\n";
    try (Socket socket = connect(head + "x".repeat(1_001))) {
      assertThat(toTheEnd(socket))
          .startsWith("HTTP/1.1 413 ")
          .contains("more than 1000 bytes", "--max-body / RUNCAST_MAX_BODY");
    }
    assertThat(taken).hasValue(0);
  }

  @Test
  void refusesABodyThatComesByTheByte() throws Exception {
    serve(NEVER, SHORT);
    try (Socket socket =
        connect("POST /body HTTP/1.1\r\nhost: x\r\ncontent-length: 1000\r\n\r\n")) {
      assertThat(dripToTheEnd(socket)).startsWith("HTTP/1.1 408 ");
    }
    assertThat(taken).hasValue(0);
  }

  @Test
  void hangsUpOnAClientThatNeverFinishesWhatWasRefused() throws Exception {
    serve(FAIR, NEVER);
    try (Socket socket =
        connect("POST /none HTTP/1.1\r\nhost: x\r\ncontent-length: 1000\r\n\r\n")) {
      assertThat(dripToTheEnd(socket)).startsWith("HTTP/1.1 404 ");
    }
  }

  @Test
  void takesARequestThatComesInTimeAndThenAnother() throws Exception {
    serve(NEVER, NEVER);
    String request = "POST /body HTTP/1.1\r\nhost: x\r\ncontent-length: 5\r\n";
    try (Socket socket =
        connect(request + "\r\nwhole" + request + "connection: close\r\n\r\nwhole")) {
      assertThat(toTheEnd(socket)).containsPattern("(?s)200 .*whole.*200 .*whole");
    }
    assertThat(taken).hasValue(2);
  }

  @Test
  void leavesAnAnswerOpenForAsLongAsItTakes() throws Exception {
    serve(FAIR, NEVER);
    try (Socket patient = connect("GET /open HTTP/1.1\r\nhost: x\r\n\r\n")) {
      HttpServerResponse response = Await.await(open.future());
      try (Socket later = connect("")) {
        assertThat(toTheEnd(later)).isEmpty();
      }
      vertx.runOnContext(any -> response.end("still here"));

      assertThat(toTheEnd(patient)).startsWith("HTTP/1.1 200 ").contains("still here");
    }
  }

  private Socket connect(String begin) throws IOException {
    Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
    socket.setSoTimeout(30_000);
    write(socket, begin);
    return socket;
  }

  private static void write(Socket socket, String text) throws IOException {
    socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
  }

  private static String toTheEnd(Socket socket) throws IOException {
    return new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
  }

  /** Reads to the end of the connection, and sends a byte whenever nothing comes for a moment. */
  private static String dripToTheEnd(Socket socket) throws IOException {
    socket.setSoTimeout(20);
    InputStream in = socket.getInputStream();
    StringBuilder text = new StringBuilder();
    for (int drips = 0; drips < MOST_DRIPS; ) {
      try {
        int next = in.read();
        if (next < 0) {
          return text.toString();
        }
        text.append((char) next);
      } catch (SocketTimeoutException nothing) {
        drips++;
        if (!drip(socket)) {
          return text.toString();
        }
      }
    }
    throw new IOException("the connection is still open");
  }

  private static boolean drip(Socket socket) {
    try {
      write(socket, "x");
      return true;
    } catch (IOException broken) {
      return false;
    }
  }
}
