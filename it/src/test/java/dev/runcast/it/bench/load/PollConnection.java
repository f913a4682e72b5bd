package dev.runcast.it.bench.load;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/**
 * One subscriber by the long poll that the official clients use: asks for everything, then again
 * and again for what is new, each time with what the last answer said. Confined to the load
 * generator's thread.
 */
final class PollConnection implements Connection {
  private static final String HEAD_END = "\r\n\r\n";

  private final SocketChannel channel;
  private final Wire wire;
  private final String path;
  private final String token;
  private final EventScanner scanner;
  private final StringBuilder head = new StringBuilder();

  /** Of the answer that is being read: bytes of its body still to come; negative in its head. */
  private int bodyLeft = -1;

  private boolean answered;

  /**
   * @param path of the feed, without a query
   */
  PollConnection(SocketChannel channel, String path, String token, EventScanner scanner) {
    this.channel = channel;
    this.wire = new Wire(channel);
    this.path = path;
    this.token = token;
    this.scanner = scanner;
  }

  @Override
  public void connected(SelectionKey key) throws IOException {
    channel.finishConnect();
    ask("offset=-1");
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
    answered = true;
    tally.bytes(length);
    int bodyFrom = bodyLeft < 0 ? readHead(bytes, length) : 0;
    if (bodyLeft < 0) {
      return;
    }
    byte[] body = bodyFrom == 0 ? bytes : java.util.Arrays.copyOfRange(bytes, bodyFrom, length);
    int got = length - bodyFrom;
    scanner.scan(body, got, clock.nowMicros(), tally);
    bodyLeft -= got;
    if (bodyLeft == 0) {
      bodyLeft = -1;
      scanner.ended(clock.nowMicros(), tally);
      ask(next());
      head.setLength(0);
    }
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }

  /** Takes in what is there of the head; where the body begins, if the head is whole. */
  private int readHead(byte[] bytes, int length) throws IOException {
    int before = head.length();
    head.append(new String(bytes, 0, length, StandardCharsets.ISO_8859_1));
    int end = head.indexOf(HEAD_END, Math.max(0, before - HEAD_END.length()));
    if (end < 0) {
      return length;
    }
    head.setLength(end + 2);
    if (!head.toString().startsWith("HTTP/1.1 200")) {
      throw new IOException("not accepted: " + head);
    }
    bodyLeft = Integer.parseInt(header("content-length"));
    return end + HEAD_END.length() - before;
  }

  /** What a client asks next: live, from where this answer ended. */
  private String next() throws IOException {
    String cursor = head.indexOf("electric-cursor:") < 0 ? "" : header("electric-cursor");
    return "cursor=%s&handle=%s&live=true&offset=%s"
        .formatted(cursor, header("electric-handle"), header("electric-offset"));
  }

  private String header(String name) throws IOException {
    String all = head.toString();
    int at = all.toLowerCase(Locale.ROOT).indexOf("\r\n" + name + ":");
    if (at < 0) {
      throw new IOException("no " + name + " in " + all);
    }
    int from = at + 2 + name.length() + 1;
    return all.substring(from, all.indexOf("\r\n", from)).strip();
  }

  private void ask(String query) throws IOException {
    ByteBuffer request =
        ByteBuffer.wrap(
            "GET %s?%s HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer %s\r\n\r\n"
                .formatted(path, query, token)
                .getBytes(StandardCharsets.US_ASCII));
    wire.send(request);
  }
}
