package dev.runcast.it.bench.load;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import org.HdrHistogram.Histogram;

/**
 * Clients that each send a request, wait for its answer and send the next, for a fixed time, all on
 * one thread.
 */
final class PostLoop {
  private static final int READ_BUFFER = 64 * 1024;

  /** Which requests, how many at once and for how long. */
  record Wanted(int port, int connections, int millis, String path, String token, String body) {}

  private final byte[] request;
  private final ByteBuffer direct = ByteBuffer.allocateDirect(READ_BUFFER);
  private final Histogram latency = new Histogram(1, 3_600_000_000L, 3);
  private String refusal = "";

  private PostLoop(Wanted wanted) {
    byte[] body = wanted.body().getBytes(StandardCharsets.UTF_8);
    request =
        ("POST %s HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer %s\r\n"
                + "Content-Type: application/json\r\nContent-Length: %d\r\n\r\n%s")
            .formatted(wanted.path(), wanted.token(), body.length, wanted.body())
            .getBytes(StandardCharsets.UTF_8);
  }

  /** One client; its answer is complete when as many bytes have come as its head has said. */
  private static final class Client {
    final StringBuilder answer = new StringBuilder();
    long sentAt;

    /** Whether a whole answer is there; it is then taken away. Throws if it is no success. */
    boolean isAnswered() throws IOException {
      int headEnd = answer.indexOf("\r\n\r\n");
      if (headEnd < 0) {
        return false;
      }
      String head = answer.substring(0, headEnd).toLowerCase(java.util.Locale.ROOT);
      int at = head.indexOf("content-length:");
      int lineEnd = head.indexOf('\r', at);
      String length =
          head.substring(at + "content-length:".length(), lineEnd < 0 ? head.length() : lineEnd);
      if (!head.startsWith("http/1.1 200") || at < 0) {
        throw new IOException("not accepted: " + answer);
      }
      boolean whole = answer.length() >= headEnd + 4 + Integer.parseInt(length.trim());
      if (whole) {
        answer.setLength(0);
      }
      return whole;
    }
  }

  static JsonObject run(Wanted wanted) throws IOException {
    PostLoop loop = new PostLoop(wanted);
    long began = System.nanoTime();
    try (Selector selector = Selector.open()) {
      for (int i = 0; i < wanted.connections(); i++) {
        loop.connect(selector, wanted.port());
      }
      long end = began + wanted.millis() * 1_000_000L;
      while (System.nanoTime() - end < 0 && loop.refusal.isEmpty()) {
        selector.select(loop::ready, 10);
      }
      for (SelectionKey key : selector.keys()) {
        key.channel().close();
      }
    }
    if (!loop.refusal.isEmpty()) {
      throw new IOException(loop.refusal);
    }
    double seconds = (System.nanoTime() - began) / 1e9;
    return new JsonObject()
        .put("answers", loop.latency.getTotalCount())
        .put("perSecond", loop.latency.getTotalCount() / seconds)
        .put("p50", loop.latency.getValueAtPercentile(50))
        .put("p99", loop.latency.getValueAtPercentile(99));
  }

  private void connect(Selector selector, int port) throws IOException {
    SocketChannel channel =
        SocketChannel.open(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
    channel.configureBlocking(false);
    channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
    Client client = new Client();
    channel.register(selector, SelectionKey.OP_READ, client);
    send(channel, client);
  }

  private void send(SocketChannel channel, Client client) throws IOException {
    client.sentAt = System.nanoTime();
    ByteBuffer bytes = ByteBuffer.wrap(request);
    while (bytes.hasRemaining()) {
      channel.write(bytes);
    }
  }

  private void ready(SelectionKey key) {
    SocketChannel channel = (SocketChannel) key.channel();
    Client client = (Client) key.attachment();
    try {
      direct.clear();
      if (channel.read(direct) < 0) {
        throw new IOException("the server hung up");
      }
      client.answer.append(StandardCharsets.ISO_8859_1.decode(direct.flip()));
      if (client.isAnswered()) {
        latency.recordValue((System.nanoTime() - client.sentAt) / 1000);
        send(channel, client);
      }
    } catch (IOException e) {
      key.cancel();
      refusal = String.valueOf(e.getMessage());
    }
  }
}
