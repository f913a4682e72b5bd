package dev.runcast.it.bench.clients;

import dev.runcast.it.bench.Pace;
import dev.runcast.it.bench.RowShape;
import dev.runcast.it.bench.Service;
import dev.runcast.it.bench.Tenant;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/**
 * Writes to a stream as the official clients do: one request that stays open, a line for each chunk
 * as soon as there is one. Each says when it was written.
 */
public final class ChunkWriter implements AutoCloseable {
  /** What stands before the time in each chunk. */
  public static final String STAMP = "\"at\":\"";

  private static final String PAD = "x".repeat(100);

  private final Socket socket;
  private final OutputStream out;

  public ChunkWriter(Service service, String run, String key) {
    try {
      socket = new Socket(InetAddress.getLoopbackAddress(), service.port());
      socket.setTcpNoDelay(true);
      out = socket.getOutputStream();
      write(
          """
          POST /realtime/v1/streams/%s/self/%s HTTP/1.1\r
          Host: 127.0.0.1\r
          Authorization: Bearer %s\r
          Content-Type: application/json\r
          X-Client-Id: bench\r
          Transfer-Encoding: chunked\r
          \r
          """
              .formatted(run, key, Tenant.SERVICE_KEY));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Writes for as long as the pace lasts. */
  void run(Pace pace) {
    pace.run(
        due -> {
          for (int i = 0; i < due; i++) {
            writeOne();
          }
        });
  }

  /** Writes one chunk, as of now. */
  public void writeOne() {
    String line = chunk() + "\n";
    write(Integer.toHexString(line.length()) + "\r\n" + line + "\r\n");
  }

  /** The text of a chunk that is written now. */
  public static String chunk() {
    return "{" + STAMP + RowShape.now() + "\",\"pad\":\"" + PAD + "\"}";
  }

  private void write(String text) {
    try {
      out.write(text.getBytes(StandardCharsets.US_ASCII));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Ends the stream; throws if the service did not take it. */
  @Override
  public void close() {
    try (socket) {
      write("0\r\n\r\n");
      byte[] answer = new byte[12];
      int length = socket.getInputStream().readNBytes(answer, 0, answer.length);
      String status = new String(answer, 0, length, StandardCharsets.US_ASCII);
      if (!status.equals("HTTP/1.1 200")) {
        throw new IllegalStateException("not accepted: " + status);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
