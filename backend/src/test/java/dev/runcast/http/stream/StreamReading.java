package dev.runcast.http.stream;

import dev.runcast.http.realtime.sse.RawClient;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.net.SocketException;
import java.util.ArrayList;
import java.util.List;

/** One reader of a stream, event by event. */
final class StreamReading implements Closeable {
  final RawClient client;
  String lastId;

  private StreamReading(RawClient client) {
    this.client = client;
  }

  static StreamReading of(StreamServer server, String path, String... headers) throws IOException {
    StreamReading reading = tried(server, path, headers);
    if (reading.client.status() != 200) {
      throw new AssertionError(reading.client.status() + " " + reading.client.rest());
    }
    return reading;
  }

  /** Whatever the answer. */
  static StreamReading tried(StreamServer server, String path, String... headers)
      throws IOException {
    return new StreamReading(RawClient.connect(server.port()).get(path, headers));
  }

  /** The data of the next event. */
  String next() throws IOException {
    while (true) {
      String block = client.block();
      if (!block.startsWith(":")) {
        int end = block.indexOf('\n');
        lastId = block.substring("id: ".length(), end);
        return block.substring(end + 1 + "data: ".length());
      }
    }
  }

  List<String> next(int count) throws IOException {
    List<String> chunks = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      chunks.add(next());
    }
    return chunks;
  }

  /** What comes until the stream ends in order. */
  List<String> toTheEnd() throws IOException {
    List<String> chunks = new ArrayList<>();
    for (String block : client.rest().split("\n\n", -1)) {
      if (!block.isEmpty() && !block.startsWith(":")) {
        chunks.add(block.substring(block.indexOf("\ndata: ") + "\ndata: ".length()));
      }
    }
    return chunks;
  }

  /** Whether it breaks off, rather than ends in order. */
  boolean breaksOff() throws IOException {
    try {
      client.rest();
      return false;
    } catch (EOFException | SocketException broken) {
      return true;
    }
  }

  @Override
  public void close() throws IOException {
    client.close();
  }
}
