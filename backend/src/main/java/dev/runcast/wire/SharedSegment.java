package dev.runcast.wire;

import dev.runcast.run.stream.StreamSegment;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A segment of a stream and its chunks as server-sent events, made once however many readers there
 * are. The id of an event is {@code <milliseconds>-<number>} and, of what is sent in to a run, the
 * number alone. Its cache is confined to the event loop of the hub that made it.
 */
public final class SharedSegment {
  private final StreamSegment segment;
  private @Nullable Buffer whole;
  private final Map<Long, Buffer> parts = new HashMap<>(0);

  public SharedSegment(StreamSegment segment) {
    this.segment = segment;
  }

  public StreamSegment segment() {
    return segment;
  }

  /** The events of the chunks from this number on; not to be changed. */
  public Buffer sse(long from) {
    if (from > segment.firstSeq()) {
      return parts.computeIfAbsent(from, this::encode);
    }
    if (whole == null) {
      whole = encode(segment.firstSeq());
    }
    return whole;
  }

  private Buffer encode(long from) {
    String chunks = segment.chunks();
    String before = segment.stream().isInput() ? "id: " : "id: " + time() + "-";
    StringBuilder events = new StringBuilder(chunks.length() + segment.count() * 40);
    int at = 0;
    for (long seq = segment.firstSeq(); seq < segment.nextSeq(); seq++) {
      int end = chunks.indexOf('\n', at);
      int chunkEnd = end < 0 ? chunks.length() : end;
      if (seq >= from) {
        events.append(before).append(seq).append("\ndata: ");
        events.append(chunks, at, chunkEnd).append("\n\n");
      }
      at = Math.min(chunkEnd + 1, chunks.length());
    }
    return Buffer.buffer(events.toString().getBytes(StandardCharsets.UTF_8));
  }

  private long time() {
    return segment.appendedAt().toEpochMilli();
  }
}
