package dev.runcast.subscribe;

import dev.runcast.run.stream.StreamSegment;
import dev.runcast.store.feed.FeedReader.ChunkKey;
import dev.runcast.store.feed.FeedReader.Chunks;
import dev.runcast.wire.Frame;
import dev.runcast.wire.SharedFrame;
import java.util.List;

/**
 * The chunks of one read with the frames that tell them, made once for all who shared the read.
 * Owned by its event loop.
 */
final class ReadChunks {
  private final Chunks chunks;
  private final List<SharedFrame> frames;

  ReadChunks(Chunks chunks) {
    this.chunks = chunks;
    this.frames =
        chunks.segments().stream()
            .map(segment -> new SharedFrame(Frame.Chunk.of(segment)))
            .toList();
  }

  Chunks chunks() {
    return chunks;
  }

  /** One a segment, in order. */
  List<SharedFrame> frames() {
    return frames;
  }

  /** The place of a segment. */
  ChunkKey key(int index) {
    StreamSegment segment = chunks.segments().get(index);
    return new ChunkKey(segment.stream().run().value(), segment.stream().key(), segment.firstSeq());
  }
}
