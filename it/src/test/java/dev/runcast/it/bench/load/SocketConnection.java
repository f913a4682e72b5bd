package dev.runcast.it.bench.load;

import io.vertx.core.json.JsonObject;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/**
 * Many subscribers on one socket: each message of the server's is an event. Confined to the load
 * generator's thread.
 */
final class SocketConnection implements Connection {
  private static final byte[] HEAD_END = "\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
  private static final int TEXT = 0x81;
  private static final int PING = 0x89;
  private static final int PONG = 0x8a;
  private static final int CLOSE = 0x88;

  private final SocketChannel channel;
  private final Wire wire;
  private final EventScanner scanner;
  private final ByteBuffer request;
  private final ByteBuffer commands;
  private final ByteBuffer header = ByteBuffer.allocate(10);

  /** How much of the end of the answer's head was seen. */
  private int headEnd;

  private SelectionKey key;
  private boolean answered;
  private boolean opened;
  private long payloadLeft = -1;

  SocketConnection(SocketChannel channel, List<String> feeds, String token, EventScanner scanner) {
    this.channel = channel;
    this.wire = new Wire(channel);
    this.scanner = scanner;
    request =
        ByteBuffer.wrap(
            """
            GET /realtime/v1/socket?access_token=%s HTTP/1.1\r
            Host: 127.0.0.1\r
            Upgrade: websocket\r
            Connection: Upgrade\r
            Sec-WebSocket-Version: 13\r
            Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r
            \r
            """
                .formatted(token)
                .getBytes(StandardCharsets.US_ASCII));
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (int i = 0; i < feeds.size(); i++) {
      JsonObject command =
          new JsonObject()
              .put("type", "subscribe")
              .put("subscription", Integer.toString(i))
              .put("feed", feeds.get(i));
      out.writeBytes(frame(TEXT, command.encode().getBytes(StandardCharsets.UTF_8)));
    }
    commands = ByteBuffer.wrap(out.toByteArray());
  }

  /** A frame of a client, whose mask is nought. */
  static byte[] frame(int first, byte[] payload) {
    ByteBuffer frame = ByteBuffer.allocate(payload.length + 8).put((byte) first);
    if (payload.length < 126) {
      frame.put((byte) (0x80 | payload.length));
    } else {
      frame.put((byte) (0x80 | 126)).putShort((short) payload.length);
    }
    frame.putInt(0).put(payload).flip();
    byte[] bytes = new byte[frame.remaining()];
    frame.get(bytes);
    return bytes;
  }

  @Override
  public void connected(SelectionKey selected) throws IOException {
    key = selected;
    if (opened) {
      send();
      return;
    }
    channel.finishConnect();
    wire.send(request);
    key.interestOps(SelectionKey.OP_READ);
  }

  /** As much as the server takes: it reads commands only as fast as it answers them. */
  private void send() throws IOException {
    channel.write(commands);
    key.interestOps(
        commands.hasRemaining()
            ? SelectionKey.OP_READ | SelectionKey.OP_WRITE
            : SelectionKey.OP_READ);
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
    take(bytes, opened ? 0 : skipHead(bytes, length), length, clock.nowMicros(), tally);
    if (opened && commands.hasRemaining()) {
      send();
    }
  }

  private int skipHead(byte[] bytes, int length) throws IOException {
    for (int at = 0; at < length; at++) {
      headEnd = bytes[at] == HEAD_END[headEnd] ? headEnd + 1 : bytes[at] == '\r' ? 1 : 0;
      if (headEnd == HEAD_END.length) {
        String head = new String(bytes, 0, at, StandardCharsets.US_ASCII);
        if (!head.startsWith("HTTP/1.1 101")) {
          throw new IOException("not accepted: " + head);
        }
        opened = true;
        return at + 1;
      }
    }
    return length;
  }

  /** Takes what came of frames, however they are cut. */
  private void take(byte[] bytes, int from, int length, long now, Tally tally) throws IOException {
    int at = from;
    while (at < length) {
      if (payloadLeft < 0) {
        header.put(bytes[at++]);
        payloadLeft = payloadLength();
      } else {
        int here = (int) Math.min(payloadLeft, length - at);
        if ((header.get(0) & 0xff) == TEXT) {
          scanner.scan(Arrays.copyOfRange(bytes, at, at + here), here, now, tally);
        }
        at += here;
        payloadLeft -= here;
      }
      if (payloadLeft == 0) {
        ended(now, tally);
      }
    }
  }

  /** Negative until the header is whole. */
  private long payloadLength() {
    if (header.position() < 2) {
      return -1;
    }
    int length = header.get(1) & 0x7f;
    int more = length == 126 ? 2 : length == 127 ? 8 : 0;
    if (header.position() < 2 + more) {
      return -1;
    }
    return switch (more) {
      case 2 -> header.getShort(2) & 0xffff;
      case 8 -> header.getLong(2);
      default -> length;
    };
  }

  private void ended(long now, Tally tally) throws IOException {
    int first = header.get(0) & 0xff;
    header.clear();
    payloadLeft = -1;
    if (first == TEXT) {
      scanner.ended(now, tally);
    } else if (first == PING && !commands.hasRemaining()) {
      // Never in the midst of a command; of three pings it may leave two unanswered.
      channel.write(ByteBuffer.wrap(frame(PONG, new byte[0])));
    } else if (first == CLOSE) {
      throw new IOException("the server closed the socket");
    }
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
