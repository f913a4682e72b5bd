package dev.runcast.http.realtime.sse;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * An HTTP/1.1 client that believes nothing: it reads heads and chunks byte by byte and fails at the
 * first that is not as RFC 9112 has it.
 */
public final class RawClient implements Closeable {
  private static final int PATIENCE_MILLIS = 20_000;

  /** One event as it stood in the stream. */
  public record Event(String name, String id, String data) {}

  public final Socket socket;
  private final InputStream in;
  private final ByteArrayOutputStream body = new ByteArrayOutputStream();
  private final List<String> comments = new ArrayList<>();
  private int status;
  private final Map<String, String> headers = new TreeMap<>();
  private boolean chunked;
  private boolean bodyEnded;

  public RawClient(Socket socket) throws IOException {
    this.socket = socket;
    socket.setSoTimeout(PATIENCE_MILLIS);
    this.in = new BufferedInputStream(socket.getInputStream());
  }

  public static RawClient connect(int port) throws IOException {
    return new RawClient(new Socket(InetAddress.getLoopbackAddress(), port));
  }

  /** Sends a GET with the secret key and reads the head of the answer. */
  public RawClient get(String path, String... headerLines) throws IOException {
    return send(
        "GET "
            + path
            + " HTTP/1.1\r\nhost: test\r\naccept: text/event-stream\r\nauthorization: Bearer "
            + FeedServer.SECRET
            + "\r\n"
            + lines(headerLines)
            + "\r\n");
  }

  public RawClient send(String request) throws IOException {
    write(request);
    return readHead();
  }

  public void write(String request) throws IOException {
    socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
  }

  private static String lines(String... headerLines) {
    StringBuilder text = new StringBuilder();
    for (String line : headerLines) {
      text.append(line).append("\r\n");
    }
    return text.toString();
  }

  public RawClient readHead() throws IOException {
    body.reset();
    bodyEnded = false;
    headers.clear();
    status = Integer.parseInt(line().split(" ", -1)[1]);
    for (String line = line(); !line.isEmpty(); line = line()) {
      int colon = line.indexOf(':');
      headers.put(
          line.substring(0, colon).toLowerCase(Locale.ROOT), line.substring(colon + 1).trim());
    }
    chunked = "chunked".equals(headers.get("transfer-encoding"));
    return this;
  }

  public int status() {
    return status;
  }

  public String header(String name) {
    return headers.get(name);
  }

  /** Comments that were seen before the events so far. */
  public List<String> comments() {
    return comments;
  }

  /** The next event; comments and retry hints before it are passed over. */
  public Event event() throws IOException {
    while (true) {
      String block = block();
      if (block.startsWith(":")) {
        comments.add(block);
      } else if (!block.startsWith("retry:")) {
        return parse(block);
      }
    }
  }

  /** The next block of the stream, whatever it is. */
  public String block() throws IOException {
    while (true) {
      int end = endOfBlock(body.toByteArray());
      if (end >= 0) {
        byte[] bytes = body.toByteArray();
        body.reset();
        body.write(bytes, end + 2, bytes.length - end - 2);
        return new String(bytes, 0, end, StandardCharsets.UTF_8);
      }
      if (!readMore()) {
        throw new EOFException("the body ended");
      }
    }
  }

  private static int endOfBlock(byte[] bytes) {
    for (int i = 0; i + 1 < bytes.length; i++) {
      if (bytes[i] == '\n' && bytes[i + 1] == '\n') {
        return i;
      }
    }
    return -1;
  }

  /** Events up to and with the first of this name. */
  public List<Event> until(String name) throws IOException {
    List<Event> events = new ArrayList<>();
    do {
      events.add(event());
    } while (!events.get(events.size() - 1).name().equals(name));
    return events;
  }

  /** Reads to the end of the body; for chunked ones that is the last chunk. */
  public String rest() throws IOException {
    while (readMore()) {
      // to the end
    }
    return body.toString(StandardCharsets.UTF_8);
  }

  public boolean isAtEndOfConnection() throws IOException {
    return in.read() < 0;
  }

  /** Whether the connection ends, in order or not, behind whatever is still to be read. */
  public boolean readsToTheEndOfTheConnection() throws SocketTimeoutException {
    try {
      in.transferTo(OutputStream.nullOutputStream());
      return true;
    } catch (SocketTimeoutException goesOn) {
      throw goesOn;
    } catch (IOException broken) {
      return true;
    }
  }

  private boolean readMore() throws IOException {
    if (bodyEnded) {
      return false;
    }
    if (chunked) {
      return readChunk();
    }
    String length = headers.get("content-length");
    byte[] bytes = length == null ? in.readNBytes(1) : in.readNBytes(Integer.parseInt(length));
    body.writeBytes(bytes);
    bodyEnded = length != null || bytes.length == 0;
    return bytes.length > 0;
  }

  private boolean readChunk() throws IOException {
    String size = line();
    if (!size.matches("[0-9a-fA-F]{1,8}")) {
      throw new IOException("not the size of a chunk: " + size);
    }
    int length = Integer.parseInt(size, 16);
    byte[] bytes = in.readNBytes(length);
    if (bytes.length < length) {
      throw new EOFException("the connection ended within a chunk");
    }
    String end = line();
    if (!end.isEmpty()) {
      throw new IOException("a chunk must end with CRLF");
    }
    body.writeBytes(bytes);
    bodyEnded = length == 0;
    return length > 0;
  }

  private String line() throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    for (int b = in.read(); b != '\n'; b = in.read()) {
      if (b < 0) {
        throw new EOFException("the connection ended within a line: " + line);
      }
      line.write(b);
    }
    String text = line.toString(StandardCharsets.ISO_8859_1);
    if (!text.endsWith("\r")) {
      throw new IOException("a line must end with CRLF: " + text);
    }
    return text.substring(0, text.length() - 1);
  }

  private static Event parse(String block) {
    String name = "message";
    String id = null;
    StringBuilder data = new StringBuilder();
    for (String line : block.split("\n", -1)) {
      if (line.startsWith("event: ")) {
        name = line.substring(7);
      } else if (line.startsWith("id: ")) {
        id = line.substring(4);
      } else if (line.startsWith("data: ")) {
        data.append(line.substring(6));
      } else {
        throw new IllegalStateException("not a line of an event: " + line);
      }
    }
    return new Event(name, id, data.toString());
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
