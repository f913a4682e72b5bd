package dev.runcast.it.harness;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;

/** Bytes → frames. */
final class SseReader {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final InputStream in;
  private final Runnable onPing;

  /**
   * @param onPing called, on the reading thread, for every comment
   */
  SseReader(InputStream in, Runnable onPing) {
    this.in = in;
    this.onPing = onPing;
  }

  /**
   * The next frame; waits for it.
   *
   * @throws IOException at the end of the stream too: in the middle of an event or between two
   */
  Frame next() throws IOException {
    String name = "message";
    String id = "";
    StringBuilder data = null;
    while (true) {
      String line = RawHttp.line(in);
      if (line.isEmpty() && data != null) {
        return new Frame(name, id, JSON.readTree(data.toString()));
      } else if (line.startsWith(":")) {
        onPing.run();
      } else if (line.startsWith("event:")) {
        name = value(line);
      } else if (line.startsWith("id:")) {
        id = value(line);
      } else if (line.startsWith("data:")) {
        data = (data == null ? new StringBuilder() : data.append('\n')).append(value(line));
      }
    }
  }

  private static String value(String line) {
    String value = line.substring(line.indexOf(':') + 1);
    return value.startsWith(" ") ? value.substring(1) : value;
  }
}
