package dev.runcast.http.realtime.sse;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.DefaultHttp2HeadersEncoder;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2FrameTypes;
import io.netty.handler.codec.http2.Http2Headers;
import io.vertx.core.buffer.Buffer;
import java.io.Closeable;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/**
 * A client of HTTP/2 without TLS that sees every frame, also such as better clients pass over.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc9113#name-frame-format">RFC 9113, 4.1</a>
 */
public final class RawHttp2 implements Closeable {
  private static final int PATIENCE_MILLIS = 20_000;
  private static final byte END_STREAM = 1;
  private static final byte ACK = 1;
  private static final byte END_HEADERS = 4;

  /** One frame as it came. */
  public record Frame(byte type, byte flags, int stream, Buffer payload) {
    boolean ends(int id) {
      return stream == id && type == Http2FrameTypes.DATA && (flags & END_STREAM) != 0;
    }

    boolean answersPing() {
      return type == Http2FrameTypes.PING && flags == ACK;
    }

    String text() {
      return payload.toString();
    }
  }

  private final Socket socket;
  private final DataInputStream in;
  private final DefaultHttp2HeadersEncoder headers = new DefaultHttp2HeadersEncoder();
  private final List<Frame> seen = new ArrayList<>();

  public RawHttp2(int port) throws IOException {
    socket = new Socket(InetAddress.getLoopbackAddress(), port);
    socket.setSoTimeout(PATIENCE_MILLIS);
    in = new DataInputStream(socket.getInputStream());
    socket
        .getOutputStream()
        .write("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
    write(new Frame(Http2FrameTypes.SETTINGS, (byte) 0, 0, Buffer.buffer()));
  }

  /** Opens a stream, which must have an odd number greater than any before. */
  public void get(int stream, String path) throws IOException, Http2Exception {
    open(
        stream,
        new DefaultHttp2Headers()
            .method("GET")
            .scheme("http")
            .authority("test")
            .path(path)
            .add("accept", "text/event-stream")
            .add("authorization", "Bearer " + FeedServer.SECRET));
  }

  /** Opens a stream by any headers, which are all that it sends. */
  public void open(int stream, Http2Headers opening) throws IOException, Http2Exception {
    ByteBuf block = Unpooled.buffer();
    headers.encodeHeaders(stream, opening, block);
    byte[] bytes = new byte[block.readableBytes()];
    block.readBytes(bytes);
    write(
        new Frame(
            Http2FrameTypes.HEADERS,
            (byte) (END_STREAM | END_HEADERS),
            stream,
            Buffer.buffer(bytes)));
  }

  public void ping() throws IOException {
    write(new Frame(Http2FrameTypes.PING, (byte) 0, 0, Buffer.buffer(new byte[8])));
  }

  private void write(Frame frame) throws IOException {
    ByteBuf bytes = Unpooled.buffer();
    bytes.writeMedium(frame.payload.length()).writeByte(frame.type).writeByte(frame.flags);
    bytes.writeInt(frame.stream).writeBytes(frame.payload.getBytes());
    bytes.readBytes(socket.getOutputStream(), bytes.readableBytes());
  }

  /** Reads frames up to and with the first of this kind. */
  public void until(Predicate<Frame> wanted) throws IOException {
    while (!wanted.test(frame())) {
      // to the next
    }
  }

  private Frame frame() throws IOException {
    int length = in.readUnsignedByte() << 16 | in.readUnsignedShort();
    Frame frame =
        new Frame(in.readByte(), in.readByte(), in.readInt(), Buffer.buffer(in.readNBytes(length)));
    seen.add(frame);
    return frame;
  }

  /** All frames so far. */
  public List<Frame> seen() {
    return seen;
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
