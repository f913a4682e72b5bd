package dev.runcast.it.browser;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** Somebody else's web server: what a user of the service would have. */
public final class OtherOrigin implements AutoCloseable {
  private static final String PAGE =
      """
      <!doctype html>
      <title>Somebody's page</title>
      <script>
        const rows = {}, seen = { live: 0, opened: 0, ids: [] };
        const keep = (told) => { rows[told.id] = { ...rows[told.id], ...told }; };
        function follow(url) {
          const source = new EventSource(url);
          source.onopen = () => seen.opened++;
          const on = (name, take) => source.addEventListener(name, (event) => {
            seen.ids.push(event.lastEventId);
            take(JSON.parse(event.data));
          });
          on('snapshot', ({ runs }) => runs.forEach(({ run }) => keep(run)));
          on('run', ({ run }) => keep(run));
          on('live', () => seen.live++);
        }
        async function ask(url, token, init = {}) {
          const headers = { Authorization: `Bearer ${token}`, ...init.headers };
          const response = await fetch(url, { ...init, headers });
          return {
            status: response.status,
            cursor: response.headers.get('x-runcast-cursor'),
            jwt: response.headers.get('x-trigger-jwt'),
            body: await response.json(),
          };
        }
        async function read(url, token) {
          const headers = { Authorization: `Bearer ${token}`, Accept: 'text/event-stream' };
          const response = await fetch(url, { headers });
          const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
          let text = '';
          while (!text.includes('event: live')) text += (await reader.read()).value;
          await reader.cancel();
          return text;
        }
      </script>
      """;

  private final HttpServer server;

  private OtherOrigin(HttpServer server) {
    this.server = server;
  }

  /** With one page, which knows nothing but what a browser brings. */
  public static OtherOrigin start() {
    byte[] page = PAGE.getBytes(StandardCharsets.UTF_8);
    return serving(exchange -> send(exchange, "text/html", page));
  }

  /** With the files of a directory. */
  public static OtherOrigin serving(Path directory) {
    return serving(
        exchange -> {
          String path = exchange.getRequestURI().getPath().substring(1);
          Path file = directory.resolve(path.isEmpty() ? "index.html" : path).normalize();
          if (!file.startsWith(directory) || !Files.isRegularFile(file)) {
            exchange.sendResponseHeaders(404, -1);
            exchange.close();
            return;
          }
          boolean script = path.endsWith(".js");
          send(exchange, script ? "text/javascript" : "text/html", Files.readAllBytes(file));
        });
  }

  private static void send(HttpExchange exchange, String type, byte[] body) throws IOException {
    exchange.getResponseHeaders().set("content-type", type + "; charset=utf-8");
    exchange.sendResponseHeaders(200, body.length);
    exchange.getResponseBody().write(body);
    exchange.close();
  }

  private static OtherOrigin serving(HttpHandler pages) {
    try {
      HttpServer server =
          HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
      server.createContext("/", pages);
      server.start();
      return new OtherOrigin(server);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public String url() {
    return "http://127.0.0.1:" + server.getAddress().getPort() + "/";
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
