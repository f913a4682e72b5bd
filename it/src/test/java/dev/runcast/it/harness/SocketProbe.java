package dev.runcast.it.harness;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;

/**
 * A client of the socket. It keeps a {@link ClientModel} of each subscription, and what came in the
 * order in which it did. A new one may go on where another was. Its state is guarded by itself;
 * every method may be called from the test's thread.
 */
public final class SocketProbe implements WebSocket.Listener, AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final HttpClient PLAIN = HttpClient.newHttpClient();

  private final Deque<JsonNode> told = new ArrayDeque<>();
  private final Map<String, ClientModel> feeds = new HashMap<>();
  private final StringBuilder part = new StringBuilder();
  private final WebSocket socket;
  private String closed;
  private boolean paused;

  private SocketProbe(HttpClient client, URI where) {
    socket =
        client
            .newWebSocketBuilder()
            .subprotocols("runcast.v1")
            .buildAsync(where, this)
            .orTimeout(Await.BOUND.toSeconds(), TimeUnit.SECONDS)
            .join();
  }

  /** Opens a socket whose subscriptions need no token of their own. */
  public static SocketProbe open(Node node) {
    return open(PLAIN, node.url(), node.secretKey());
  }

  /**
   * Opens a socket.
   *
   * @param base as in {@code http://host:port}
   * @param credential of the socket; empty for none
   */
  public static SocketProbe open(HttpClient client, String base, String credential) {
    String query = credential.isEmpty() ? "" : "?access_token=" + credential;
    return new SocketProbe(
        client, URI.create(base.replaceFirst("^http", "ws") + "/realtime/v1/socket" + query));
  }

  @Override
  public synchronized CompletionStage<?> onText(WebSocket from, CharSequence text, boolean last) {
    part.append(text);
    if (last) {
      take(parse(part.toString()));
      part.setLength(0);
      notifyAll();
    }
    if (!paused) {
      from.request(1);
    }
    return null;
  }

  private void take(JsonNode message) {
    told.addLast(message);
    String event = message.path("event").asText();
    if (message.has("subscription") && !event.equals("error") && !event.equals("renewed")) {
      feeds
          .computeIfAbsent(message.path("subscription").asText(), name -> new ClientModel())
          .take(new Frame(event, message.path("id").asText(), message.path("data")));
    }
  }

  @Override
  public synchronized CompletionStage<?> onClose(WebSocket from, int status, String reason) {
    ended(status + " " + reason);
    return null;
  }

  @Override
  public synchronized void onError(WebSocket from, Throwable error) {
    ended("broken by " + error);
  }

  private void ended(String how) {
    closed = closed == null ? how : closed;
    notifyAll();
  }

  private static JsonNode parse(String text) {
    try {
      return JSON.readTree(text);
    } catch (JsonProcessingException e) {
      throw new AssertionError("a message that is no JSON: " + text, e);
    }
  }

  /** Follows a feed under this name, from where the other socket was if it did too. */
  public SocketProbe follow(String name, String feed, SocketProbe before) {
    String cursor = before.cursor(name);
    synchronized (this) {
      feeds.put(name, before.feed(name));
    }
    ObjectNode command = command("subscribe", name).put("feed", feed);
    return say(cursor.isEmpty() ? command : command.put("after", cursor));
  }

  /** Follows a feed under this name. */
  public SocketProbe follow(String name, String feed) {
    return say(command("subscribe", name).put("feed", feed));
  }

  /** A command about a subscription, to be completed. */
  public static ObjectNode command(String type, String name) {
    return JSON.createObjectNode().put("type", type).put("subscription", name);
  }

  /** Sends a command. */
  public SocketProbe say(JsonNode command) {
    return sayText(command.toString());
  }

  /** Sends any text. */
  public SocketProbe sayText(String text) {
    socket.sendText(text, true).join();
    return this;
  }

  /** Sends bytes, which are no command. */
  public void sayBytes(byte[] bytes) {
    socket.sendBinary(ByteBuffer.wrap(bytes), true).join();
  }

  /** The next message, whatever subscription it is about. */
  public synchronized JsonNode next() {
    awaitSelf("a message", () -> !told.isEmpty());
    return told.removeFirst();
  }

  /** Waits until what is known of a subscription is like this. */
  public synchronized SocketProbe await(
      String name, String what, Predicate<ClientModel> condition) {
    awaitSelf(
        what + " of " + name, () -> feeds.containsKey(name) && condition.test(feeds.get(name)));
    return this;
  }

  /** Takes no further message. */
  public synchronized void pause() {
    paused = true;
  }

  /** Takes messages again. */
  public synchronized void goOn() {
    paused = false;
    socket.request(1);
  }

  /** Waits until a subscription has said that what is in the table has been told. */
  public SocketProbe awaitLive(String name) {
    return await(name, "live", ClientModel::isLive);
  }

  /** What to resume a subscription with; empty before its first event. */
  public synchronized String cursor(String name) {
    return feeds.containsKey(name) ? feeds.get(name).cursor() : "";
  }

  private synchronized ClientModel feed(String name) {
    ClientModel known = feeds.getOrDefault(name, new ClientModel());
    known.connecting();
    return known;
  }

  /** Status and reason of the close, or how it broke. */
  public synchronized String awaitClosed() {
    awaitSelf("the close", () -> closed != null);
    return closed;
  }

  private synchronized void awaitSelf(String what, BooleanSupplier condition) {
    long deadline = System.nanoTime() + Await.BOUND.toNanos();
    while (!condition.getAsBoolean()) {
      long left = (deadline - System.nanoTime()) / 1_000_000;
      if (left <= 0) {
        throw new AssertionError(
            "still waiting for " + what + "; closed: " + closed + ", untaken: " + told);
      }
      try {
        wait(left);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new AssertionError(e);
      }
    }
  }

  @Override
  public void close() {
    socket.abort();
  }
}
