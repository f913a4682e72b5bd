package dev.runcast.it.bench.nchan;

import dev.runcast.it.bench.Pace;
import dev.runcast.it.bench.RowShape;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Instant;

/**
 * Publishes at a steady rate over one kept-alive connection, without waiting for the answers, which
 * another thread throws away.
 */
public final class NchanPublisher implements AutoCloseable {
  private static final int ANSWERS = 64 * 1024;

  private final Socket socket;
  private final Message message;
  private long published;

  /** What is published: the text of one message, with this time in it. */
  public interface Message {
    String text(Instant committedAt);
  }

  public NchanPublisher(int port, Message message) {
    this.message = message;
    try {
      socket = new Socket(InetAddress.getLoopbackAddress(), port);
      socket.setTcpNoDelay(true);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Thread answers = new Thread(this::discardAnswers, "nchan-answers");
    answers.setDaemon(true);
    answers.start();
  }

  /** Publishes to all feeds in turn for as long as the pace lasts; on the caller's thread. */
  public long run(Pace pace, int feeds) {
    long before = published;
    pace.run(count -> publish(count, feeds));
    return published - before;
  }

  private void publish(int count, int feeds) {
    try {
      OutputStream out = socket.getOutputStream();
      String now = message.text(RowShape.now());
      StringBuilder requests = new StringBuilder(count * (now.length() + 100));
      for (int i = 0; i < count; i++) {
        requests
            .append("POST /pub/f")
            .append(published++ % feeds)
            .append(" HTTP/1.1\r\nHost: 127.0.0.1\r\nX-EventSource-Event: run\r\nContent-Length: ")
            .append(now.length())
            .append("\r\n\r\n")
            .append(now);
      }
      out.write(requests.toString().getBytes(StandardCharsets.US_ASCII));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void discardAnswers() {
    byte[] buffer = new byte[ANSWERS];
    try {
      InputStream in = socket.getInputStream();
      int length = in.read(buffer);
      while (length >= 0) {
        length = in.read(buffer);
      }
    } catch (IOException closed) {
      // That is how it ends.
    }
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
