package dev.runcast.it.browser;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiConsumer;

/** A network between a browser and a node: it carries bytes, and can be cut. */
final class Relay implements Closeable {
  private final ServerSocket server;
  private final int target;
  private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
  private final Set<Socket> webSockets = ConcurrentHashMap.newKeySet();

  private Relay(ServerSocket server, int target) {
    this.server = server;
    this.target = target;
  }

  /** One to a port of this machine. */
  static Relay to(int target) {
    try {
      Relay relay = new Relay(new ServerSocket(0, 50, InetAddress.getLoopbackAddress()), target);
      start("relay", relay::accept);
      return relay;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Where clients go. */
  String url() {
    return "http://127.0.0.1:" + server.getLocalPort();
  }

  /** How many WebSockets to the node are open. */
  int webSockets() {
    return webSockets.size();
  }

  /** Breaks every connection that is open. */
  void cut() {
    sockets.forEach(Relay::closeQuietly);
    sockets.clear();
  }

  @Override
  public void close() throws IOException {
    server.close();
    cut();
  }

  private void accept() {
    try {
      while (true) {
        join(server.accept());
      }
    } catch (IOException closed) {
      cut();
    }
  }

  private void join(Socket client) {
    try {
      Socket node = new Socket(InetAddress.getLoopbackAddress(), target);
      sockets.add(client);
      sockets.add(node);
      start("relay in", () -> carry(client, node, this::noteRequest));
      start("relay out", () -> carry(node, client, (to, bytes) -> {}));
    } catch (IOException refused) {
      closeQuietly(client);
    }
  }

  /** A WebSocket begins with the first request of a connection of its own. */
  private void noteRequest(Socket node, String bytes) {
    if (bytes.startsWith("GET /realtime/v1/socket") && bytes.contains("Upgrade: websocket")) {
      webSockets.add(node);
    }
  }

  private void carry(Socket from, Socket to, BiConsumer<Socket, String> note) {
    try (InputStream in = from.getInputStream();
        OutputStream out = to.getOutputStream()) {
      byte[] buffer = new byte[8192];
      for (int got = in.read(buffer); got >= 0; got = in.read(buffer)) {
        note.accept(to, new String(buffer, 0, got, StandardCharsets.ISO_8859_1));
        out.write(buffer, 0, got);
        out.flush();
      }
    } catch (IOException cut) {
      closeQuietly(from);
      closeQuietly(to);
    } finally {
      webSockets.remove(from);
      webSockets.remove(to);
    }
  }

  private static void closeQuietly(Socket socket) {
    try {
      socket.close();
    } catch (IOException alreadyGone) {
      return;
    }
  }

  private static void start(String name, Runnable work) {
    Thread thread = new Thread(work, name);
    thread.setDaemon(true);
    thread.start();
  }
}
