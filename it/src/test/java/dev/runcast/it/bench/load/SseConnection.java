package dev.runcast.it.bench.load;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;

/** One subscriber by server-sent events. Confined to the load generator's thread. */
final class SseConnection implements Connection {
  private static final int STATUS_LINE = 12;

  private final SocketChannel channel;
  private final Wire wire;
  private final ByteBuffer request;
  private final EventScanner scanner;
  private boolean answered;

  SseConnection(SocketChannel channel, String path, String token, EventScanner scanner) {
    this.channel = channel;
    this.wire = new Wire(channel);
    this.scanner = scanner;
    String head =
        "GET %s HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept: text/event-stream\r\n%s\r\n"
            .formatted(path, token.isEmpty() ? "" : "Authorization: Bearer " + token + "\r\n");
    this.request = ByteBuffer.wrap(head.getBytes(StandardCharsets.US_ASCII));
  }

  @Override
  public void connected(SelectionKey key) throws IOException {
    channel.finishConnect();
    wire.send(request);
    key.interestOps(SelectionKey.OP_READ);
  }

  @Override
  public boolean isAnswered() {
    return answered;
  }

  @Override
  public void read(ByteBuffer direct, byte[] bytes, DayClock clock, Tally tally)
      throws IOException {
    int length = wire.receive(direct, bytes);
    if (!answered) {
      answered = true;
      requireOk(bytes, length);
    }
    tally.bytes(length);
    scanner.scan(bytes, length, clock.nowMicros(), tally);
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }

  private static void requireOk(byte[] bytes, int length) throws IOException {
    String start = new String(bytes, 0, Math.min(length, 400), StandardCharsets.US_ASCII);
    if (length < STATUS_LINE || !start.startsWith("HTTP/1.1 200")) {
      throw new IOException("not accepted: " + start.replaceAll("\\s+", " "));
    }
  }
}
