package dev.runcast.it.harness;

import java.io.BufferedInputStream;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * HTTP/1.1 over a bare socket, for what a well-behaved client can't do: half a request, garbage, a
 * reader that stalls, a connection that breaks.
 */
public final class RawHttp implements Closeable {
  private final Socket socket;
  private final InputStream in;

  /**
   * @param receiveBuffer bytes that the system may take in for us while we don't read; 0 leaves it
   */
  public RawHttp(int port, int receiveBuffer) throws IOException {
    socket = new Socket();
    if (receiveBuffer > 0) {
      socket.setReceiveBufferSize(receiveBuffer);
    }
    socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 30_000);
    in = new BufferedInputStream(socket.getInputStream(), receiveBuffer > 0 ? 1024 : 16_384);
  }

  /** Sends bytes as they are. */
  public RawHttp send(byte[] bytes) throws IOException {
    socket.getOutputStream().write(bytes);
    socket.getOutputStream().flush();
    return this;
  }

  /** Sends text as UTF-8. */
  public RawHttp send(String text) throws IOException {
    return send(text.getBytes(StandardCharsets.UTF_8));
  }

  /** Sends no more, but goes on reading. */
  public RawHttp sendNoMore() throws IOException {
    socket.shutdownOutput();
    return this;
  }

  /** Status line and headers of an answer; the body is what {@link #body} gives. */
  public Head head() throws IOException {
    socket.setSoTimeout((int) Await.BOUND.toMillis());
    String status = line();
    Map<String, String> headers = new TreeMap<>();
    for (String line = line(); !line.isEmpty(); line = line()) {
      int colon = line.indexOf(':');
      headers.put(
          line.substring(0, colon).toLowerCase(Locale.ROOT), line.substring(colon + 1).trim());
    }
    return new Head(Integer.parseInt(status.split(" ", -1)[1]), headers);
  }

  /** A whole answer. */
  public Answer answer() throws IOException {
    Head head = head();
    String body = new String(body(head).readAllBytes(), StandardCharsets.UTF_8);
    Map<String, List<String>> headers = new TreeMap<>();
    head.headers().forEach((name, value) -> headers.put(name, List.of(value)));
    return new Answer(head.status(), headers, body);
  }

  /** The body that belongs to this head, as the sender framed it. */
  public InputStream body(Head head) throws IOException {
    if ("chunked".equals(head.headers().get("transfer-encoding"))) {
      return new ChunkedBody(in);
    }
    String length = head.headers().get("content-length");
    return length == null ? in : new ByteArrayInputStream(in.readNBytes(Integer.parseInt(length)));
  }

  /** Waits until the other side has hung up; bytes that still come are dropped. */
  public void awaitHangUp() throws IOException {
    socket.setSoTimeout((int) Await.BOUND.toMillis());
    try {
      in.transferTo(OutputStream.nullOutputStream());
    } catch (SocketException reset) {
      return;
    }
  }

  /** Breaks the connection with a reset, as a network does. */
  public void cut() throws IOException {
    socket.setSoLinger(true, 0);
    socket.close();
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }

  private String line() throws IOException {
    return line(in);
  }

  static String line(InputStream in) throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    for (int next = in.read(); next != '\n'; next = in.read()) {
      if (next < 0) {
        throw new EOFException("the connection ended in the middle of a line: " + line);
      }
      if (next != '\r') {
        line.write(next);
      }
    }
    return line.toString(StandardCharsets.UTF_8);
  }

  /** Names in lower case. */
  public record Head(int status, Map<String, String> headers) {}

  private static final class ChunkedBody extends InputStream {
    private final InputStream in;
    private long left;
    private boolean first = true;
    private boolean ended;

    ChunkedBody(InputStream in) {
      this.in = in;
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
      if (left == 0 && !ended) {
        nextChunk();
      }
      if (ended) {
        return -1;
      }
      int got = in.read(into, offset, (int) Math.min(length, left));
      if (got < 0) {
        throw new EOFException("the connection ended in the middle of a chunk");
      }
      left -= got;
      return got;
    }

    private void nextChunk() throws IOException {
      if (!first) {
        line(in);
      }
      first = false;
      left = Long.parseLong(line(in).split(";", -1)[0].trim(), 16);
      ended = left == 0;
    }
  }
}
