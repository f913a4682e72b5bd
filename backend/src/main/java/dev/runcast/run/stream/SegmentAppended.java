package dev.runcast.run.stream;

import dev.runcast.run.place.Position;

/**
 * One write of one stream, as the log tells it.
 *
 * @param position where it stands in the log, among the changes of its transaction too
 */
public record SegmentAppended(Position position, StreamSegment segment) {}
