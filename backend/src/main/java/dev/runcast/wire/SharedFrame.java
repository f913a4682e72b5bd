package dev.runcast.wire;

import dev.runcast.run.place.Cursor;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A frame and its bytes: the JSON is encoded once for each set of columns, and the whole event once
 * for each set of columns and cursor, since all settled subscribers of a change are given the same
 * cursor object. Confined to the event loop of the hub that made it; the buffers are never written
 * to again and may be shared by any number of sinks.
 */
public final class SharedFrame {
  /** Some frames live as long as their hub, and every client may skip what it likes. */
  private static final int MOST_ENCODINGS = 32;

  private final Frame frame;

  /** One for each set of columns that was asked for: a few at the most, so a list. */
  private final List<Encoded> encodings = new ArrayList<>(1);

  /** Null until a follower by long poll is told of it. */
  private @Nullable Map<ShapeForm, List<byte[]>> messages;

  public SharedFrame(Frame frame) {
    this.frame = frame;
  }

  public Frame frame() {
    return frame;
  }

  /** The complete text of its server-sent event. Do not modify. */
  public Buffer sse(Columns columns, @Nullable Cursor cursor) {
    return encoded(columns).sse(frame.event(), cursor);
  }

  /** The same under an id that only one subscriber has: its JSON is shared, the event is not. */
  public Buffer sseWithOwnId(Columns columns, String id) {
    return SseFraming.event(frame.event(), encoded(columns).json, id);
  }

  /** Its JSON alone, for who puts it into something of its own. Do not modify. */
  public byte[] json(Columns columns) {
    return encoded(columns).json;
  }

  /** What it tells, one message a run, for followers by long poll. Do not modify. */
  public List<byte[]> messages(ShapeForm form) {
    Map<ShapeForm, List<byte[]>> made = messages;
    if (made == null) {
      made = new HashMap<>(2);
      messages = made;
    }
    return made.computeIfAbsent(form, key -> ShapeJson.messages(frame, key));
  }

  /** Looks for the very object first: to compare sets of names for each delivery is dear. */
  @SuppressWarnings("ReferenceEquality") // a short cut only: equals decides where it finds nothing
  private Encoded encoded(Columns asked) {
    Columns columns = frame instanceof Frame.Chunk ? Columns.ALL : asked; // it holds no columns
    for (Encoded encoded : encodings) {
      if (encoded.columns == columns) {
        return encoded;
      }
    }
    for (Encoded encoded : encodings) {
      if (encoded.columns.equals(columns)) {
        return encoded;
      }
    }
    Encoded made = new Encoded(columns, FrameJson.encode(frame, columns));
    if (encodings.size() == MOST_ENCODINGS) {
      encodings.remove(0);
    }
    encodings.add(made);
    return made;
  }

  /** JSON bytes with the last event made of them: subscribers in turn ask for the same one. */
  private static final class Encoded {
    private final Columns columns;
    private final byte[] json;
    private @Nullable Cursor lastCursor;
    private @Nullable Buffer lastEvent;

    Encoded(Columns columns, byte[] json) {
      this.columns = columns;
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
