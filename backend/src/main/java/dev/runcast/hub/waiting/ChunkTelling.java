package dev.runcast.hub.waiting;

import dev.runcast.run.RunId;
import dev.runcast.run.place.Cursor;
import dev.runcast.run.place.Position;
import dev.runcast.run.stream.SegmentAppended;
import dev.runcast.run.stream.StreamKey;
import dev.runcast.wire.Frame;
import dev.runcast.wire.SharedFrame;

/**
 * Chunks on their way to the subscriptions of a hub: the frame that tells them, shared by all, and
 * the cursor of every subscriber that has nothing held back.
 */
public record ChunkTelling(SegmentAppended appended, SharedFrame frame, Cursor cursor) {

  /** Of a segment that holds chunks. */
  public static ChunkTelling of(SegmentAppended appended, Cursor cursor) {
    return new ChunkTelling(appended, new SharedFrame(Frame.Chunk.of(appended.segment())), cursor);
  }

  public StreamKey stream() {
    return appended.segment().stream();
  }

  public RunId run() {
    return stream().run();
  }

  public Position position() {
    return appended.position();
  }
}
