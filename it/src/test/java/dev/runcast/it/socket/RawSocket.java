package dev.runcast.it.socket;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.runcast.it.harness.Node;
import dev.runcast.it.harness.RawHttp;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * A socket frame by frame, for what a well-behaved client can't do: frames that are none, halves of
 * them, a reader that stalls. It answers no ping.
 */
final class RawSocket implements AutoCloseable {
  static final int TEXT = 0x81;
  static final int BYTES = 0x82;
  private static final int CLOSE = 8;
  private static final ObjectMapper JSON = new ObjectMapper();

  private final RawHttp http;
  private final DataInputStream in;

  /**
   * @param receiveBuffer bytes that the system may take in for us while we don't read; 0 leaves it
   */
  RawSocket(Node node, int receiveBuffer) throws IOException {
    http = new RawHttp(node.port(), receiveBuffer);
    http.send(
        String.join(
            "\r\n",
            "GET /realtime/v1/socket?access_token=" + node.secretKey() + " HTTP/1.1",
            "host: test",
            "upgrade: websocket",
            "connection: upgrade",
            "sec-websocket-version: 13",
            "sec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==",
            "",
            ""));
    RawHttp.Head head = http.head();
    if (head.status() != 101) {
      throw new AssertionError("the handshake is answered by " + head);
    }
    in = new DataInputStream(http.body(head));
  }

  /** Sends a whole frame that begins with this byte. */
  RawSocket frame(int first, byte[] payload) throws IOException {
    return begin(first, payload.length).raw(payload);
  }

  RawSocket text(String text) throws IOException {
    return frame(TEXT, text.getBytes(StandardCharsets.UTF_8));
  }

  RawSocket subscribe(String name, String feed) throws IOException {
    return text(
        JSON.createObjectNode()
            .put("type", "subscribe")
            .put("subscription", name)
            .put("feed", feed)
            .toString());
  }

  /** Sends the beginning of a frame whose payload is to have this length; its mask is nought. */
  RawSocket begin(int first, long length) throws IOException {
    ByteBuffer header = ByteBuffer.allocate(14).put((byte) first);
    if (length < 126) {
      header.put((byte) (0x80 | length));
    } else if (length < 65_536) {
      header.put((byte) (0x80 | 126)).putShort((short) length);
    } else {
      header.put((byte) (0x80 | 127)).putLong(length);
    }
    header.putInt(0).flip();
    byte[] bytes = new byte[header.remaining()];
    header.get(bytes);
    return raw(bytes);
  }

  /** Sends bytes as they are. */
  RawSocket raw(byte[] bytes) throws IOException {
    http.send(bytes);
    return this;
  }

  /** The next message of text. */
  JsonNode next() throws IOException {
    Frame frame = read();
    while (frame.opcode != (TEXT & 15)) {
      frame = read();
    }
    return JSON.readTree(StandardCharsets.UTF_8.decode(frame.payload).toString());
  }

  /** Status and reason of the close, or "broken" where the connection ended without one. */
  String closed() throws IOException {
    try {
      while (true) {
        Frame frame = read();
        if (frame.opcode == CLOSE) {
          return frame.payload.getShort() + " " + StandardCharsets.UTF_8.decode(frame.payload);
        }
      }
    } catch (EOFException | SocketException hungUp) {
      return "broken";
    }
  }

  private record Frame(int opcode, ByteBuffer payload) {}

  private Frame read() throws IOException {
    int opcode = in.readUnsignedByte() & 15;
    long length = in.readUnsignedByte();
    if (length == 126) {
      length = in.readUnsignedShort();
    } else if (length == 127) {
      length = in.readLong();
    }
    byte[] payload = new byte[(int) length];
    in.readFully(payload);
    return new Frame(opcode, ByteBuffer.wrap(payload));
  }

  @Override
  public void close() throws IOException {
    http.close();
  }
}
