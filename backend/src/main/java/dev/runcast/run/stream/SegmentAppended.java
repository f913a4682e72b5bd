package dev.runcast.run.stream;

import dev.runcast.run.place.Position;

/**
 * One write of one stream, as the log tells it.
 *
 * @param position where it stands in the log, among the changes of its transaction too
 * @param xid the transaction that wrote it
 */
public record SegmentAppended(Position position, long xid, StreamSegment segment) {}
