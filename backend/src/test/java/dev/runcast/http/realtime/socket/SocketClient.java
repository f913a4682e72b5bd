package dev.runcast.http.realtime.socket;

import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/** A client of the JDK's, which may stop reading. */
final class SocketClient implements WebSocket.Listener, AutoCloseable {
  private static final HttpClient HTTP = HttpClient.newHttpClient();

  private final BlockingQueue<JsonObject> messages = new LinkedBlockingQueue<>();
  private final CompletableFuture<String> closed = new CompletableFuture<>();
  private final StringBuilder part = new StringBuilder();
  private final WebSocket socket;
  private volatile boolean reads = true;

  private SocketClient(HttpClient client, String url, @Nullable String protocol) {
    WebSocket.Builder builder = client.newWebSocketBuilder();
    if (protocol != null) {
      builder.subprotocols(protocol);
    }
    socket = builder.buildAsync(URI.create(url), this).join();
  }

  static SocketClient open(int port, String query) {
    return new SocketClient(HTTP, url(port, query), SocketHandler.PROTOCOL);
  }

  static SocketClient openSpeaking(int port, String protocol) {
    return new SocketClient(HTTP, url(port, ""), protocol);
  }

  static SocketClient openOverTls(int port, String query, SSLContext trust) {
    HttpClient client = HttpClient.newBuilder().sslContext(trust).build();
    return new SocketClient(
        client, url(port, query).replace("ws://", "wss://"), SocketHandler.PROTOCOL);
  }

  private static String url(int port, String query) {
    return "ws://127.0.0.1:" + port + "/realtime/v1/socket" + query;
  }

  @Override
  public @Nullable CompletionStage<?> onText(WebSocket from, CharSequence data, boolean last) {
    part.append(data);
    if (last) {
      messages.add(new JsonObject(part.toString()));
      part.setLength(0);
    }
    if (reads) {
      from.request(1);
    }
    return null;
  }

  @Override
  public @Nullable CompletionStage<?> onClose(WebSocket from, int status, String reason) {
    closed.complete(status + " " + reason);
    return null;
  }

  @Override
  public void onError(WebSocket from, Throwable error) {
    closed.complete("broken");
  }

  /** Takes no more than what is on its way. */
  void stopReading() {
    reads = false;
  }

  void readAgain() {
    reads = true;
    socket.request(1);
  }

  SocketClient subscribe(String name, String feed) {
    return send(
        new JsonObject().put("type", "subscribe").put("subscription", name).put("feed", feed));
  }

  SocketClient send(JsonObject command) {
    return send(command.encode());
  }

  SocketClient send(String text) {
    socket.sendText(text, true).join();
    return this;
  }

  void sendBytes() {
    socket.sendBinary(ByteBuffer.allocate(4), true).join();
  }

  /** The next message; within 30 seconds. */
  JsonObject next() {
    try {
      JsonObject next = messages.poll(30, TimeUnit.SECONDS);
      if (next == null) {
        throw new AssertionError("no message within 30 seconds");
      }
      return next;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  /** All messages to the first of this event and, if it is named, this subscription. */
  List<JsonObject> until(String event, @Nullable String subscription) {
    List<JsonObject> seen = new ArrayList<>();
    JsonObject next;
    do {
      next = next();
      seen.add(next);
    } while (!next.getString("event").equals(event)
        || (subscription != null && !subscription.equals(next.getString("subscription"))));
    return seen;
  }

  /** The first message of this event and subscription; those before it are passed over. */
  JsonObject await(String event, @Nullable String subscription) {
    List<JsonObject> seen = until(event, subscription);
    return seen.get(seen.size() - 1);
  }

  boolean hasMore() {
    return !messages.isEmpty();
  }

  /** Status and reason of the close frame, or "broken". */
  String closed() {
    try {
      return closed.get(30, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    } catch (Exception e) {
      throw new AssertionError("not closed within 30 seconds", e);
    }
  }

  @Override
  public void close() {
    socket.abort();
  }
}
