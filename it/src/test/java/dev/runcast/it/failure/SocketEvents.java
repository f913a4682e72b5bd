package dev.runcast.it.failure;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.runcast.it.harness.Await;
import dev.runcast.it.harness.Node;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;

/** A client of one socket that keeps what it is told. */
final class SocketEvents implements AutoCloseable, WebSocket.Listener {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final List<JsonNode> told = new CopyOnWriteArrayList<>();
  private final StringBuilder part = new StringBuilder();
  private final WebSocket socket;

  SocketEvents(Node node) {
    URI uri = URI.create(node.url().replaceFirst("^http", "ws") + "/realtime/v1/socket");
    socket = HttpClient.newHttpClient().newWebSocketBuilder().buildAsync(uri, this).join();
  }

  void subscribe(String name, String feed, String token) {
    send(Map.of("type", "subscribe", "subscription", name, "feed", feed, "token", token));
  }

  void send(Map<String, ?> command) {
    try {
      socket.sendText(JSON.writeValueAsString(command), true).join();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  /** The data of the first event of this name that a subscription was told, once there is one. */
  JsonNode await(String subscription, String event) {
    Await.until(
        subscription + " to be told " + event, () -> has(subscription, event), told::toString);
    return told.stream()
        .filter(message -> isOf(message, subscription, event))
        .findFirst()
        .orElseThrow()
        .path("data");
  }

  boolean has(String subscription, String event) {
    return told.stream().anyMatch(message -> isOf(message, subscription, event));
  }

  private static boolean isOf(JsonNode message, String subscription, String event) {
    return message.path("subscription").asText().equals(subscription)
        && message.path("event").asText().equals(event);
  }

  @Override
  public CompletionStage<?> onText(WebSocket from, CharSequence text, boolean last) {
    part.append(text);
    if (last) {
      try {
        told.add(JSON.readTree(part.toString()));
      } catch (IOException e) {
        throw new AssertionError(e);
      }
      part.setLength(0);
    }
    from.request(1);
    return null;
  }

  @Override
  public void close() {
    socket.abort();
  }
}
