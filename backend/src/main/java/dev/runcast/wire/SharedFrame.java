package dev.runcast.wire;

import dev.runcast.run.Cursor;
import io.vertx.core.buffer.Buffer;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A frame and its bytes: the JSON is encoded once for each set of columns, and the whole event once
 * for each set of columns and cursor, since all settled subscribers of a change are given the same
 * cursor object. Confined to the event loop of the hub that made it; the buffers are never written
 * to again and may be shared by any number of sinks.
 */
public final class SharedFrame {
  private final Frame frame;
  private final Map<Columns, Encoded> encodings = new HashMap<>(2);

  public SharedFrame(Frame frame) {
    this.frame = frame;
  }

  public Frame frame() {
    return frame;
  }

  /** The complete text of its server-sent event. Do not modify. */
  public Buffer sse(Columns columns, @Nullable Cursor cursor) {
    Encoded encoded = encodings.computeIfAbsent(columns, this::encode);
    return encoded.sse(frame.event(), cursor);
  }

  /** The same under an id that only one subscriber has: its JSON is shared, the event is not. */
  public Buffer sseWithOwnId(Columns columns, String id) {
    Encoded encoded = encodings.computeIfAbsent(columns, this::encode);
    return SseFraming.event(frame.event(), encoded.json, id);
  }

  private Encoded encode(Columns columns) {
    return new Encoded(FrameJson.encode(frame, columns));
  }

  /** JSON bytes with the last event made of them: subscribers in turn ask for the same one. */
  private static final class Encoded {
    private final byte[] json;
    private @Nullable Cursor lastCursor;
    private @Nullable Buffer lastEvent;

    Encoded(byte[] json) {
      this.json = json;
    }

    @SuppressWarnings("ReferenceEquality") // the very object is what settled subscribers share
    Buffer sse(String event, @Nullable Cursor cursor) {
      Buffer cached = lastEvent;
      if (cached != null && cursor == lastCursor) {
        return cached;
      }
      Buffer made = SseFraming.event(event, json, cursor == null ? null : cursor.toString());
      lastCursor = cursor;
      lastEvent = made;
      return made;
    }
  }
}
