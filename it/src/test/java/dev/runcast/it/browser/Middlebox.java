package dev.runcast.it.browser;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * What companies put between their people and the world: an HTTP proxy that knows no WebSockets,
 * and may pass an answer on only once it has all of it.
 */
final class Middlebox implements AutoCloseable {
  /** What is between two neighbours only. */
  private static final Set<String> HOP_BY_HOP =
      Set.of("connection", "upgrade", "host", "content-length", "transfer-encoding", "expect");

  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final ExecutorService threads =
      Executors.newCachedThreadPool(
          work -> {
            Thread thread = new Thread(work, "middlebox");
            thread.setDaemon(true);
            return thread;
          });
  private final HttpServer server;
  private final String target;
  private final boolean buffers;

  private Middlebox(String target, boolean buffers) throws IOException {
    this.target = target;
    this.buffers = buffers;
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(threads);
    server.createContext("/", this::pass);
    server.start();
  }

  /** Refuses sockets, and passes on what comes as it comes. */
  static Middlebox withoutSockets(String target) {
    return start(target, false);
  }

  /** Refuses sockets, and passes nothing on before its end. */
  static Middlebox thatBuffers(String target) {
    return start(target, true);
  }

  private static Middlebox start(String target, boolean buffers) {
    try {
      return new Middlebox(target, buffers);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Where clients go. */
  String url() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  private void pass(HttpExchange exchange) throws IOException {
    try (exchange) {
      if (exchange.getRequestHeaders().containsKey("Upgrade")) {
        exchange.sendResponseHeaders(403, -1);
      } else if (buffers) {
        HttpResponse<byte[]> answer = ask(exchange, BodyHandlers.ofByteArray());
        answer(exchange, answer, answer.body().length);
        exchange.getResponseBody().write(answer.body());
      } else {
        HttpResponse<InputStream> answer = ask(exchange, BodyHandlers.ofInputStream());
        answer(exchange, answer, 0);
        stream(answer.body(), exchange.getResponseBody());
      }
    }
  }

  private <T> HttpResponse<T> ask(HttpExchange exchange, HttpResponse.BodyHandler<T> body)
      throws IOException {
    byte[] sent = exchange.getRequestBody().readAllBytes();
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(target + exchange.getRequestURI()))
            .method(exchange.getRequestMethod(), HttpRequest.BodyPublishers.ofByteArray(sent));
    exchange
        .getRequestHeaders()
        .forEach(
            (name, values) -> {
              if (!HOP_BY_HOP.contains(name.toLowerCase(Locale.ROOT))) {
                values.forEach(value -> request.header(name, value));
              }
            });
    try {
      return client.send(request.build(), body);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException(e);
    }
  }

  private static void answer(HttpExchange exchange, HttpResponse<?> answer, int length)
      throws IOException {
    for (var header : answer.headers().map().entrySet()) {
      if (!HOP_BY_HOP.contains(header.getKey().toLowerCase(Locale.ROOT))) {
        exchange.getResponseHeaders().put(header.getKey(), List.copyOf(header.getValue()));
      }
    }
    int status = answer.statusCode();
    exchange.sendResponseHeaders(status, status == 204 || status == 304 ? -1 : length);
  }

  private static void stream(InputStream from, OutputStream to) throws IOException {
    byte[] buffer = new byte[8192];
    for (int got = from.read(buffer); got >= 0; got = from.read(buffer)) {
      to.write(buffer, 0, got);
      to.flush();
    }
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
