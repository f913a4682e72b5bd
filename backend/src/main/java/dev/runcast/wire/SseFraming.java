package dev.runcast.wire;

import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * The text of a server-sent event around a frame's JSON.
 *
 * @see <a href="https://html.spec.whatwg.org/multipage/server-sent-events.html">Server-sent
 *     events</a>
 */
final class SseFraming {
  private static final byte[] ID = ascii("id: ");
  private static final byte[] EVENT = ascii("event: ");
  private static final byte[] DATA = ascii("data: ");

  private SseFraming() {}

  /** One event. JSON as {@link FrameJson} writes it holds no raw line break, so one data line. */
  static Buffer event(String name, byte[] json, @Nullable String id) {
    Buffer text = Buffer.buffer(json.length + 96);
    if (id != null) {
      text.appendBytes(ID).appendString(id).appendByte((byte) '\n');
    }
    text.appendBytes(EVENT).appendString(name).appendByte((byte) '\n');
    return text.appendBytes(DATA).appendBytes(json).appendString("\n\n");
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
